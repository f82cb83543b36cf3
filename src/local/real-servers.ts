import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { accessSync, appendFileSync, constants, statSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { connect, createServer } from "node:net";
import { constants as osConstants } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pinnedTools, type Tool, type ToolName } from "../../tools/pinned.ts";

export type { ToolName } from "../../tools/pinned.ts";

const toolsFolder = fileURLToPath(new URL("../../.tools", import.meta.url));

/** Where `npm run tools` puts a tool; what is on PATH stays where it is. */
export function ownPath(name: ToolName): string {
  return name === "example-python" ? join(toolsFolder, "python", "bin", "python3") : join(toolsFolder, "bin", name);
}

export interface FoundTool {
  path: string;
  version: string;
}

/**
 * The program to use for a tool: ours in `.tools`, else from PATH. One that is older than the pinned major.minor
 * version, or does not run, is passed over; `undefined` when none is left (`npm run tools` provides it).
 */
export function findTool(name: ToolName): FoundTool | undefined {
  for (const found of installedTools(name)) {
    if (isAtLeast(found.version, pinnedTools[name].version)) return found;
  }
  return undefined;
}

/** Every installed program for a tool that runs, however old: ours first, then PATH in its order. */
export function* installedTools(name: ToolName): Generator<FoundTool, void> {
  const { nameOnPath }: Tool = pinnedTools[name];
  const folders = nameOnPath ? (process.env.PATH ?? "").split(delimiter).filter(Boolean) : [];
  for (const path of [ownPath(name), ...folders.map((folder) => join(folder, nameOnPath ?? ""))]) {
    const version = versionOf(name, path);
    if (version) yield { path, version };
  }
}

/** The version that a program prints, e.g. `3.15.0`; `undefined` when it is absent, does not run or prints none. */
export function versionOf(name: ToolName, path: string): string | undefined {
  if (!isProgram(path)) return undefined;
  const { versionArguments } = pinnedTools[name];
  const { status, stdout, stderr } = spawnSync(path, versionArguments, { encoding: "utf8", timeout: 20_000 });
  return status === 0 ? /\d+\.\d+(\.\d+)?/.exec(`${stdout}\n${stderr}`)?.[0] : undefined;
}

/** True when `version` is `least` or newer, by major and minor alone: the patch is the user's choice. */
export function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const givenPorts = new Set<number>();

/** A TCP port on 127.0.0.1 that is free now and was not given out before by this process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const server = createServer().once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
      });
    });
    if (givenPorts.has(port)) continue;
    givenPorts.add(port);
    return port;
  }
}

export interface ServerOptions {
  /** What messages call it, e.g. `Prometheus`. */
  name: string;
  command: string;
  args: readonly string[];
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Readonly<Record<string, string>>;
  /** An `http:` address that answers 2xx once the server is ready. */
  readyUrl: string;
  readyTimeoutMs: number;
  /** Gets a copy of everything the server prints; an older file of that name is emptied first. */
  logFile?: string;
}

export interface RunningServer {
  readonly pid: number;
  /** Ends it: SIGTERM, and SIGKILL when it is still there 5 s later. Settles once it is gone. */
  stop(): Promise<void>;
  /** What it printed so far, both streams; of very much only the last million characters. */
  output(): string;
}

const stopGraceMs = 5_000;
const pollIntervalMs = 100;
const keptOutputLength = 1_000_000;
const shownLines = 20;

/**
 * Starts a server and waits until `readyUrl` answers. Whatever ends this process (its own end, Ctrl-C, SIGTERM,
 * SIGHUP; not SIGKILL, which nobody can catch) ends the server too.
 *
 * @throws when the address is already taken, the command cannot be started, or the server ends or is not ready in
 *   time: an Error with the last lines it printed. It is no longer running then.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { name, readyUrl, readyTimeoutMs } = options;
  endAllWithThisProcess();
  if (await accepts(readyUrl)) {
    throw new Error(`${name} was not started: another process already listens at ${new URL(readyUrl).host}.`);
  }
  if (ending) return new Promise(() => {}); // this process is about to exit: start nothing, disturb nobody

  const server = new Server(options);
  const deadline = Date.now() + readyTimeoutMs;
  let isReady = false;
  while (!isReady && server.isRunning && Date.now() < deadline) {
    isReady = await answers(readyUrl);
    if (!isReady) await wait(pollIntervalMs);
  }
  if (ending) return new Promise(() => {});
  if (isReady && server.isRunning) return server;

  const why = server.end ?? `did not answer at ${readyUrl} within ${readyTimeoutMs / 1000} s`;
  await server.stop();
  throw new Error(`${name} ${why}. ${server.lastLines()}`);
}

const running = new Set<Server>();

class Server implements RunningServer {
  readonly pid: number;
  /** How it ended, as the rest of a sentence; `undefined` while it runs. */
  end: string | undefined;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #closed: Promise<void>;
  #output = "";

  constructor({ command, args, cwd, env, logFile }: ServerOptions) {
    if (logFile) writeFileSync(logFile, "");
    this.#child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    this.pid = this.#child.pid ?? -1;
    running.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-keptOutputLength);
        if (logFile) appendFileSync(logFile, text);
      });
    }
    this.#ended = new Promise((resolve) => {
      const ended = (how: string) => {
        this.end = how;
        running.delete(this);
        resolve();
      };
      this.#child.on("error", ({ message }) => {
        if (this.#child.pid === undefined) ended(`could not be started: ${message}`);
      });
      this.#child.once("exit", (code, signal) =>
        ended(signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
      );
    });
    this.#closed = new Promise((resolve) => this.#child.once("close", () => resolve()));
  }

  get isRunning(): boolean {
    return this.end === undefined;
  }

  async stop(): Promise<void> {
    if (this.isRunning) {
      this.#child.kill("SIGTERM");
      const timer = setTimeout(() => this.kill(), stopGraceMs);
      await this.#ended;
      clearTimeout(timer);
    }
    // Its last words may still be in the pipes; a grandchild that holds them open must not hold us up.
    await Promise.race([this.#closed, wait(200)]);
  }

  kill(): void {
    if (this.isRunning) this.#child.kill("SIGKILL");
  }

  output(): string {
    return this.#output;
  }

  lastLines(): string {
    const lines = this.#output.trimEnd().split("\n").slice(-shownLines);
    return lines.join("")
      ? `The last it printed:\n${lines.map((line) => `  ${line}`).join("\n")}`
      : "It printed nothing.";
  }
}

let ending: { atMs: number } | undefined;
let isGuarded = false;

/** Once per process, and only when a server is started: importing this module must not change how Ctrl-C works. */
function endAllWithThisProcess(): void {
  if (isGuarded) return;
  isGuarded = true;
  process.on("exit", () => {
    for (const server of running) server.kill(); // no time left to ask politely
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, async () => {
      const exitCode = 128 + osConstants.signals[signal];
      // Asked again by somebody who is tired of waiting: at once. (npm passes on the Ctrl-C that we got already.)
      if (ending && Date.now() - ending.atMs > 1_000) process.exit(exitCode);
      if (ending) return;
      ending = { atMs: Date.now() };
      await Promise.all([...running].map((server) => server.stop()));
      process.exit(exitCode);
    });
  }
}

/** Whether the address answers 2xx. Each time a connection of its own, so that none keeps this process alive. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 1_000 }, (response) => {
      response.resume();
      resolve(Math.floor((response.statusCode ?? 0) / 100) === 2);
    });
    request.on("timeout", () => request.destroy()).on("error", () => resolve(false));
  });
}

/** Whether anything listens at the address's host and port. */
function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 80) });
    const settle = (isTaken: boolean) => {
      socket.destroy();
      resolve(isTaken);
    };
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
  });
}
