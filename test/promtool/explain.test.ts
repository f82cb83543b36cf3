import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { compareAlerts } from "../../src/promtool/alert-differences.ts";
import { explainFailure, explainSuite } from "../../src/promtool/explain.ts";
import { runSuite } from "../../src/promtool/suite.ts";
import { writeArtifacts } from "../real-tools.ts";

const engine = await loadEngine();
const rules = `groups:
- name: g
  rules:
  - alert: Down
    expr: up == 0
    for: 5m
    labels: {severity: page}
    annotations: {summary: "{{ $labels.i }} is down"}
`;

/** How one assertion about Down reads that does not hold; `a` is down from minute 2 to minute 9. */
function explained(assertion: string): string[] {
  const folder = writeArtifacts([
    { path: "rules.yml", text: rules },
    {
      path: "test.yml",
      text: `rule_files: [rules.yml]
tests:
- name: a goes down
  input_series:
  - {series: 'up{i="a"}', values: 1 1 0x7 1x10}
  - {series: 'up{i="b"}', values: 1x20}
  ${assertion}
`,
    },
  ]);
  return explainSuite(runSuite(engine, join(folder, "test.yml")))
    .replaceAll(`${folder}/`, "")
    .split("\n");
}
const alerting = (at: string, labels: string, summary = "a is down") =>
  `alert_rule_test: [{eval_time: ${at}, alertname: Down, exp_alerts: [{exp_labels: ${labels}, exp_annotations: {summary: ${summary}}}]}]`;

describe("an assertion that does not hold", () => {
  it("tells of an alert that is still pending how long it must hold, and the values that its rule compared", () => {
    expect(explained(alerting("6m", "{i: a, severity: page}"))).toEqual([
      "✗ test.yml › a goes down",
      "  Down should fire at 6m.",
      '    {i="a", severity="page"} does not fire. It is pending since 2m, and must hold for 5m.',
      "    up   fires when == 0",
      '      {i="a"}   2m 0   3m 0   4m 0   5m 0   6m 0',
      "    test.yml:7   rules.yml:4",
    ]);
  });

  it("shows label by label what differs", () => {
    expect(explained(alerting("8m", "{i: a, severity: ticket, team: x}", "down")).slice(2)).toEqual([
      '    {i="a", severity="ticket", team="x"} fires with other labels and annotations:',
      '      label severity: expected "ticket", got "page"',
      '      label team: expected "x", got none',
      '      annotation summary: expected "down", got "a is down"',
      "    test.yml:7   rules.yml:4",
    ]);
  });

  it("tells of an alert that fires although it should be silent, and of one that fired at another time", () => {
    const silent = "alert_rule_test: [{eval_time: 8m, alertname: Down}]";
    expect(explained(silent)[1]).toBe("  Down should be silent at 8m.");
    expect(explained(silent)[2]).toContain("fires, which is not expected. It is firing since 7m.");
    expect(explained(alerting("12m", "{i: a, severity: page}"))[2]).toContain("It fires from 7m to 10m.");
  });

  it("shows what an expression gives instead", () => {
    const expr =
      "promql_expr_test: [{expr: sum by (i) (up), eval_time: 3m, exp_samples: [{labels: '{i=\"b\"}', value: 1}, {labels: '{i=\"a\"}', value: 1}]}]";
    expect(explained(expr).slice(1)).toEqual([
      "  sum by (i) (up) at 3m gives something else.",
      '    expected {i="a"} 1',
      '    got      {i="a"} 0',
      "    test.yml:7",
    ]);
  });
});

it("shows of texts that are too long the part in which they differ", () => {
  const long = (end: string) => `${"a".repeat(1_000_000)}${end}${"z".repeat(1000)}`;
  const failure = (expected: string, got: string) => ({
    ...{ kind: "alert" as const, evalTimeMs: 0, alert: "Down" },
    expectedAlerts: [{ labels: { pod: long("p") }, annotations: { summary: long(expected) } }],
    gotAlerts: [{ labels: { pod: long("p") }, annotations: { summary: long(got) } }],
  });
  const text = explainFailure({ file: "test.yml", rules: [] }, failure("one", "other"));
  expect(text).toMatch(/expected …"a+onez+"… \(1001003 characters\)/);
  expect(text).toMatch(/got …"a+otherz/);
  expect(text.length).toBeLessThan(2000);
});

it("pairs the alerts that are most alike, labels before annotations", () => {
  const alert = (i: string, severity: string, summary: string) => ({
    labels: { i, severity },
    annotations: { summary },
  });
  const { different, missing, unexpected } = compareAlerts(
    [alert("a", "page", "x"), alert("b", "page", "x"), alert("c", "page", "x")],
    [alert("b", "page", "other"), alert("a", "ticket", "x"), alert("c", "page", "x")],
  );
  expect(different.map((pair) => [pair.expected.labels.i, pair.got.labels.i])).toEqual([
    ["b", "b"],
    ["a", "a"],
  ]);
  expect([missing, unexpected]).toEqual([[], []]);
});
