import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { type MailReceiver, readMail, startMailReceiver } from "../../src/live/live-mail.ts";

let receiver: MailReceiver | undefined;
afterEach(() => receiver?.stop());

/** Says the lines one after the other, each once the server has answered the one before. */
async function speak(port: number, lines: string[]): Promise<string[]> {
  const socket = connect(port, "127.0.0.1");
  const answers: string[] = [];
  socket.setEncoding("utf8").on("data", (text: string) => {
    answers.push(text.trim());
    const next = lines.shift();
    if (next !== undefined) socket.write(`${next}\r\n`);
  });
  await new Promise((resolve) => socket.on("close", resolve));
  return answers;
}

it("takes a mail and gives it on as it came, dots and all", async () => {
  const mails: string[] = [];
  receiver = await startMailReceiver((mail) => mails.push(mail));
  const answers = await speak(receiver.port, [
    "EHLO test",
    "MAIL FROM:<a@example.com>",
    "RCPT TO:<b@example.com>",
    "DATA",
    "Subject: hello\r\n\r\nfirst\r\n..second ünit\r\n.",
    "QUIT",
  ]);
  expect(answers.map((line) => line.slice(0, 3))).toEqual(["220", "250", "250", "250", "354", "250", "221"]);
  expect(mails).toEqual(["Subject: hello\n\nfirst\n.second ünit"]);
});

it("knows no other command, and goes on", async () => {
  receiver = await startMailReceiver(() => {});
  expect((await speak(receiver.port, ["VRFY root", "QUIT"])).map((line) => line.slice(0, 3))).toEqual([
    "220",
    "502",
    "221",
  ]);
});

it("frees its port although somebody is still connected", async () => {
  receiver = await startMailReceiver(() => {});
  const socket = connect(receiver.port, "127.0.0.1").on("error", () => {});
  await wait(50);
  await receiver.stop();
  socket.destroy();
  receiver = undefined;
});

it("reads folded and encoded headers and every part of a mail", () => {
  const mail = [
    "Subject: =?utf-8?q?[CRITICAL]_caf=C3=A9?=",
    'Content-Type: multipart/alternative;\n boundary="x"',
    "",
    "--x",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "one=20caf=C3=A9, a li=",
    "ne",
    "--x",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from("two").toString("base64"),
    "--x--",
  ].join("\n");
  expect(readMail(mail)).toEqual({ subject: "[CRITICAL] café", text: "one café, a line\ntwo" });
});
