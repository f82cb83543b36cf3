import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { parseRelabelTests } from "../../src/review/relabel-test-file.ts";
import { runRelabelTests } from "../../src/review/relabel-tests.ts";

const engine = await loadEngine();
const config = { name: "prometheus.yml", yaml: readFileSync("test/relabel/prometheus.yml", "utf8") };
const written = readFileSync("test/relabel/tests.yml", "utf8");

function results(text: string, yaml = config.yaml) {
  const { tests, findings } = parseRelabelTests(text, "tests.yml");
  expect(findings).toEqual([]);
  return runRelabelTests(engine, { ...config, yaml }, tests?.tests ?? []);
}
/** The tests with one thing changed: those that no longer pass. */
const notPassed = (from: string, to: string) => {
  expect(written).toContain(from);
  return results(written.replace(from, to)).filter(({ outcome }) => outcome !== "passed");
};

describe("relabelling tests", () => {
  it("pass where the labels are as written", () => {
    expect(results(written).map(({ outcome }) => outcome)).toEqual(Array(7).fill("passed"));
  });

  it("name every label that differs, and the rule that made it so", () => {
    const [failed, ...others] = notPassed("team: orders, environment: production }", "team: web, pod: api-1 }");
    expect(others).toEqual([]);
    expect(failed?.details?.split("\n").slice(0, 3)).toEqual([
      'environment should not be there, is "production", by the rule at prometheus.yml:21',
      'pod should be "api-1", is not there',
      'team should be "web", is "orders", by the rule at prometheus.yml:19',
    ]);
  });

  it("name the rule that dropped what should be kept", () => {
    const [failed] = notPassed("dropped: true", "includes: { job: pods }");
    expect(failed?.details).toContain("it should be kept, but it is dropped by the rule at prometheus.yml:9");
  });

  it("fail when the address, or the reason for a refusal, is another one", () => {
    expect(notPassed("10.0.0.1:8000/internal", "10.0.0.1:80/internal")[0]?.details).toContain("the url should be");
    expect(notPassed("no address", "not a hostname")[0]?.details).toContain('is "no address"');
  });

  it("fail when the target of the sample is not scraped", () => {
    const sample = '    sample: { __name__: a }\n    target: { __address__: "10.0.0.1:80" }\n    dropped: true\n';
    const [failed] = results(`scrape_config: x\ntests:\n  - name: n\n    job: pods\n${sample}`);
    expect(failed?.outcome).toBe("failed");
    expect(failed?.details).toContain("the sample is never scraped: its target is dropped by the rule");
  });

  it("are in error when the job is misspelt or the scrape config is invalid", () => {
    expect(notPassed("job: probes", "job: prodes")[0]).toMatchObject({
      outcome: "error",
      details: expect.stringContaining("Did you mean probes?"),
    });
    const [broken] = results(written, config.yaml.replace("action: keep", "action: kep"));
    expect(broken).toMatchObject({ outcome: "error", place: { file: "prometheus.yml", line: 10 } });
  });

  it.each([
    ["an empty file", "\n", "The file holds nothing"],
    ["no tests", "scrape_config: a\ntests: []\n", "`tests` is empty"],
    ["a key that does not exist", written.replace("dropped:", "droped:"), 'no key "droped"'],
    ["a value that is no text", written.replace('port: "8000"', "port: 8000"), "the number 8000; it must be text"],
    ["nothing expected", written.replace("    dropped: true\n", ""), "expects nothing"],
    ["two expectations", written.replace("dropped: true", "dropped: true\n    labels: {}"), "labels and dropped"],
    ["what is no YAML", "tests: [", "never closed"],
  ])("tell of %s, with the place, and run nothing", (_, text, message) => {
    const { tests, findings } = parseRelabelTests(text, "tests.yml");
    expect(tests).toBeUndefined();
    expect(findings.map(({ summary }) => summary).join("\n")).toContain(message);
    expect(findings[0]?.place.file).toBe("tests.yml");
  });
});

it("firedrill test --relabel runs every file, whatever is wrong with one", () => {
  const args = ["scripts/firedrill.mjs", "test", "--relabel", "nowhere.yml", "test", "test/relabel/tests.yml"];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  expect(status).toBe(1);
  expect(stdout).toContain("nowhere.yml\n  The file does not exist.");
  expect(stdout).toContain("The file is a folder, not a file.");
  expect(stdout).toContain("9 relabelling tests: 7 passed, 0 failed, 2 in error.");
});
