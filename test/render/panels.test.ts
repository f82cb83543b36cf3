import { expect, test } from "vitest";
import { HttpLatencyHigh, latencyP50, latencyP95 } from "../../alert-rules/http.ts";
import { seconds } from "../../src/model/quantity.ts";
import { palette } from "../../src/render/palette.ts";
import { graphPanel, panelId, type Scope, type Stat, statPanel } from "../../src/render/panels.ts";
import { samplePlatform } from "../sample-platform.ts";

const scope = (critical: number): Scope => ({
  platform: samplePlatform(),
  promises: new Map([
    ["HttpLatencyHigh", { alert: HttpLatencyHigh, levels: { critical: seconds(critical) }, for: seconds(300) }],
  ]),
  matchers: ['service="a"'],
  variables: ["environment", "route"],
});

test("a graph takes query, unit, words, lines and runbook from the signal and its alert", () => {
  const { title, description, targets, fieldConfig, links } = graphPanel(latencyP95, scope(3)).build();
  expect(title).toBe(latencyP95.title);
  expect(description).toContain(latencyP95.description);
  expect(description).toContain("critical above 3 s");
  expect(targets).toMatchObject([
    {
      expr: `${latencyP95.series}{service="a", environment=~"$environment", route=~"$route"}`,
      legendFormat: "{{service}} {{route}} {{environment}}",
    },
  ]);
  expect(fieldConfig?.defaults).toMatchObject({
    unit: "s",
    custom: { thresholdsStyle: { mode: "dashed" }, axisSoftMax: 3.3 },
  });
  expect(fieldConfig?.defaults.thresholds?.steps).toEqual([
    { value: null, color: "transparent" },
    { value: 3, color: palette.critical },
  ]);
  expect(links?.map(({ url }) => url)).toEqual(["https://git.example.com/runbooks/http/HttpLatencyHigh.md"]);
});

test("a graph without an alert has no lines", () => {
  const { fieldConfig, links } = graphPanel(latencyP50, scope(3)).build();
  expect(fieldConfig?.defaults.custom.thresholdsStyle.mode).toBe("off");
  expect(links).toEqual([]);
});

test("a number is coloured by the same thresholds and asks what it is told to", () => {
  const stat: Stat = { title: "Slowest", signal: latencyP95, query: (of) => `max(${of(latencyP95)})` };
  const { fieldConfig, targets, gridPos } = statPanel(stat, 6, scope(3)).build();
  expect(targets).toMatchObject([
    { expr: `max(${latencyP95.series}{service="a", environment=~"$environment", route=~"$route"})` },
  ]);
  expect(fieldConfig?.defaults.thresholds?.steps.at(-1)).toEqual({ value: 3, color: palette.critical });
  expect(gridPos?.w).toBe(6);
});

test("ids are what Grafana takes: positive and below 2^31", () => {
  for (const name of ["a", "b", "http_request_latency_p95"]) {
    expect(panelId(name)).toBeGreaterThan(0);
    expect(panelId(name)).toBeLessThan(2 ** 31);
  }
});
