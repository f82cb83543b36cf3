import { parse, stringify } from "yaml";
import { requestRate } from "../../alert-rules/http.ts";
import { packs } from "../../alert-rules/index.ts";
import { hourly } from "../../src/derived/capacity-rules.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { RuleFile } from "../../src/engine/rules.ts";
import { capacityPack } from "../../src/model/conventions.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import { renderRules } from "../../src/render/rules.ts";

/** A service of which one signal is forecast: all that is needed for the rules as they are deployed. */
const platform = resolvePlatform(
  {
    name: "bench",
    links: { grafana: "https://grafana.example.com", runbooks: "https://git.example.com/runbooks" },
    environments: [{ name: "production" }],
    teams: [{ name: "planners", receivers: [{ name: "hook", webhook: { url: "https://hook.example.com" } }] }],
    services: [
      {
        name: "planned",
        owner: "planners",
        packs: ["http"],
        forecasts: [requestRate.name],
        scrape: { targets: { production: ["planned:8000"] } },
        instrumentation: { kind: "fastapi-instrumentator" },
      },
    ],
  },
  packs,
);

/** The group of rules that forecasts, as `firedrill generate` writes it; what only shows its results is left out. */
export function deployedRules(): RuleFile[] {
  return renderRules(platform)
    .filter(({ path }) => path.endsWith(`/${capacityPack}.yml`))
    .map(({ path, text }) => {
      const { groups } = parse(text) as { groups: { name: string }[] };
      return { name: path, yaml: stringify({ groups: groups.filter(({ name }) => name === "capacity-hourly") }) };
    });
}

/** A series of whole hours: the mean of each, ms since the epoch of its end. */
export interface Hours {
  name: string;
  category: string;
  startMs: number;
  means: readonly number[];
}

/** What the rules recorded at each hour of a series; undefined where they said nothing. */
export type Recorded = Record<
  "value" | "peak" | "trend" | "trendMargin" | "sureTrend" | "margin" | "expected",
  readonly (number | undefined)[]
>;

const hourMs = 3_600_000;
const stepMs = 300_000;

/** Runs the rules over a series, hour by hour as it came: at each hour they know what was before, and no more. */
export function foretell({ startMs, means }: Hours, rules: readonly RuleFile[], engine: Engine): Recorded {
  const perHour = hourMs / stepMs;
  const length = means.length * perHour;
  const endMs = startMs + (means.length - 1) * hourMs;
  const asked = {
    value: hourly.value,
    peak: hourly.peak,
    trend: hourly.trend,
    trendMargin: hourly.trendMargin,
    sureTrend: hourly.sureTrend,
    margin: hourly.margin,
    expected: hourly.expected,
  };
  const { queries, errors } = engine.evaluate({
    ruleFiles: [...rules],
    series: [
      {
        labels: { __name__: requestRate.series, environment: "production", service: "planned", team: "planners" },
        timestampsMs: Float64Array.from({ length }, (_, index) => startMs - hourMs + (index + 1) * stepMs),
        values: Float64Array.from({ length }, (_, index) => means[Math.floor(index / perHour)] ?? Number.NaN),
      },
    ],
    startMs,
    endMs,
    evaluationIntervalMs: stepMs,
    queries: Object.entries(asked).map(([id, expr]) => ({ id, expr, startMs, endMs, stepMs: hourMs })),
  });
  const [fault] = errors;
  if (fault) throw new Error(`${fault.file}: ${fault.rule}: ${fault.message}`);
  const recorded = Object.fromEntries(
    queries.map(({ id, series }): [string, (number | undefined)[]] => {
      const all: (number | undefined)[] = means.map(() => undefined);
      const [found] = series;
      found?.timestampsMs.forEach((ms, index) => {
        all[Math.round((ms - startMs) / hourMs)] = found.values[index];
      });
      return [id, all];
    }),
  );
  return recorded as unknown as Recorded;
}
