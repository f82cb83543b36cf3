import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { explainSuite } from "../../src/promtool/explain.ts";
import { runSuites } from "../../src/promtool/run-suites.ts";
import { runSuite } from "../../src/promtool/suite.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { promtoolVerdicts } from "./real-promtool.ts";

const folder = "test/bad/promtool";
const engine = await loadEngine();
const explained = (path: string) => explainSuite(runSuite(engine, path));

/** What is said of each file, with the place that it names. */
const messages: Record<string, string> = {
  "a-rule-file.yml": 'a-rule-file.yml:1: "groups" is what a rule file has',
  "binary.yml": "binary.yml: it is not a text: line 1 has bytes that are no UTF-8",
  "duplicate-key.yml": 'duplicate-key.yml:2: "rule_files" stands here for the second time',
  "group-twice-in-order.yml": 'group-twice-in-order.yml:3: group "up" stands twice in group_eval_order',
  "malformed-pattern.yml": "malformed-pattern.yml:2: the pattern",
  "no-alertname.yml": "alertname is missing.\n    test/bad/promtool/no-alertname.yml:4",
  "range-instead-of-instant.yml": "not a vector or scalar.\n    test/bad/promtool/range-instead-of-instant.yml:6",
  "rule-broken-yaml.yml": "test/bad/promtool/rules/broken-yaml.yml:3",
  "rule-exploding-regex.yml": "test/bad/promtool/rules/exploding-regex.yml:5",
  "rule-folder.yml": "rules is wrong: it is a folder, not a file",
  "rule-group-twice.yml": "test/bad/promtool/rules/group-twice.yml:4",
  "rule-too-many-at-once.yml": "test/bad/promtool/rules/too-many-at-once.yml:4",
  "rule-unknown-field.yml": 'unknown field "annotation"; a rule has: record, alert, expr, for,',
  "rule-wrong-expression.yml": "test/bad/promtool/rules/wrong-expression.yml:8",
  "rule-wrong-template.yml": "test/bad/promtool/rules/wrong-template.yml:4",
  "tab.yml": "tab.yml:4: found a tab character",
  "unknown-field.yml":
    'unknown-field.yml:4: unknown field "alert_rule_tests"; a test has here: interval, input_series,',
  "wrong-duration.yml": 'wrong-duration.yml:1:22: unknown unit " minute"',
  "wrong-expression.yml":
    "unclosed left parenthesis, at 1:7 of the expression.\n    test/bad/promtool/wrong-expression.yml:4",
  "wrong-labels.yml": 'expected string, at character 6 of "{job=api}".\n    test/bad/promtool/wrong-labels.yml:4',
  "wrong-notation.yml":
    'expected number or "stale", at character 8 of "up 1 2 three".\n    test/bad/promtool/wrong-notation.yml:4',
  "wrong-regex.yml": "invalid repeat count: `{1000}`",
  "wrong-start.yml": 'wrong-start.yml:2:20: cannot parse "yesterday" to a valid timestamp',
  "wrong-types.yml": 'wrong-types.yml:2:22: not a valid duration string: "soon"',
};
/** promtool passes these; what is wrong with them is a finding. */
const passing = ["empty.yml", "rule-missing.yml"];

describe("a test file that is wrong", () => {
  it.each(Object.entries(messages))("is told what and where: %s", (file, message) => {
    const text = explained(join(folder, file));
    expect(text).toContain(message);
    expect(text.split("✗")).toHaveLength(2);
  });

  it("is refused by promtool, too", (context) => {
    const promtool = realTool("promtool", context);
    const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
    const verdicts = promtoolVerdicts(promtool, folder, files);
    const refused = files.filter((_, i) => !verdicts[i]?.passed);
    expect(refused.sort()).toEqual(Object.keys(messages).sort());
  });

  it("does not keep the others from being run, and the exit code is 1", () => {
    const good = "test/promtool/good.yml";
    const all = [...Object.keys(messages), ...passing].map((name) => join(folder, name));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/firedrill.mjs", "test", "--promtool", ...all, join(folder, "nowhere.yml"), folder, good],
      { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
    );
    expect(status).toBe(1);
    expect(stdout).toContain(`✓ ${good}`);
    expect(stdout).toContain("nowhere.yml: it does not exist");
    expect(stdout).toContain(`${folder}: it is a folder, not a file`);
    for (const name of passing) expect(stdout).toContain(`✓ ${folder}/${name}`);
    expect(stdout).toMatch(/empty\.yml warning: The file asserts nothing/);
    expect(stdout).toMatch(/rule-missing\.yml:1 error: rule_files names "rules\/nowhere\.yml", which matches no file/);
    expect(stdout + stderr).not.toMatch(/\n {4}at /);
  });
});

it("a file that may not be read says so", (context) => {
  if (process.getuid?.() === 0) context.skip("not run: root may read every file");
  const path = join(writeArtifacts([{ path: "secret.yml", text: "tests: []" }]), "secret.yml");
  chmodSync(path, 0);
  expect(explained(path)).toContain("may not be read: its permissions do not let you");
});

describe("a test that asks for too much", () => {
  const suite = (name: string, rules: string, text: string) =>
    join(
      writeArtifacts([
        { path: "rules.yml", text: rules },
        { path: name, text: `rule_files: [rules.yml]\n${text}` },
      ]),
      name,
    );
  const rules = "groups: [{name: g, rules: [{alert: Down, expr: up == 0}]}]";

  it("fails like promtool where a rule gives more than 10,000 samples, though it could be evaluated", (context) => {
    const series = Array.from({ length: 10_001 }, (_, i) => `  - {series: 'up{i="${i}"}', values: 0x5}`).join("\n");
    const path = suite(
      "many.yml",
      rules,
      `tests:\n- input_series:\n${series}\n  alert_rule_test: [{eval_time: 5m, alertname: Down}]\n`,
    );
    expect(explained(path)).toMatch(
      /Down cannot be evaluated at 0m.*too many samples.*\n {4}.*many\.yml:3 .*rules\.yml:1/,
    );
    const promtool = realTool("promtool", context);
    expect(promtoolVerdicts(promtool, join(path, ".."), ["many.yml"])[0]?.passed).toBe(false);
  });

  it("loads no more of a series than it looks at", () => {
    const series = "  - {series: 'up{i=\"§\"}', values: 0x9000000000}\n";
    const input = Array.from({ length: 50 }, (_, i) => series.replace("§", `${i}`)).join("");
    const path = suite(
      "long.yml",
      rules,
      `tests:\n- input_series:\n${input}  promql_expr_test: [{expr: count(up), eval_time: 50m, exp_samples: [{value: 50}]}]\n`,
    );
    expect(explained(path)).toBe(`✓ ${path}`);
  });

  it("says of a subquery that no memory holds what to do", () => {
    const asked = "promql_expr_test: [{expr: 'sum_over_time(up[10000h:1ms])', eval_time: 5m}]";
    const path = suite("points.yml", rules, `tests:\n- input_series: [{series: up, values: 1x5}]\n  ${asked}\n`);
    expect(explained(path)).toMatch(/more samples at once than any memory holds: .*lengthen the step/);
    expect(explained(path)).not.toContain("makeslice");
  });

  it("refuses a test with more ticks than there may be samples", () => {
    const path = suite(
      "ticks.yml",
      rules,
      "evaluation_interval: 1ms\ntests:\n- alert_rule_test: [{eval_time: 10000h, alertname: Down}]\n",
    );
    expect(explained(path)).toMatch(
      /would be evaluated at 36000000000 ticks, .* shorten the time, or evaluate at longer intervals/,
    );
  });

  it("tells of an expression nested too deeply as of any wrong one, with its place, and runs the others", async () => {
    const deep = `${"(".repeat(100_000)}up${")".repeat(100_000)}`;
    const path = suite(
      "deep.yml",
      `groups:\n- name: g\n  rules:\n  - alert: Deep\n    expr: ${deep} == 0\n`,
      "tests: [{alert_rule_test: [{eval_time: 5m, alertname: Deep}]}]",
    );
    const [wrong, good] = await runSuites([path, "test/promtool/good.yml"], { limitMs: 60_000 });
    expect(wrong?.groups[0]?.failures).toMatchObject([
      { rule: "Deep", ruleLine: 5, message: expect.stringContaining("nested too deeply: more than 500 brackets") },
    ]);
    expect(good?.passed).toBe(true);
  });

  it.each([
    ["{{if}} inside {{if}}", `${"{{if true}}".repeat(100_000)}x${"{{end}}".repeat(100_000)}`],
    ["{{else if}} after {{else if}}", `{{if true}}a${"{{else if true}}b".repeat(50_000)}{{end}}`],
  ])("tells of a template nested too deeply where it stands: %s", async (_, template) => {
    const path = suite(
      "deep-template.yml",
      `groups:\n- name: g\n  rules:\n  - alert: Deep\n    expr: up == 0\n    annotations:\n      summary: "${template}"\n`,
      "tests: [{alert_rule_test: [{eval_time: 5m, alertname: Deep}]}]",
    );
    const [wrong, good] = await runSuites([path, "test/promtool/good.yml"], { limitMs: 60_000 });
    expect(wrong?.stopped).toMatch(
      /^the rule file .*rules\.yml nests templates too deeply on line 7: more than 500 of/,
    );
    expect(good?.passed).toBe(true);
  });

  it("is ended after the limit, and the others are run", { timeout: 60_000 }, async () => {
    const endless = suite(
      "endless.yml",
      rules,
      `evaluation_interval: 20s\ntests:\n${"- alert_rule_test: [{eval_time: 10000h, alertname: Down}]\n".repeat(50)}`,
    );
    const results = await runSuites([endless, "test/promtool/good.yml"], { limitMs: 4000 });
    expect(results.map(({ passed, stopped }) => [passed, stopped])).toEqual([
      [false, "it took longer than 4s and was ended; if this computer is only slow or busy, allow more: --limit 20s"],
      [true, undefined],
    ]);
  });
});

it("reads UTF-16 as YAML does", () => {
  const path = join(writeArtifacts([{ path: "utf16.yml", text: "" }]), "utf16.yml");
  writeFileSync(
    path,
    Buffer.from(
      `\ufeff${readFileSync("test/promtool/good.yml", "utf8").replace("good-rules", join(process.cwd(), "test/promtool/good-rules"))}`,
      "utf16le",
    ),
  );
  expect(explained(path)).toBe(`✓ ${path}`);
});
