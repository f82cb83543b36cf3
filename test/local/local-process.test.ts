import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isFree, lastLines, runningIn, startDetached, stopIn, whoListens } from "../../src/local/local-process.ts";
import { freePort } from "../../src/local/real-servers.ts";
import { isAlive } from "../processes.ts";

const started: string[] = [];
afterEach(async () => {
  for (const folder of started.splice(0)) await stopIn(folder);
});

async function start(program: string, ...more: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "firedrill-process-"));
  started.push(folder);
  const args = ["-e", program, ...more];
  const pid = await startDetached(folder, { command: process.execPath, args, ports: [], configuration: "1" });
  return { folder, pid };
}

const sleep = "setInterval(() => {}, 1000)";

describe("a process that outlives us", () => {
  it("is found again, and ended", async () => {
    const { folder, pid } = await start(sleep);
    expect(runningIn(folder)).toMatchObject({ pid, configuration: "1" });
    expect(await stopIn(folder)).toBe(pid);
    expect(isAlive(pid)).toBe(false);
    expect(runningIn(folder)).toBeUndefined();
  });

  it("is ended although it ignores the polite signal", { timeout: 30_000 }, async () => {
    const { folder, pid } = await start(`process.on("SIGTERM", () => console.log("no")); console.log("up"); ${sleep}`);
    await expect.poll(() => lastLines(folder)).toContain("up");
    await stopIn(folder);
    // Killed, it may take the system a moment to take it off its list.
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("goes on when the one that started it ends, and holds nothing of it open", async () => {
    const folder = mkdtempSync(join(tmpdir(), "firedrill-process-"));
    started.push(folder);
    const starter = `
      import { startDetached } from ${JSON.stringify(new URL("../../src/local/local-process.ts", import.meta.url).href)};
      const what = { command: process.execPath, args: ["-e", ${JSON.stringify(sleep)}], ports: [], configuration: "1" };
      await startDetached(${JSON.stringify(folder)}, what);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", starter]);
    // "close" comes when everybody has closed the pipes, also those that inherited them.
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(0);
    expect(isAlive(runningIn(folder)?.pid ?? -1)).toBe(true);
  });

  it("is not taken for another that has its process id now", async () => {
    const { folder } = await start(sleep);
    const file = join(folder, "process.json");
    const record = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...record, pid: process.pid }));
    expect(runningIn(folder)).toBeUndefined();
    expect(await stopIn(folder)).toBeUndefined();
    process.kill(record.pid, "SIGKILL");
  });

  it("is not there when its record is damaged or absent", () => {
    const folder = mkdtempSync(join(tmpdir(), "firedrill-process-"));
    expect(runningIn(folder)).toBeUndefined();
    writeFileSync(join(folder, "process.json"), '{"pid": ');
    expect(runningIn(folder)).toBeUndefined();
  });

  it("says why it could not be started", async () => {
    const folder = mkdtempSync(join(tmpdir(), "firedrill-process-"));
    const what = { command: "/no/such/program", args: [], ports: [], configuration: "1" };
    await expect(startDetached(folder, what)).rejects.toThrow("ENOENT");
  });

  it("keeps what it printed", async () => {
    const { folder } = await start("console.log('one\\ntwo'); console.error('three')");
    await expect.poll(() => lastLines(folder, 2)).toBe("  two\n  three");
  });
});

it("sees whether a port is taken, and by whom where the system tells", async ({ skip }) => {
  const port = await freePort();
  expect(await isFree(port)).toBe(true);
  const server = createServer().listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  expect(await isFree(port)).toBe(false);
  const who = whoListens(port);
  server.close();
  skip(who === undefined, "not run: neither lsof nor ss is installed");
  expect(who).toContain(`(pid ${process.pid})`);
});
