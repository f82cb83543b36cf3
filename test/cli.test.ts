import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const temporary = mkdtempSync(join(tmpdir(), "firedrill-cli-"));
afterAll(() => rmSync(temporary, { recursive: true }));

const firedrillIn = (environment: NodeJS.ProcessEnv, ...args: string[]) =>
  spawnSync(process.execPath, ["scripts/firedrill.mjs", ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
const firedrill = (...args: string[]) => firedrillIn({}, ...args);

describe("the command line", () => {
  it("says what there is, with an example, and ends with 0", () => {
    const { status, stdout } = firedrill("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("$ npx firedrill check");
    expect(firedrill("test", "--help").stdout).toContain("--report drills.xml");
  });

  it("ends without a word when nobody reads on, as after `| head`", async () => {
    const child = spawn(process.execPath, ["scripts/firedrill.mjs", "--help"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let complaint = "";
    child.stderr.on("data", (text) => {
      complaint += text;
    });
    await once(child, "close");
    expect(complaint).toBe("");
  });

  it.each([
    ["an unknown command", ["chekc"], "Did you mean check?"],
    ["an unknown option", ["check", "--confg", "x"], "Did you mean --config?"],
    ["a report of unknown form", ["check", "--report", "findings.txt"], "ends in .json, .xml or .md"],
    ["a speed that is no number", ["live", "--speed", "fast"], "a number of 1 or more"],
    ["a name that no drill has", ["test", "--only", "HttpLatencyHihg"], 'Did you mean "HttpLatencyHigh"?'],
    ["an export of nothing", ["export", "--only", "HttpLatencyHihg"], 'Did you mean "HttpLatencyHigh"?'],
    ["a limit that is no duration", ["test", "--limit", "60"], "give a duration: 500ms, 2s"],
    ["a limit of nothing", ["test", "--limit", "0s"], "give a duration: 500ms, 2s"],
  ])("ends with 2 and a way out on %s", (_, args, hint) => {
    const { status, stderr } = firedrill(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(hint);
  });

  it("drills only what is asked for by name, in the terminal and in the report", () => {
    const file = join(temporary, "drills.json");
    const only = ["--only", "checkout › 2m without any scrape", "--only", "CHECKOUT › a restart"];
    const { status, stdout } = firedrill("test", ...only, "--report", file);
    expect(status).toBe(0);
    expect(stdout).toContain(
      "checkout\n  ✓ a restart of every instance is quiet\n  ✓ 2m without any scrape is quiet\n",
    );
    expect(stdout).toContain("2 drills: 2 passed, 0 failed.");
    expect(JSON.parse(readFileSync(file, "utf8")).kinds.drill.passed).toBe(2);
  });

  it("exports drills beside what others wrote, and removes only what it wrote itself", () => {
    const out = join(temporary, "promtool");
    mkdirSync(out);
    writeFileSync(join(out, "manifest.json"), '{"others.yml":"1"}');
    writeFileSync(join(out, "others.yml"), "");
    const exported = (only: string) => {
      expect(firedrill("export", "--out", out, "--only", only).status).toBe(0);
      return readdirSync(out, { recursive: true, encoding: "utf8" })
        .filter((path) => /\.ya?ml$/.test(path))
        .sort();
    };
    const [gap, restart] = ["2m-without-any-scrape-is-quiet", "a-restart-of-every-instance-is-quiet"];
    expect(exported("checkout › 2m without")).toEqual([`checkout/${gap}.test.yml`, "others.yml", "rules/http.yml"]);
    expect(exported("checkout › a restart of")).toEqual([
      `checkout/${restart}.test.yml`,
      "others.yml",
      "rules/http.yml",
    ]);
  });

  it("annotates what is not well in a GitHub workflow, and nowhere else", () => {
    const given = readFileSync("monitoring.yaml", "utf8").split("\n");
    const line = given.findIndex((text) => text.includes("owner: orders")) + 1;
    const config = join(temporary, "annotated.yaml");
    writeFileSync(config, given.join("\n").replace("owner: orders", "owner: ordres"));
    const environment = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: temporary };
    expect(firedrillIn(environment, "check", "--config", config).stdout).toMatch(
      new RegExp(`^::error file=annotated.yaml,line=${line},col=\\d+,title=[^:]+::.*ordres`, "m"),
    );
    expect(firedrillIn({ GITHUB_ACTIONS: "" }, "check", "--config", config).stdout).not.toContain("::");
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
