import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { criticalities, severities } from "../../src/model/conventions.ts";
import { pagerdutySeverities, priorities, priorityOf } from "../../src/model/priority.ts";
import { priorityText } from "../../src/render/priority-text.ts";
import { renderRules } from "../../src/render/rules.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/monitoring-yaml.md"), "utf8");
const cellsOf = (begin: string): string[] =>
  (page.split("\n").find((line) => line.startsWith(`| ${begin} |`)) ?? "")
    .split(" | ")
    .map((cell) => cell.replace(/ ?\|/g, ""));

test("the documentation's tables are those that rules and messages go by", () => {
  for (const severity of severities) {
    expect(cellsOf(`**${severity}**`).slice(1)).toEqual(criticalities.map((one) => priorityOf[severity][one]));
  }
  expect(cellsOf("PagerDuty").slice(1)).toEqual(priorities.map((one) => pagerdutySeverities[one]));
});

test("nothing becomes less urgent when it is worse, or when the service matters more", () => {
  const rank = (severity: (typeof severities)[number], criticality: (typeof criticalities)[number]) =>
    priorities.indexOf(priorityOf[severity][criticality]);
  criticalities.forEach((criticality, index) => {
    expect(rank("critical", criticality)).toBeGreaterThan(rank("warning", criticality));
    const next = criticalities[index + 1];
    for (const severity of severities)
      if (next) expect(rank(severity, next)).toBeGreaterThanOrEqual(rank(severity, criticality));
  });
});

const platformOf = (...levels: (typeof criticalities)[number][]) => {
  const [first] = sampleProps.services;
  return samplePlatform({
    services: levels.map((criticality, index) => ({ ...first!, name: `s${index}`, criticality })),
  });
};

test("a rule for services that matter alike says the word, one for others names the fewest", () => {
  const names = ["s0", "s1", "s2", "s3"];
  expect(priorityText("critical", names, platformOf("medium", "high", "medium", "high"))).toBe("high");
  expect(priorityText("critical", names, platformOf("low", "high", "critical", "high"))).toBe(
    '{{ if eq $labels.service "s0" }}medium{{ else if eq $labels.service "s2" }}critical{{ else }}high{{ end }}',
  );
  expect(priorityText("warning", names, platformOf("low", "critical", "critical", "medium"))).toBe(
    '{{ if eq $labels.service "s0" "s3" }}low{{ else }}medium{{ end }}',
  );
});

test("every alert has one, and its rules stay as many as they were", () => {
  const rules = (platform: ReturnType<typeof platformOf>) =>
    renderRules(platform)
      .flatMap(
        ({ text }) =>
          (parse(text) as { groups: { rules: { alert?: string; annotations?: Record<string, string> }[] }[] }).groups,
      )
      .flatMap((group) => group.rules)
      .filter(({ alert }) => alert !== undefined);
  const mixed = rules(platformOf("low", "medium", "high", "critical"));
  expect(mixed.every(({ annotations }) => annotations?.priority)).toBe(true);
  expect(mixed.length).toBe(rules(platformOf("medium")).length);
});
