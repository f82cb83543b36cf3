import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { maximumMegabytes, readText } from "../../src/promtool/read-text.ts";

const folder = mkdtempSync(join(tmpdir(), "firedrill-read-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

it.each<[string, (path: string) => unknown, string]>([
  ["nothing", () => {}, "does not exist"],
  ["a folder", (path) => mkdirSync(path), "is a folder, not a file"],
  ["a link to itself", (path) => symlinkSync(path, path), "is a link that leads back to itself"],
  ["a link to nowhere", (path) => symlinkSync(at("nowhere"), path), "does not exist"],
  ["a device without an end", (path) => symlinkSync("/dev/zero", path), "is a device, not a file"],
  ["a pipe that nobody writes into", (path) => execFileSync("mkfifo", [path]), "is a pipe, not a file"],
  ["a file below a file", (path) => writeFileSync(path, ""), "does not exist"],
  [
    "a file of 200 MB",
    (path) => {
      writeFileSync(path, "");
      truncateSync(path, 200_000_000);
    },
    `has 200 MB; at most ${maximumMegabytes} MB are read`,
  ],
  ["bytes that are no text", (path) => writeFileSync(path, Buffer.from([0x61, 0x0a, 0xff])), "line 2 has bytes that"],
  ["a control character", (path) => writeFileSync(path, "a\nb\u001b[31m"), "line 2 has the control character U+001B"],
  ["UTF-16 without a mark", (path) => writeFileSync(path, Buffer.from("tests", "utf16le")), "it may be UTF-16"],
])("%s is told, without waiting for it", (name, make, fault) => {
  const path = at(name.replaceAll(" ", "-"));
  make(path);
  expect(readText(name === "a file below a file" ? join(path, "below") : path).fault).toContain(fault);
});

it("a socket is told", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at("socket"), resolve));
  expect(readText(at("socket")).fault).toContain("is a socket");
  server.close();
});

it.each(["tests: []\r\n", "\ttab \u0085 \u00a0 🔥 \ufffd\n", ""])("reads every text that YAML admits: %j", (text) => {
  writeFileSync(at("text"), text);
  expect(readText(at("text"))).toEqual({ text });
});
