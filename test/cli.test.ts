import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const temporary = mkdtempSync(join(tmpdir(), "firedrill-cli-"));
afterAll(() => rmSync(temporary, { recursive: true }));

const firedrill = (...args: string[]) =>
  spawnSync(process.execPath, ["scripts/firedrill.mjs", ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });

describe("the command line", () => {
  it("says what there is, with an example, and ends with 0", () => {
    const { status, stdout } = firedrill("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("$ npx firedrill check");
    expect(firedrill("test", "--help").stdout).toContain("--report drills.xml");
  });

  it.each([
    ["an unknown command", ["chekc"], "Did you mean check?"],
    ["an unknown option", ["check", "--confg", "x"], "Did you mean --config?"],
    ["a report of unknown form", ["check", "--report", "findings.txt"], "ends in .json, .xml or .md"],
    ["a speed that is no number", ["live", "--speed", "fast"], "a number of 1 or more"],
    ["a limit that is no duration", ["test", "--limit", "60"], "give a duration: 500ms, 2s"],
    ["a limit of nothing", ["test", "--limit", "0s"], "give a duration: 500ms, 2s"],
  ])("ends with 2 and a way out on %s", (_, args, hint) => {
    const { status, stderr } = firedrill(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(hint);
  });

  it("ends with 1 and writes nothing but the report when the configuration is wrong", () => {
    const config = join(temporary, "bad.yaml");
    const report = join(temporary, "findings.json");
    const out = join(temporary, "generated");
    writeFileSync(config, readFileSync("monitoring.yaml", "utf8").replace("owner: orders", "owner: ordres"));
    expect(firedrill("check", "--config", config, "--report", report).status).toBe(1);
    expect(JSON.parse(readFileSync(report, "utf8")).counts.failed).toBeGreaterThan(0);
    const generate = firedrill("generate", "--config", config, "--out", out);
    expect(generate.status).toBe(1);
    expect(generate.stdout).toContain("Nothing was written");
    expect(() => readFileSync(join(out, "manifest.json"))).toThrow();
  });

  it("never shows a stack trace for a file that is not there", () => {
    const { status, stdout, stderr } = firedrill("check", "--config", join(temporary, "missing.yaml"));
    expect(status).toBe(1);
    expect(stdout + stderr).toContain("missing.yaml");
    expect(stdout + stderr).not.toMatch(/\n {4}at /);
  });

  it("writes no colour when NO_COLOR is set", () => {
    expect(firedrill("check").stdout).not.toContain("\u001b");
  });
});
