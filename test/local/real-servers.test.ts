import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import {
  findTool,
  freePort,
  installedTools,
  isAtLeast,
  ownPath,
  startServer,
  versionOf,
} from "../../src/local/real-servers.ts";
import { pinnedTools, type Tool, type ToolName } from "../../tools/pinned.ts";
import { isAlive, writtenPid } from "../processes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "firedrill-servers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const goTools = Object.entries(pinnedTools as Record<string, Tool>).flatMap(([name, { version, build }]) =>
  build ? [{ name: name as ToolName, version, build }] : [],
);

/** A small HTTP server; `first` runs before it listens. */
const server = (port: number, first = "") => ({
  command: process.execPath,
  args: [
    "-e",
    `${first}; require("node:http").createServer((_, answer) => answer.end("ok")).listen(${port}, "127.0.0.1")`,
  ],
  readyUrl: `http://127.0.0.1:${port}/ready`,
  readyTimeoutMs: 20_000,
});

describe("findTool", () => {
  afterEach(() => vi.unstubAllEnvs());

  const fakeProgram = (name: string, text: string) => {
    const bin = mkdtempSync(join(folder, "bin-"));
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
    return bin;
  };

  test("passes over what is too old, broken or not a program, and takes the next on PATH", () => {
    const old = fakeProgram("terraform", "echo Terraform v0.15.5");
    const broken = fakeProgram("terraform", "echo Terraform v1.9.0; exit 1");
    const notAProgram = mkdtempSync(join(folder, "bin-"));
    mkdirSync(join(notAProgram, "terraform"));
    const good = fakeProgram("terraform", "echo Terraform v1.9.3");
    vi.stubEnv("PATH", [old, broken, notAProgram, good, "/bin", "/usr/bin"].join(delimiter));

    expect(findTool("terraform")).toEqual({ path: join(good, "terraform"), version: "1.9.3" });
    expect([...installedTools("terraform")].map(({ version }) => version).slice(0, 2)).toEqual(["0.15.5", "1.9.3"]);
  });

  test("finds nothing on an empty PATH, except what is ours", () => {
    vi.stubEnv("PATH", "");
    expect(findTool("terraform")).toBeUndefined();
    expect([...installedTools("go")]).toEqual([]);
  });

  test.each([
    ["3.15.0", "3.15.2", true],
    ["3.16", "3.15.2", true],
    ["4.0.1", "3.15.0", true],
    ["3.9.9", "3.15.0", false],
    ["2.42.0", "3.15.0", false],
    ["0.31.0", "0.31.1", true],
  ])("%s for the pinned %s: %s", (version, least, enough) => {
    expect(isAtLeast(version, least)).toBe(enough);
  });
});

describe("pinned tools", () => {
  test.each(goTools)("$name has the version that its go.mod pins", ({ version, build }) => {
    const goMod = readFileSync(join(root, "tools", build.folder, "go.mod"), "utf8");
    const program = build.package ?? "go.opentelemetry.io/collector/cmd/builder";
    const pinned = [...goMod.matchAll(/(\S+\.\S+) v(\S+)/g)].find(([, module]) =>
      `${program}/`.startsWith(`${module}/`),
    );
    // Prometheus counts its Go module as v0.315.0 where the program is 3.15.0.
    const programVersion = build.folder === "prometheus" ? "$1.$2." : "$&";
    expect(pinned?.[2]?.replace(/^0\.(\d)(\d\d)\./, programVersion)).toBe(version);
  });

  test("the collector's parts have the versions that its go.mod pins", () => {
    const goMod = readFileSync(join(root, "tools/otelcol/go.mod"), "utf8");
    const parts = [...readFileSync(join(root, "tools/otelcol/builder-config.yaml"), "utf8").matchAll(/gomod: (.+)/g)];
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.map(([, part]) => part).filter((part) => !goMod.includes(`\t${part}\n`))).toEqual([]);
  });

  test.for(goTools)("$name in .tools/bin runs and says its version", ({ name, version }, { skip }) => {
    const found = versionOf(name, ownPath(name));
    skip(!found, `not run: ${name} is not in .tools/bin`);
    expect(found).toBe(version);
  });
});

describe.concurrent("startServer", () => {
  test("waits until the server answers, keeps its output, and ends it", async () => {
    const logFile = join(folder, "slow.log");
    const port = await freePort();
    const slow = server(
      port,
      "console.log(process.env.GREETING); const until = Date.now() + 700; while (Date.now() < until);",
    );
    const started = await startServer({ name: "slow", ...slow, env: { GREETING: "hello" }, logFile });

    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("ok");
    expect(started.output()).toBe("hello\n");
    await Promise.all([started.stop(), started.stop()]);
    expect(isAlive(started.pid)).toBe(false);
    expect(readFileSync(logFile, "utf8")).toBe("hello\n");
  });

  test("ends one that ignores SIGTERM, after 5 s", async () => {
    const stubborn = await startServer({
      name: "stubborn",
      ...server(await freePort(), `process.on("SIGTERM", () => console.log("no"))`),
    });
    const startedMs = Date.now();
    await stubborn.stop();
    expect(isAlive(stubborn.pid)).toBe(false);
    expect(stubborn.output()).toBe("no\n");
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(4_900);
  });

  test("one that dies at start is an error with its exit code and last lines", async () => {
    const lines = `for (let i = 1; i <= 30; i++) console.log("line " + i); console.error("no such volume"); process.exit(7)`;
    const error = await startServer({ name: "Loki", ...server(await freePort(), lines) }).catch(
      (e: Error) => e.message,
    );
    expect(error).toMatch(/^Loki ended with exit code 7\. The last it printed:\n {2}line 12\n/);
    expect(error).toMatch(/\n {2}line 30\n {2}no such volume$/);
  });

  test("one that never gets ready is an error, and is ended", async () => {
    const mute = { ...server(await freePort(), "console.log(process.pid); while (true);"), readyTimeoutMs: 1_500 };
    const error = await startServer({ name: "mute", ...mute }).catch((e: Error) => e.message);
    expect(error).toMatch(
      /^mute did not answer at http:\/\/127\.0\.0\.1:\d+\/ready within 1\.5 s\. The last it printed:\n {2}\d+$/,
    );
    expect(isAlive(Number(/\d+$/.exec(String(error))?.[0]))).toBe(false);
  });

  test("a command that does not exist is an error", async () => {
    const absent = { ...server(await freePort()), command: join(folder, "absent") };
    await expect(startServer({ name: "absent", ...absent })).rejects.toThrow(/^absent could not be started: .*ENOENT/);
  });

  test("an address that somebody else answers at is an error, not a success", async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    await expect(startServer({ name: "Prometheus", ...server(port) })).rejects.toThrow(
      `Prometheus was not started: another process already listens at 127.0.0.1:${port}.`,
    );
    other.close();
  });

  /** A process of its own that starts the servers, prints their ids and then does `last`. */
  async function parentOf(servers: object[], last: string) {
    const file = join(folder, `parent-${await freePort()}.mts`);
    const code = `
      import { startServer } from ${JSON.stringify(pathToFileURL(join(root, "src/local/real-servers.ts")).href)};
      const started = [];
      for (const options of ${JSON.stringify(servers)}) started.push(await startServer({ name: "one", ...options }));
      console.log(started.map(({ pid }) => pid).join(" "));
      ${last}`;
    writeFileSync(file, code);
    const parent = spawn(process.execPath, ["--import", "tsx", file], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise<number | null>((resolve) => parent.once("exit", resolve));
    return { parent, ended };
  }

  /** The same with two servers, one of which ignores SIGTERM, once both are ready. */
  async function parentOfTwo(last: string) {
    const stubborn = server(await freePort(), `process.on("SIGTERM", () => {})`);
    const { parent, ended } = await parentOf([server(await freePort()), stubborn], last);
    const pids = await new Promise<number[]>((resolve) =>
      parent.stdout.once("data", (text) => resolve(String(text).split(" ").map(Number))),
    );
    return { parent, ended, pids };
  }

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s to this process ends every server and then it, with exit code %i", async (signal, exitCode) => {
    const { parent, ended, pids } = await parentOfTwo("setInterval(() => {}, 1000);");
    expect(pids.map(isAlive)).toEqual([true, true]);
    const askedMs = Date.now();
    parent.kill(signal);
    setTimeout(() => parent.kill(signal), 50); // npm passes on a Ctrl-C that we got already: still an orderly end
    expect(await ended).toBe(exitCode);
    expect(Date.now() - askedMs).toBeGreaterThanOrEqual(4_900);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  test("Ctrl-C while a server is starting ends it and starts no other", async () => {
    const pidFile = join(folder, "starting.pid");
    const unready = server(
      await freePort(),
      `require("node:fs").writeFileSync("${pidFile}", "" + process.pid); while (true)`,
    );
    const stubborn = server(await freePort(), `process.on("SIGTERM", () => {})`); // the other ends long before it does
    const { parent, ended } = await parentOf([stubborn, unready], "");
    const pid = await vi.waitFor(() => writtenPid(pidFile), { timeout: 10_000 });
    parent.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(isAlive(pid)).toBe(false);
  });

  test.each([
    ["process.exit(4)", 4],
    ["Promise.reject(new Error('a fault, thrown on purpose'))", 1],
    ["setTimeout(() => process.kill(process.pid, 'SIGINT'), 1500); process.kill(process.pid, 'SIGINT')", 130],
  ])("%s leaves no server behind", async (last, exitCode) => {
    const { ended, pids } = await parentOfTwo(last);
    expect(await ended).toBe(exitCode);
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), { timeout: 2_000 });
  });
});

test("freePort gives ports that can be listened on, none twice", async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
  const listening = createServer();
  await new Promise<void>((resolve) => listening.listen(ports[0], "127.0.0.1", resolve));
  listening.close();
});
