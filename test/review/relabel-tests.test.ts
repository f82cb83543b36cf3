import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import { parseRelabelTests } from "../../src/review/relabel-test-file.ts";
import { runRelabelTests } from "../../src/review/relabel-tests.ts";
import { writeArtifacts } from "../real-tools.ts";

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

it("a target that the engine breaks down at costs only its own test", () => {
  const test = (name: string) => `- name: ${name}\n  target: {job: ${name}}\n  includes: {job: ${name}}\n`;
  const { tests } = parseRelabelTests(
    `scrape_config: rules.yml\ntests:\n${test("grows")}${test("stays")}`,
    "tests.yml",
  );
  const tooSmall: Pick<Engine, "relabel"> = {
    relabel(config, targets) {
      if (targets.some(({ labels }) => labels.job === "grows")) throw new Error("String too long\ngoroutine 8");
      return engine.relabel(config, targets);
    },
  };
  const file = { name: "rules.yml", yaml: "- {source_labels: [job], target_label: x}\n" };
  const [grows, stays] = runRelabelTests(tooSmall, file, tests?.tests ?? []);
  const message = "What becomes of the target is too large for the engine: String too long";
  expect(grows).toMatchObject({ outcome: "error", place: { file: "tests.yml", line: 3 }, message });
  expect(stays).toMatchObject({ outcome: "passed" });
});

it("a value of a million characters is cut where it is shown", () => {
  const yaml = "- {source_labels: [job], target_label: job, regex: (.*), replacement: $1$1$1$1$1$1$1$1$1$1}\n".repeat(
    6,
  );
  const text = "scrape_config: rules.yml\ntests:\n- name: grows\n  target: {job: x}\n  labels: {job: x}\n";
  const [long] = runRelabelTests(engine, { name: "r.yml", yaml }, parseRelabelTests(text, "t.yml").tests?.tests ?? []);
  expect(long).toMatchObject({ outcome: "failed", details: expect.stringContaining("… (1000000 characters)") });
  expect(long?.details?.length).toBeLessThan(5000);
});

it.each([
  ["is without labels from the beginning", '{job: ""}', "labels: {}", "- {action: labelmap, regex: a}\n"],
  ["is without labels after a rule", "{job: x}", "labels: {}", "- {action: labeldrop, regex: .*}\n"],
  ["is dropped without labels", '{job: ""}', "dropped: true", "- {action: drop, source_labels: [job], regex: ''}\n"],
])("a target that %s is a target like others, also where the test fails", (_, target, right, yaml) => {
  const outcomes = [right, "labels: {job: other}"].map((expected) => {
    const text = `scrape_config: rules.yml\ntests:\n- name: none\n  target: ${target}\n  ${expected}\n`;
    const { tests } = parseRelabelTests(text, "tests.yml");
    return runRelabelTests(engine, { name: "rules.yml", yaml }, tests?.tests ?? []).map(({ outcome }) => outcome);
  });
  expect(outcomes).toEqual([["passed"], ["failed"]]);
});

it("firedrill test --relabel finds a scrape config by its whole path, too", () => {
  const config = "- {source_labels: [job], target_label: x}\n";
  const folder = writeArtifacts([{ path: "rules.yml", text: config }]);
  const tests = `scrape_config: ${folder}/rules.yml\ntests:\n- name: a\n  target: {job: j}\n  includes: {x: j}\n`;
  const file = join(writeArtifacts([{ path: "tests.yml", text: tests }]), "tests.yml");
  const { stdout } = spawnSync(process.execPath, ["scripts/firedrill.mjs", "test", "--relabel", file], {
    encoding: "utf8",
  });
  expect(stdout).toContain("1 relabelling test: 1 passed");
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
