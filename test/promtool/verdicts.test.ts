import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { runSuite } from "../../src/promtool/suite.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { sharedData } from "../shared-data.ts";
import { promtoolVerdicts, verdictLines } from "./real-promtool.ts";

const engine = await loadEngine();
const everyFile = "gives promtool's verdict on every file, good and bad, and on those that are no tests at all";
it(everyFile, { timeout: 300_000 }, async (context) => {
  const promtool = realTool("promtool", context);
  for (const part of ["promtool", "thanos"]) {
    const folder = sharedData(part, context);
    const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
    const theirs = promtoolVerdicts(promtool, folder, files);
    const ours = files.map((file) => runSuite(engine, join(folder, file)));
    expect(verdictLines(files, ours)).toEqual(verdictLines(files, theirs));
  }
});

it("takes a label away where a rule sets it to nothing, as Prometheus does", (context) => {
  const rules = "groups: [{name: g, rules: [{alert: Down, expr: up == 0, labels: {pod: '', job: x}}]}]";
  const expected = "alert_rule_test: [{eval_time: 0, alertname: Down, exp_alerts: [{exp_labels: {job: x}}]}]";
  const folder = writeArtifacts([
    { path: "rules.yml", text: rules },
    {
      path: "test.yml",
      text: `{rule_files: [rules.yml], tests: [{input_series: [{series: 'up{pod="p"}', values: "0"}], ${expected}}]}`,
    },
  ]);
  expect(runSuite(engine, join(folder, "test.yml")).groups[0]?.failures).toEqual([]);
  expect(promtoolVerdicts(realTool("promtool", context), folder, ["test.yml"])[0]?.passed).toBe(true);
});

it("fails where an alert cannot be written, because input of its name is newer, as promtool does", (context) => {
  const rules = "groups: [{name: g, query_offset: 30s, rules: [{alert: Up, expr: up == 1}]}]";
  const series = `{series: 'ALERTS{alertname="Up",alertstate="firing"}', values: "1x5"}, {series: up, values: "1x5"}`;
  const folder = writeArtifacts([
    { path: "rules.yml", text: rules },
    {
      path: "test.yml",
      text: `{rule_files: [rules.yml], tests: [{input_series: [${series}], alert_rule_test: [{eval_time: 3m, alertname: Up, exp_alerts: [{}]}]}]}`,
    },
  ]);
  expect(runSuite(engine, join(folder, "test.yml")).groups[0]?.failures).toMatchObject([{ kind: "rule", rule: "Up" }]);
  expect(promtoolVerdicts(realTool("promtool", context), folder, ["test.yml"])[0]?.passed).toBe(false);
});

it("evaluates a group after those that it reads from, in the order of the files, however many there are", () => {
  const reads = ["r3 + r2", "1", "1", ...Array.from({ length: 297 }, (_, i) => `r${i + 4}`), "1"];
  const files = reads.map((reading, i) => ({
    path: `rules/${String(i).padStart(4, "0")}.yml`,
    text: `groups: [{name: g${i}, rules: [{record: r${i}, expr: ${reading === "1" ? "vector(1)" : `${reading} + 1`}}]}]`,
  }));
  const expected = "promql_expr_test: [{expr: r0, eval_time: 0, exp_samples: [{labels: r0, value: 300}]}]";
  const test = { path: "test.yml", text: `{rule_files: [rules/*.yml], tests: [{${expected}}]}` };
  const result = runSuite(engine, join(writeArtifacts([test, ...files]), "test.yml"));
  expect(result.groups[0]?.failures).toEqual([]);
  const behindThird = Array.from({ length: 298 }, (_, i) => `r${300 - i}`);
  expect(result.rules.map(({ record }) => record)).toEqual(["r2", ...behindThird, "r0", "r1"]);
});
