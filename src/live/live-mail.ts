import { type AddressInfo, createServer, type Socket } from "node:net";

export interface MailReceiver {
  port: number;
  stop(): Promise<void>;
}

/**
 * Receives mail on a free port of 127.0.0.1 and gives every message, as it came, to `onMail`. Speaks as much SMTP as a
 * mail needs (RFC 5321): no encryption, no login, nothing is passed on.
 */
export async function startMailReceiver(onMail: (mail: string) => void): Promise<MailReceiver> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    converse(socket, onMail);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const replies: Readonly<Record<string, string>> = {
  EHLO: "250 firedrill",
  HELO: "250 firedrill",
  MAIL: "250 OK",
  RCPT: "250 OK",
  NOOP: "250 OK",
  RSET: "250 OK",
  DATA: "354 end with a line of one dot",
  QUIT: "221 bye",
};

function converse(socket: Socket, onMail: (mail: string) => void): void {
  const reply = (text: string) => socket.write(`${text}\r\n`);
  let rest = "";
  let mail: string[] | undefined;
  reply("220 firedrill");
  socket.setEncoding("latin1").on("data", (text: string) => {
    const lines = (rest + text).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (mail && line !== ".") {
        mail.push(line.startsWith(".") ? line.slice(1) : line);
      } else if (mail) {
        onMail(Buffer.from(mail.join("\n"), "latin1").toString("utf8"));
        mail = undefined;
        reply("250 OK");
      } else {
        const command = line.slice(0, 4).toUpperCase();
        reply(replies[command] ?? "502 not known here");
        if (command === "DATA") mail = [];
        if (command === "QUIT") socket.end();
      }
    }
  });
}

/** Subject and text of a mail, every part of it decoded and put one after the other. */
export function readMail(mail: string): { subject: string; text: string } {
  const { headers, body } = split(mail);
  return { subject: decodeWords(headers.get("subject") ?? ""), text: partText(headers, body) };
}

function split(part: string): { headers: Map<string, string>; body: string } {
  const end = part.indexOf("\n\n");
  const head = end < 0 ? part : part.slice(0, end);
  const headers = new Map(
    head
      .replace(/\n[ \t]+/g, " ")
      .split("\n")
      .map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
  return { headers, body: end < 0 ? "" : part.slice(end + 2) };
}

function partText(headers: Map<string, string>, body: string): string {
  const boundary = /boundary="?([^";]+)"?/i.exec(headers.get("content-type") ?? "")?.[1];
  if (boundary !== undefined) {
    const parts = `\n${body}`.split(`\n--${boundary}`).slice(1, -1);
    return parts
      .map((part) => split(part.replace(/^\n/, "")))
      .map((part) => partText(part.headers, part.body))
      .join("\n");
  }
  const encoding = headers.get("content-transfer-encoding")?.toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  return encoding === "quoted-printable" ? decodeQuotedPrintable(body) : body;
}

/** RFC 2045, 6.7: `=` at the end of a line joins it to the next, `=C3` is a byte. */
function decodeQuotedPrintable(text: string): string {
  const bytes = text
    .replace(/=\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** RFC 2047: `=?utf-8?q?…?=` and `=?utf-8?b?…?=` in a header. */
const decodeWords = (text: string): string =>
  text.replace(/=\?utf-8\?([qb])\?([^?]*)\?=\s?/gi, (_, encoding: string, word: string) =>
    encoding.toLowerCase() === "b"
      ? Buffer.from(word, "base64").toString("utf8")
      : decodeQuotedPrintable(word.replaceAll("_", " ")),
  );
