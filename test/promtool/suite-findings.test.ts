import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { coverageOf } from "../../src/promtool/coverage.ts";
import { runSuite } from "../../src/promtool/suite.ts";
import { type Severities, suiteFindings, suiteRules } from "../../src/promtool/suite-findings.ts";
import { writeArtifacts } from "../real-tools.ts";

const engine = await loadEngine();

const rules = `groups:
- name: g
  rules:
  - {record: job:up:sum, expr: sum by (job) (up)}
  - {alert: Down, expr: up == 0, labels: {severity: page}}
  - {alert: Down, expr: up == 0, for: 1h, labels: {severity: ticket}}
  - {alert: Other, expr: up > 5}
`;
const input = "- input_series:\n  - {series: 'up{job=\"api\"}', values: 0x10}\n";

/** What is found in one test file, as `rule place`. */
function found(tests: string, severities?: Severities, head = "rule_files: [rules.yml]") {
  const folder = writeArtifacts([
    { path: "rules.yml", text: rules },
    { path: "test.yml", text: `${head}\ntests:\n${tests}` },
  ]);
  const suite = runSuite(engine, join(folder, "test.yml"));
  const findings = suiteFindings([suite], coverageOf([suite]), severities);
  return {
    suite,
    findings,
    lines: findings.map(({ rule, place }) => `${rule} ${place.file.replace(`${folder}/`, "")}:${place.line}`),
  };
}

const asserting = (alert: string, expected: string) =>
  `${input}  alert_rule_test:\n  - {eval_time: 5m, alertname: ${alert}, exp_alerts: ${expected}}\n`;

describe("what promtool does not say", () => {
  it("a misspelt alert is a finding, with the name that was meant, though the test passes", () => {
    const { suite, findings } = found(asserting("Dwon", "[]"));
    expect(suite.passed).toBe(true);
    expect(findings[0]).toMatchObject({
      rule: "promtool/misspelt-alert",
      severity: "error",
      place: { line: 6 },
      summary: "No rule is called Dwon.",
      fix: "did you mean Down?",
    });
  });

  it("the name of a recording rule is no alert", () => {
    expect(found(asserting("job:up:sum", "[]")).findings[0]?.summary).toContain("that is a recording rule");
  });

  it("a pattern that matches no rule file is a finding, and alerts are then not called misspelt", () => {
    const { lines } = found(asserting("Elsewhere", "[]"), {}, "rule_files: [rules.yml, nowhere/*.yml]");
    expect(lines.filter((line) => !line.includes("rules.yml"))).toEqual(["promtool/missing-rule-file test.yml:1"]);
    const block = "rule_files:\n- rules.yml\n- nowhere/*.yml";
    expect(found(asserting("Down", "[]"), {}, block).lines).toContain("promtool/missing-rule-file test.yml:3");
  });

  it("a second document is a finding, in the test file and in a rule file, since nobody reads it", () => {
    expect(found(`${asserting("Down", "[]")}---\ntests: []\n`).lines).toContain("promtool/ignored-document test.yml:7");
    expect(found(asserting("Down", "[]"), {}, "---\nrule_files: [rules.yml]").lines.join()).not.toContain("document");
    const folder = writeArtifacts([
      { path: "rules.yml", text: `${rules}---\n${rules}` },
      { path: "test.yml", text: `rule_files: [rules.yml]\ntests:\n${asserting("Down", "[]")}` },
    ]);
    const suite = runSuite(engine, join(folder, "test.yml"));
    expect(suiteFindings([suite], [])).toMatchObject([
      { rule: "promtool/ignored-document", place: { file: join(folder, "rules.yml"), line: 8 } },
    ]);
  });

  it("a test that asserts nothing is a finding, so is a file", () => {
    const twice = `${input}${asserting("Down", "[]").replace("- input_series", "- input_series")}`;
    expect(found(twice).lines).toContain("promtool/nothing-asserted test.yml:3");
    expect(found(input).findings[0]?.summary).toBe("The file asserts nothing, so it can only pass.");
  });

  it("series behind an end of line are not read, and one that is given twice counts once", () => {
    const block = input.replace("values: 0x10}", 'values: "0x10\\n"}\n  - {series: other, values: 1}');
    const asserted = "  promql_expr_test: [{expr: absent(other), eval_time: 0, exp_samples: [{value: 1}]}]\n";
    const { suite, lines } = found(`${block}${asserted}`);
    expect(suite.passed).toBe(true);
    expect(lines).toContain("promtool/ignored-series test.yml:5");
    const twice = input.replace("0x10}", "1}\n  - {series: 'up{job=\"api\"}', values: 0}");
    expect(
      found(`${twice}  promql_expr_test: [{expr: sum(up), eval_time: 0, exp_samples: [{value: 0}]}]\n`).lines,
    ).toContain("promtool/ignored-series test.yml:4");
  });
});

describe("coverage", () => {
  const page = "[{exp_labels: {job: api, severity: page}}]";

  it("counts rules of one name apart, by their labels", () => {
    const { suite } = found(asserting("Down", page));
    expect(suite.passed).toBe(true);
    expect(coverageOf([suite]).map(({ labels, firing, silent }) => [labels.severity, firing, silent])).toEqual([
      ["page", 1, 0],
      ["ticket", 0, 1],
      [undefined, 0, 0],
    ]);
  });

  it("says which alerts never stay silent, never fire and are not tested; a severity makes it matter or leaves it out", () => {
    const tests = asserting("Down", page);
    expect(found(tests).findings.map(({ severity }) => severity)).toEqual(["info", "info", "info"]);
    expect(found(tests).lines).toEqual([
      "promtool/never-silent rules.yml:5",
      "promtool/never-fires rules.yml:6",
      "promtool/untested rules.yml:7",
    ]);
    const severities: Severities = { "promtool/never-silent": "error", "promtool/untested": "off" };
    expect(found(tests, severities).findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["promtool/never-silent", "error"],
      ["promtool/never-fires", "info"],
    ]);
  });

  it.each<[string, string, [severity: string, firing: number, silent: number, otherwise: number][]]>([
    [
      "its samples say that it fires",
      `{expr: 'ALERTS{alertname="Down", alertstate="firing"}', exp_samples: [{labels: 'ALERTS{alertname="Down", alertstate="firing", severity="page"}', value: 1}]}`,
      [
        ["page", 1, 0, 0],
        ["ticket", 0, 1, 0],
      ],
    ],
    [
      "none says that it is silent",
      `{expr: 'ALERTS{alertname="Down"}'}`,
      [
        ["page", 0, 1, 0],
        ["ticket", 0, 1, 0],
      ],
    ],
    [
      "the labels that it asks for choose the rule",
      `{expr: 'ALERTS{alertname="Down", severity="ticket"}'}`,
      [
        ["page", 0, 0, 0],
        ["ticket", 0, 1, 0],
      ],
    ],
    [
      "a pending alert does not fire",
      `{expr: 'ALERTS{alertname="Down",severity="page"}', exp_samples: [{labels: 'ALERTS{alertstate="pending"}', value: 1}]}`,
      [
        ["page", 0, 1, 0],
        ["ticket", 0, 0, 0],
      ],
    ],
    [
      "its absence is silence",
      `{expr: 'absent({__name__="ALERTS", alertname="Down"})', exp_samples: [{labels: '{alertname="Down"}', value: 1}]}`,
      [
        ["page", 0, 1, 0],
        ["ticket", 0, 1, 0],
      ],
    ],
    [
      "what a count of it says is left open",
      `{expr: 'count(ALERTS{alertname="Down", alertstate="firing"}) > 1'}`,
      [
        ["page", 0, 0, 1],
        ["ticket", 0, 0, 1],
      ],
    ],
    [
      "what else is asked counts for no alert",
      `{expr: 'ALERTS or up{alertname="Down"}'}`,
      [
        ["page", 0, 0, 0],
        ["ticket", 0, 0, 0],
      ],
    ],
  ])("counts a query of ALERTS: %s", (_, query, counts) => {
    const { suite, findings } = found(`${input}  promql_expr_test: [${query.replace("{", "{eval_time: 5m, ")}]\n`);
    const down = coverageOf([suite]).filter(({ alert }) => alert === "Down");
    expect(down.map((one) => [one.labels.severity, one.firing, one.silent, one.otherwise])).toEqual(counts);
    const untested = findings.filter(({ rule, summary }) => rule === "promtool/untested" && summary.includes("Down"));
    expect(untested).toHaveLength(counts.filter((one) => one.slice(1).every((count) => count === 0)).length);
  });

  it("is that of all files together", () => {
    const folder = writeArtifacts([
      { path: "rules.yml", text: rules },
      { path: "a/test.yml", text: `rule_files: [../rules.yml]\ntests:\n${asserting("Down", page)}` },
      { path: "b/test.yml", text: `rule_files: [../*.yml]\ntests:\n${asserting("Other", "[]")}` },
    ]);
    const suites = ["a", "b"].map((name) => runSuite(engine, join(folder, name, "test.yml")));
    expect(coverageOf(suites).map(({ firing, silent }) => [firing, silent])).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
  });
});

it.each(["error", "warning", "info", "off"] as const)(
  "every finding can be made %s, and the verdict stays",
  (severity) => {
    const severities = Object.fromEntries(Object.keys(suiteRules).map((rule) => [rule, severity]));
    const tests = [
      `${asserting("Dwon", "[]")}${input}---\ntests: []\n`,
      `${input.replace("values: 0x10}", 'values: "0x10\\n"}\n  - {series: other, values: 1}')}  alert_rule_test: [{eval_time: 0, alertname: Other}]\n`,
      asserting("Down", "[{exp_labels: {job: api, severity: page}}]"),
    ];
    const heads = ["rule_files: [rules.yml]", "rule_files: [rules.yml]", "rule_files: [rules.yml, nowhere.yml]"];
    const all = tests.map((text, number) => found(text, severities, heads[number]));
    expect(all.map(({ suite }) => suite.passed)).toEqual([true, true, true]);
    const findings = all.flatMap((one) => one.findings);
    expect(new Set(findings.map((one) => one.severity))).toEqual(new Set(severity === "off" ? [] : [severity]));
    const rulesSeen = [...new Set(findings.map(({ rule }) => rule))].sort();
    expect(rulesSeen).toEqual(severity === "off" ? [] : Object.keys(suiteRules).sort());
  },
);

describe("firedrill test --promtool", () => {
  const firedrill = (...args: string[]) =>
    spawnSync(process.execPath, ["scripts/firedrill.mjs", "test", "--promtool", ...args], {
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
  const folder = writeArtifacts([
    { path: "rules.yml", text: rules },
    { path: "test.yml", text: `rule_files: [rules.yml]\ntests:\n${asserting("Dwon", "[]")}` },
  ]);
  const test = join(folder, "test.yml");

  it("keeps promtool's verdict apart from its own findings, in the report as well", () => {
    const report = join(folder, "report.json");
    const { status, stdout } = firedrill(test, "--report", report);
    expect(status).toBe(1);
    expect(stdout).toContain(`✓ ${test}`);
    expect(stdout).toContain("did you mean Down?");
    const { entries } = JSON.parse(readFileSync(report, "utf8"));
    expect(entries[0]).toMatchObject({
      kind: "file",
      name: test,
      outcome: "passed",
      data: { passed: true, alertTests: 1 },
    });
    expect(entries[1]).toMatchObject({
      kind: "alert",
      name: "Down",
      place: { line: 5 },
      data: { firing: 0, silent: 0 },
    });
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: "finding", name: "promtool/misspelt-alert", outcome: "failed" }),
    );
  });

  it("ends with 0 where the findings do not matter to the user", () => {
    expect(firedrill(test, "--severity", "promtool/misspelt-alert=info").status).toBe(0);
  });

  it.each([
    ["promtool/misspelt=error", "did you mean promtool/misspelt-alert?"],
    ["promtool/untested=wraning", "did you mean promtool/untested=warning?"],
    ["promtool/untested=error=off", "write promtool/untested=error, =warning, =info or =off."],
    ["promtool/untested=fatal", "write promtool/untested=error, =warning, =info or =off."],
  ])("ends with 2 and a way out on --severity %s", (severity, hint) => {
    const { status, stderr } = firedrill(test, "--severity", severity);
    expect(status).toBe(2);
    expect(stderr).toContain(hint);
  });
});
