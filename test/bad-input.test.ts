import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { withoutProgress } from "./helpers/without-progress.ts";

// What every command makes of files that it cannot use. test/bad holds the small ones; large and odd ones are made here.

const temporary = mkdtempSync(join(tmpdir(), "firedrill-bad-"));
afterAll(() => rmSync(temporary, { recursive: true }));
const at = (name: string) => join(temporary, name);

const firedrill = (args: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, ["scripts/firedrill.mjs", ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...env },
    timeout: 120_000,
  });

execMkfifo("pipe.yml");
function execMkfifo(name: string) {
  spawnSync("mkfifo", [at(name)]);
}
writeFileSync(at("nul.yml"), "tests: []\u0000");
writeFileSync(at("empty.yml"), "");
mkdirSync(at("folder.yml"));
symlinkSync(at("loop.yml"), at("loop.yml"));
symlinkSync("/dev/zero", at("device.yml"));
writeFileSync(at("large.yml"), `tests: []\n# ${"x".repeat(17_000_000)}`);
writeFileSync(at("latin.yml"), Buffer.from([0x74, 0x3a, 0x20, 0xe4, 0x0a]));

/** Not one of them can be read by any command; what each says of it. */
const unreadable: readonly [name: string, told: RegExp][] = [
  ["pipe.yml", /is a pipe, not a file|neither a file nor a folder/],
  ["nul.yml", /control character U\+0000/],
  ["folder.yml", /is a folder, not a file/],
  ["loop.yml", /a link that leads back to itself|ELOOP/],
  ["device.yml", /is a device, not a file|neither a file nor a folder/],
  ["large.yml", /at most (16 MB|[\d,]+) are read/],
  ["latin.yml", /no UTF-8|not UTF-8/],
  ["nowhere.yml", /does not exist|no such file/i],
];
const paths = unreadable.map(([name]) => at(name));

/** The part of an output that is about a file: the lines from the first that names it to the next about another. */
function about(name: string, output: string): string {
  const blocks = output.split(/^(?=(?:[✗‼✓] |not used: |\/).*\.ya?ml)/m);
  return blocks.filter((block) => block.split("\n", 1)[0]?.includes(name)).join("");
}

/** Commands that take many files: the file that is well among them must be used. */
const manyFiles: readonly [command: string, args: string[], good: string, used: RegExp][] = [
  ["test --promtool", ["test", "--promtool"], "test/promtool/good.yml", /✓ test\/promtool\/good\.yml/],
  ["mutate --promtool", ["mutate", "--at-least", "0", "--promtool"], "test/promtool/good.yml", /\d+ mutants: [1-9]/],
  ["test --relabel", ["test", "--relabel"], "test/relabel/tests.yml", /✓ test\/relabel\/tests\.yml/],
];

describe.each(manyFiles)("%s", (_, args, good, used) => {
  it("tells each file that cannot be read once, uses the others, and ends with 1", { timeout: 120_000 }, () => {
    const report = at("report.json");
    const { status, stdout, stderr } = firedrill([...args, ...paths, good, "--report", report]);
    expect(withoutProgress(stderr)).toBe("");
    expect(status).toBe(1);
    for (const [name, told] of unreadable) expect(about(name, stdout)).toMatch(told);
    expect(stdout).toMatch(used);
    const { entries } = JSON.parse(readFileSync(report, "utf8")) as {
      entries: { outcome: string; place?: { file: string } }[];
    };
    const inError = entries
      .filter(({ outcome }) => outcome === "error")
      .map(({ place }) => basename(place?.file ?? ""));
    expect([...new Set(inError)].sort()).toEqual(unreadable.map(([name]) => name).sort());
  });
});

it("mutate --promtool ends with 1 where there is nothing to put a fault into, and says which files test no rule", () => {
  const { status, stdout } = firedrill(["mutate", "--promtool", at("empty.yml")]);
  expect(status).toBe(1);
  expect(stdout).toContain(`not tried: ${at("empty.yml")}: it tests no rule`);
  expect(stdout).toContain("nothing was tried");
  expect(stdout).not.toContain("Score");
});

describe("a report that cannot be written", () => {
  mkdirSync(at("is-a-folder.json"));
  writeFileSync(at("file"), "");
  it.each([
    ["a folder of that name", "is-a-folder.json", "it is a folder; give the name of a file"],
    ["a file where its folder should be", "file/report.md", "something that is no folder stands in its way"],
  ])("is told, and the others are written whole: %s", (_, name, told) => {
    const other = at("written.xml");
    const args = ["test", "--relabel", "test/relabel/tests.yml", "--report", at(name), "--report", other];
    const { status, stderr } = firedrill(args);
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(`cannot be written: ${told}`);
    expect(readFileSync(other, "utf8")).toMatch(/<\/testsuites>\n$/);
    rmSync(other);
    expect(readdirSync(temporary).filter((file) => file.includes("partial"))).toEqual([]);
  });

  it("is made with its folders where they are missing", () => {
    const file = at("new/deep/report.md");
    expect(firedrill(["test", "--relabel", "test/relabel/tests.yml", "--report", file]).status).toBe(0);
    expect(readFileSync(file, "utf8")).toContain("all well");
  });
});

it("files that cannot be written are told: generate into something that is a file", () => {
  const { status, stderr } = firedrill(["generate", "--out", at("file")]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/cannot be written: (something that is no folder|a part of the path is a file)/);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

it.skipIf(process.platform !== "linux").each([
  ["generate", ["generate", "--out", "/proc/firedrill"]],
  ["a report", ["test", "--relabel", "test/relabel/tests.yml", "--report", "/proc/firedrill/deep/report.md"]],
])("where the system makes no folder, nothing waits for one: %s", (_, args) => {
  const { status, stderr } = firedrill(args);
  expect(status).toBe(1);
  expect(stderr).toBe(
    "/proc/firedrill cannot be written: its folder cannot be made here; choose another place (ENOENT).\n",
  );
});

it("names in files neither move the cursor nor give a GitHub workflow commands", () => {
  const name = '"\\e[2JDown]]>|@everyone\\n::error::x"';
  writeFileSync(at("evil-rules.yml"), `groups: [{name: ${name}, rules: [{alert: ${name}, expr: up == 0}]}]`);
  const cases = `[{eval_time: 1m, alertname: ${name}}, {eval_time: 1m, alertname: "::error::x"}]`;
  const input = "input_series: [{series: up, values: 0x5}]";
  const test = at("evil\n::error::name\u001b[2J.yml");
  writeFileSync(test, `rule_files: [evil-rules.yml]\ntests: [{name: ${name}, ${input}, alert_rule_test: ${cases}}]`);
  const environment = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: temporary };
  const { status, stdout } = firedrill(["test", "--promtool", test], environment);
  expect(status).toBe(1);
  expect(stdout).not.toContain("\u001b");
  const commands = stdout.split("\n").filter((line) => /^\s*(::|##\[)/.test(line));
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) expect(command).toMatch(/^::error file=evil%0A%3A%3Aerror/);
});

it.each(["0", "-1", "abc", "1e9", "NaN", "", "0s", "-5m"])("--limit %j is refused with what it takes", (limit) => {
  const { status, stderr } = firedrill(["test", "--promtool", "test/promtool/good.yml", `--limit=${limit}`]);
  expect(status).toBe(2);
  expect(stderr).toContain("give a duration: 500ms, 2s");
});
