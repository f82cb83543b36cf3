import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { findTool, installedTools, isAtLeast, ownPath, type ToolName, versionOf } from "../src/local/real-servers.ts";
import { type GoBuild, pinnedTools, type Tool } from "./pinned.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What came of one tool. `missing`: it was not tried, because what builds it is not there. */
export interface Outcome {
  tool: ToolName;
  state: "on PATH" | "up to date" | "built" | "failed" | "missing" | "skipped";
  version?: string;
  seconds?: number;
  /** Where it is, or why it is not there. */
  note: string;
}

type Say = (line: string) => void;

/** The tools that can be provided, in the order in which that is done. */
export const providedTools: readonly ToolName[] = [
  ...(Object.keys(pinnedTools) as ToolName[]).filter((name) => goBuildOf(name)),
  "example-python",
];

/** Provides one of `providedTools`; `say` gets the progress lines. Never throws for a build that fails. */
export function provideTool(name: ToolName, say: Say): Promise<Outcome> {
  const build = goBuildOf(name);
  return build ? provideGoTool(name, build, say) : provideExamplePython(say);
}

function goBuildOf(name: ToolName): GoBuild | undefined {
  const tool: Tool = pinnedTools[name];
  return tool.build;
}

/** PATH first, then what was built before, then a build. */
async function provideGoTool(name: ToolName, build: GoBuild, say: Say): Promise<Outcome> {
  const { version: pinned } = pinnedTools[name];
  const binary = ownPath(name);
  const elsewhere = [...installedTools(name)].filter(({ path }) => path !== binary);
  const usable = elsewhere.find(({ version }) => isAtLeast(version, pinned));
  if (usable) return { tool: name, state: "on PATH", version: usable.version, note: usable.path };
  for (const { path, version } of elsewhere) say(`${name}: ${path} is ${version}, older than ${pinned}: passed over`);

  const ldflags = ["-s -w", build.versionVariable && `-X ${build.versionVariable}=${pinned}`].filter(Boolean).join(" ");
  const flags = ["-trimpath", "-buildvcs=false", `-ldflags=${ldflags}`];
  const stamp = stampOf(join("tools", build.folder), ["go.mod", "go.sum", "builder-config.yaml"], flags);
  if (readText(`${binary}.stamp`) === stamp && versionOf(name, binary) === pinned) {
    return { tool: name, state: "up to date", version: pinned, note: relative(root, binary) };
  }

  const go = findTool("go");
  if (!go) return { tool: name, state: "missing", note: "built with Go, which is not on PATH" };

  say(`${name} ${pinned}: building (2 cores: up to ${build.coldMinutes} min the first time, then seconds) …`);
  const started = Date.now();
  const source = build.package ? join(root, "tools", build.folder) : await writeCollectorSource(go.path, build.folder);
  if (typeof source !== "string") return failed(name, source.output, say);

  // Under another name until it is whole: a running copy stays as it is, a broken build leaves nothing behind.
  mkdirSync(dirname(binary), { recursive: true });
  const partial = `${binary}.partial-${process.pid}`;
  const result = await run(go.path, ["build", ...flags, "-o", partial, build.package ?? "."], source);
  const version = result.ok ? versionOf(name, partial) : undefined;
  if (version !== pinned) {
    rmSync(partial, { force: true });
    const printed = version ? `says it is ${version}, not ${pinned}` : "prints no version";
    return failed(name, result.ok ? `it was built, but ${printed}` : result.output, say);
  }
  renameSync(partial, binary);
  writeFileSync(`${binary}.stamp`, stamp);
  const seconds = Math.round((Date.now() - started) / 1000);
  say(`${name} ${pinned}: done in ${seconds} s`);
  return { tool: name, state: "built", version, seconds, note: relative(root, binary) };
}

/**
 * The collector's main package is written by its builder from `builder-config.yaml`. The builder would then resolve
 * versions anew (`go mod tidy`); we give it our go.mod and go.sum instead, so that every clone builds the same.
 */
async function writeCollectorSource(go: string, folder: string): Promise<string | { output: string }> {
  const pinned = join(root, "tools", folder);
  const source = join(root, ".tools", "build", folder);
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  const builder = ["tool", "builder", "--config=builder-config.yaml", "--skip-get-modules", "--skip-compilation"];
  const { ok, output } = await run(go, builder, pinned);
  if (!ok) return { output };
  for (const file of ["go.mod", "go.sum"]) copyFileSync(join(pinned, file), join(source, file));
  return source;
}

/** The FastAPI example's packages in a Python environment of their own, `.tools/python`. */
async function provideExamplePython(say: Say): Promise<Outcome> {
  const tool = "example-python";
  const folder = join("examples", "fastapi-service");
  const requirements = join(root, folder, "requirements.txt");
  if (!existsSync(requirements)) return { tool, state: "skipped", note: `${folder}/requirements.txt is not there` };

  const base = findTool("python3");
  if (!base) {
    const note = `needs python3 ${pinnedTools.python3.version} or newer with its venv module on PATH`;
    return { tool, state: "missing", note };
  }
  const python = ownPath(tool);
  const environment = dirname(dirname(python));
  const stamp = stampOf(folder, ["requirements.txt"], [base.version]);
  const there: Omit<Outcome, "state"> = { tool, version: base.version, note: relative(root, python) };
  if (readText(join(environment, "stamp")) === stamp && versionOf(tool, python)) {
    return { ...there, state: "up to date" };
  }

  say(`${tool}: installing ${folder}/requirements.txt into .tools/python (up to 1 min) …`);
  const started = Date.now();
  const steps: [command: string, args: string[]][] = [
    [base.path, ["-m", "venv", "--clear", environment]],
    [python, ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r", requirements]],
  ];
  for (const [command, args] of steps) {
    const { ok, output } = await run(command, args, dirname(requirements));
    if (!ok) {
      rmSync(environment, { recursive: true, force: true }); // a Python without the packages would pass for the real one
      return failed(tool, output, say);
    }
  }
  writeFileSync(join(environment, "stamp"), stamp);
  const seconds = Math.round((Date.now() - started) / 1000);
  say(`${tool}: done in ${seconds} s`);
  return { ...there, state: "built", seconds };
}

/** A hash of all that decides what is built: the files that are there and the flags. */
function stampOf(folder: string, files: readonly string[], flags: readonly string[]): string {
  const contents = files.map((file) => readText(join(root, folder, file)) ?? "");
  return createHash("sha256")
    .update(JSON.stringify([contents, flags]))
    .digest("hex");
}

const readText = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

function failed(tool: ToolName, output: string, say: Say): Outcome {
  const lines = output.trim().split("\n");
  say(`${tool}: failed. The last it printed:\n${lines.slice(-20).join("\n").replace(/^/gm, "  ")}`);
  return { tool, state: "failed", note: (lines.at(-1) ?? "").slice(0, 100) };
}

/**
 * Runs a build step to its end. What a user has set for Go builds of their own must not reach into ours; whoever ends
 * this process ends the step too, which could go on for minutes.
 */
function run(command: string, args: readonly string[], cwd: string): Promise<{ ok: boolean; output: string }> {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOOS: "", GOARCH: "" };
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const endBoth = (signal: NodeJS.Signals) => {
      child.kill("SIGINT"); // on which Go tidies up
      process.exit(128 + constants.signals[signal]);
    };
    for (const signal of endingSignals) process.on(signal, endBoth);
    const settle = (result: { ok: boolean; output: string }) => {
      for (const signal of endingSignals) process.off(signal, endBoth);
      resolve(result);
    };
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-100_000);
      });
    }
    child.on("error", ({ message }) => settle({ ok: false, output: message }));
    child.on("close", (code) => settle({ ok: code === 0, output }));
  });
}

const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
