import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { isAlive, writtenPid } from "./processes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A copy of what `npm run tools` consists of, and a PATH of its own, so that no test touches the real `.tools`. */
let clone = "";
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "firedrill-tools-"));
  const own = clone;
  onTestFinished(() => rmSync(own, { recursive: true, force: true }));
  cpSync(join(root, "tools"), join(clone, "tools"), { recursive: true });
  for (const file of ["package.json", "scripts/tools.ts", "src/local/real-servers.ts"]) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    copyFileSync(join(root, file), join(clone, file));
  }
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  mkdirSync(join(clone, "path"));
});

function onPath(name: string, text: string): void {
  writeFileSync(join(clone, "path", name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(clone, "path", name), 0o755);
}

/**
 * Stands in for the compiler alone, which would take minutes: "builds" a program that prints the version it was asked
 * to carry, and writes down each call. It cannot build `broken`. The real builds are what CI's `npm run tools` runs.
 */
const compiler = (broken = "none") => `
  case "$1 $*" in version*) echo go version go1.26.0; exit;; esac
  echo "$*" >> ${join(clone, "go-calls")}
  case "$*" in *cmd/${broken}) echo "cmd/${broken}/main.go:1: undefined: everything"; exit 1;; esac
  for argument; do case "$previous" in -o) out=$argument;; esac; previous=$argument; done
  version=\${4##*Version=}
  printf '#!/bin/sh\\necho version %s\\n' "$version" > "$out"
  /bin/chmod +x "$out"`;

const command = ["--import", "tsx", "scripts/tools.ts"];

function tools(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(execPath, [...command, ...args], {
    cwd: clone,
    encoding: "utf8",
    env: { PATH: join(clone, "path") },
  });
  return {
    status,
    stdout,
    stderr,
    row: (tool: string) => stdout.split("\n").findLast((line) => line.startsWith(tool)),
  };
}

const buildsSoFar = () =>
  existsSync(join(clone, "go-calls")) ? readFileSync(join(clone, "go-calls"), "utf8").trim().split("\n").length : 0;

test("builds what is not there once, and again only when its pinned module changes", () => {
  onPath("go", compiler());
  const first = tools("prometheus", "loki");
  expect(first.status).toBe(0);
  expect(first.row("prometheus")).toMatch(/^prometheus +built +3\.\d+\.\d+ +\d+ s +\.tools\/bin\/prometheus$/);
  expect(first.stdout).toMatch(/^loki 3\.\d+\.\d+: building .*\d min.*\nloki 3\.\d+\.\d+: done in \d+ s$/m);

  expect(tools("prometheus", "loki").row("prometheus")).toMatch(/^prometheus +up to date/);
  expect(buildsSoFar()).toBe(2);

  appendFileSync(join(clone, "tools/loki/go.sum"), "\n");
  const changed = tools("prometheus", "loki");
  expect([changed.row("prometheus"), changed.row("loki")]).toEqual([
    expect.stringContaining("up to date"),
    expect.stringMatching(/^loki +built/),
  ]);
  expect(buildsSoFar()).toBe(3);
});

test("uses what is on PATH when it is new enough, and says why not when it is too old", () => {
  onPath("go", compiler());
  onPath("promtool", "echo promtool, version 3.99.1");
  onPath("prometheus", "echo prometheus, version 2.42.0");
  const { status, stdout, row } = tools("prometheus", "promtool");
  expect(status).toBe(0);
  expect(row("promtool")).toMatch(/^promtool +on PATH +3\.99\.1 .*path\/promtool$/);
  expect(stdout).toMatch(/prometheus: \S+path\/prometheus is 2\.42\.0, older than 3\.\d+\.\d+: passed over/);
  expect(row("prometheus")).toMatch(/^prometheus +built/);
});

test("goes on after a build that fails, shows its last lines, and leaves no half-made program", () => {
  onPath("go", compiler("amtool"));
  const { status, stdout, stderr, row } = tools("amtool", "lokitool");
  expect(status).toBe(3);
  expect(stdout).toContain("amtool: failed. The last it printed:\n  cmd/amtool/main.go:1: undefined: everything");
  expect(row("lokitool")).toMatch(/^lokitool +built/);
  expect(stderr).toBe("\nNot there: amtool.\n");
  expect(readdirSync(join(clone, ".tools/bin"))).toEqual(["lokitool", "lokitool.stamp"]);
});

test("without Go, names what is missing and how to get it, with exit code 3", () => {
  const { status, stderr, row } = tools();
  expect(status).toBe(3);
  expect(row("otelcol")).toMatch(/^otelcol +missing .*Go, which is not on PATH$/);
  expect(row("example-python")).toMatch(/^example-python +skipped .*requirements\.txt is not there$/);
  expect(stderr).toContain("Not there: prometheus, promtool, alertmanager, amtool, loki, lokitool, otelcol.");
  expect(stderr).toContain("Install Go (https://go.dev/dl/)");
});

test("a program that does not say the pinned version is not kept", () => {
  onPath("go", compiler().replace("echo version %s", "echo version 9%s"));
  const { status, row } = tools("loki");
  expect(status).toBe(3);
  expect(row("loki ")).toMatch(/^loki +failed .*says it is 93\.\d+\.\d+, not 3\.\d+\.\d+$/);
});

test("whoever ends it ends the build too", async () => {
  const pidFile = join(clone, "go-pid");
  onPath("go", `case $1 in version) echo go version go1.26.0; exit;; esac; echo $$ > ${pidFile}; while :; do :; done`);
  const tools = spawn(execPath, [...command, "loki"], { cwd: clone, env: { PATH: join(clone, "path") } });
  const ended = new Promise((resolve) => tools.once("exit", resolve));
  const pid = await vi.waitFor(() => writtenPid(pidFile), { timeout: 10_000 });
  tools.kill("SIGTERM");
  expect(await ended).toBe(143);
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5_000 });
});

test("wrong use ends with exit code 2 and the help; --help and --list change nothing", () => {
  expect(tools("promethius")).toMatchObject({ status: 2, stderr: expect.stringContaining('no tool "promethius"') });
  expect(tools("--quick").status).toBe(2);
  expect(tools("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("lokitool, otelcol") });
  expect(tools("--list").row("loki")).toMatch(/not there$/);
  expect(existsSync(join(clone, ".tools"))).toBe(false);
});
