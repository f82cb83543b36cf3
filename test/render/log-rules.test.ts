import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { LogErrorsHigh } from "../../alert-rules/logs.ts";
import { linesPerSecond, seconds } from "../../src/model/quantity.ts";
import { renderLogRules } from "../../src/render/log-rules.ts";
import { renderLoki } from "../../src/render/loki.ts";
import { renderRules } from "../../src/render/rules.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

const packs = ["http", "logs"];
const thresholds = { LogErrorsHigh: { critical: linesPerSecond(7), for: seconds(600) } };
const [first, second, ...rest] = sampleProps.services;
if (!first || !second) throw new Error("the sample platform has too few services");
const platform = samplePlatform({ services: [{ ...first, packs }, { ...second, packs, thresholds }, ...rest] });
const rules = renderLogRules(platform).flatMap(({ text }) => parse(text).groups[0].rules);
const critical = rules.filter((rule) => rule.alert === LogErrorsHigh.name && rule.labels.severity === "critical");

it("puts rules on logs where Loki's ruler looks for them, and into no file of Prometheus", () => {
  expect(renderLogRules(platform).map(({ path }) => path)).toEqual(["loki/rules/fake/logs.yml"]);
  expect(parse(renderLoki(platform).text).ruler.storage).toEqual({ type: "local", local: { directory: "rules" } });
  expect(renderRules(platform).map(({ path }) => path)).toEqual([
    "prometheus/rules/http.yml",
    "prometheus/rules/health.yml",
  ]);
});

it("has one rule for all on the default and one for each own threshold, chosen within the streams", () => {
  const [shared, own] = critical.map(({ expr, for: held }) => `${expr} for ${held}`);
  expect(critical).toHaveLength(2);
  expect(shared).toContain(`{service=~".+", service!~"gallery|search"}`);
  expect(shared).toMatch(/\) > 5 for 5m$/);
  expect(own).toContain(`{service=~".+", service="search"}`);
  expect(own).toMatch(/\) > 7 for 10m$/);
});

it("says of an alert on logs what is said of one on metrics, so that messages and routes are the same", () => {
  const [promql] = parse(renderRules(platform)[0]?.text ?? "").groups[0].rules.filter(
    (rule: object) => "alert" in rule,
  );
  const keys = (rule: { labels: object; annotations: object }) => [
    Object.keys(rule.labels),
    Object.keys(rule.annotations),
  ];
  for (const rule of rules) expect(keys(rule)).toEqual(keys(promql));
  expect(critical[1].annotations.threshold).toBe("above 7/s for 10m");
});

it("needs no ruler where no service has alerts on its logs", () => {
  expect(renderLogRules(samplePlatform())).toEqual([]);
  expect(parse(renderLoki(samplePlatform()).text).ruler).toBeUndefined();
});

/** Half of them are watched by their logs: what is left out of a rule is too much to name, and so are they themselves. */
const thousands = samplePlatform({
  services: Array.from({ length: 6000 }, (_, index) => ({
    ...first,
    name: `service-with-a-name-as-long-as-some-are-${index}`,
    packs: index % 2 === 0 ? packs : ["http"],
  })),
});

it("names each of thousands of services once, in rules that are no longer than Loki reads", () => {
  const all: { alert: string; expr: string; labels: { severity: string } }[] = renderLogRules(thousands).flatMap(
    ({ text }) => parse(text).groups[0].rules,
  );
  const watched = thousands.services.flatMap(({ name, promises }) => (promises.has(LogErrorsHigh.name) ? name : []));
  for (const severity of ["warning", "critical"]) {
    const own = all.filter((rule) => rule.alert === LogErrorsHigh.name && rule.labels.severity === severity);
    expect(own.length).toBeGreaterThan(1);
    const named = own.flatMap(({ expr }) => [...new Set(expr.match(/service-with-[\w-]+/g))]);
    expect(named.sort()).toEqual([...watched].sort());
  }
});

it.for([
  ["of a few services", platform],
  ["of thousands", thousands],
] as const)("is accepted by lokitool: rules %s", ([, platform], context) => {
  const command = realTool("lokitool", context);
  const folder = writeArtifacts(renderLogRules(platform));
  const file = join(folder, "loki/rules/fake/logs.yml");
  const { status, stdout, stderr } = spawnSync(command, ["rules", "check", "--strict", file], { encoding: "utf8" });
  expect(status, stdout + stderr).toBe(0);
});
