import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** What is remembered of a process that outlives us, in `process.json` of its folder. */
export interface ProcessRecord {
  pid: number;
  /** When it was started and with which command line: a pid alone may be somebody else's by now. */
  identity: string;
  command: string;
  args: readonly string[];
  ports: readonly number[];
  /** Hash of the configuration that it was started with or last reloaded. */
  configuration: string;
}

const recordFile = (folder: string): string => join(folder, "process.json");
export const logFile = (folder: string): string => join(folder, "output.log");

/** The process that was started in the folder, if it still runs and still is that process. */
export function runningIn(folder: string): ProcessRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordFile(folder), "utf8")) as ProcessRecord;
    return identityOf(record.pid) === record.identity ? record : undefined;
  } catch {
    return undefined;
  }
}

export function remember(folder: string, record: ProcessRecord): void {
  writeFileSync(recordFile(folder), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * Starts a program that goes on when this process ends: a group of its own, its output in a file, so that whoever
 * waits for us does not wait for it.
 *
 * @throws Error when the program cannot be started
 */
export async function startDetached(folder: string, what: Omit<ProcessRecord, "pid" | "identity">): Promise<number> {
  const log = openSync(logFile(folder), "w");
  try {
    const child = spawn(what.command, what.args, { cwd: folder, detached: true, stdio: ["ignore", log, log] });
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    const pid = child.pid as number;
    child.unref();
    remember(folder, { ...what, pid, identity: identityOf(pid) ?? "" });
    return pid;
  } finally {
    closeSync(log);
  }
}

const stopGraceMs = 10_000;

/** Ends the process of the folder, if it still is that process: SIGTERM, and SIGKILL when it is still there after 10 s. */
export async function stopIn(folder: string): Promise<number | undefined> {
  const record = runningIn(folder);
  if (record) {
    process.kill(record.pid, "SIGTERM");
    const deadline = Date.now() + stopGraceMs;
    while (runningIn(folder) && Date.now() < deadline) await wait(50);
    if (runningIn(folder)) process.kill(record.pid, "SIGKILL");
    while (runningIn(folder)) await wait(50);
  }
  rmSync(recordFile(folder), { force: true });
  return record?.pid;
}

/** Start time and command line of a process: Linux tells them in files, other systems through `ps`. */
function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the name in brackets, may hold anything; state and start time are fields 3 and 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : `${fields[19]} ${readFileSync(`/proc/${pid}/cmdline`, "utf8")}`;
  } catch {
    const { stdout, status } = spawnSync("ps", ["-o", "lstart=,args=", "-p", `${pid}`], { encoding: "utf8" });
    return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
  }
}

/** The last lines that the process of the folder printed, indented. */
export function lastLines(folder: string, lines = 15): string {
  try {
    const text = readFileSync(logFile(folder), "utf8").trimEnd();
    return text.split("\n").slice(-lines).join("\n").replace(/^/gm, "  ");
  } catch {
    return "";
  }
}

/** Whether nobody listens on the port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Programs that know who listens, and how each says it. */
const listeners: readonly [command: string, args: (port: number) => string[], answer: RegExp][] = [
  ["lsof", (port) => ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], /p(?<pid>\d+)\nc(?<name>.*)/],
  ["ss", (port) => ["-Hltnp", `sport = :${port}`], /\("(?<name>[^"]+)",pid=(?<pid>\d+)/],
];

/** `prometheus (pid 4711)`, or `undefined` where this system does not tell. */
export function whoListens(port: number): string | undefined {
  for (const [command, args, answer] of listeners) {
    const { stdout } = spawnSync(command, args(port), { encoding: "utf8", timeout: 5_000 });
    const found = answer.exec(stdout ?? "")?.groups;
    if (found) return `${found.name} (pid ${found.pid})`;
  }
  return undefined;
}
