import { SignalAnomaly } from "../../alert-rules/anomaly.ts";
import { requestRate } from "../../alert-rules/http.ts";
import { packs } from "../../alert-rules/index.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { RuleFile } from "../../src/engine/rules.ts";
import { seconds } from "../../src/model/quantity.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import { renderRules } from "../../src/render/rules.ts";
import type { NabSeries } from "./corpus.ts";

/** A service of which one signal is watched: all that is needed for the rules as they are deployed. */
const platform = resolvePlatform(
  {
    name: "nab",
    links: { grafana: "https://grafana.example.com", runbooks: "https://git.example.com/runbooks" },
    environments: [{ name: "production" }],
    teams: [{ name: "watchers", receivers: [{ name: "hook", webhook: { url: "https://hook.example.com" } }] }],
    services: [
      {
        name: "watched",
        owner: "watchers",
        packs: ["http"],
        anomalies: [requestRate.name],
        scrape: { targets: { production: ["watched:8000"] } },
        instrumentation: { kind: "fastapi-instrumentator" },
      },
    ],
  },
  packs,
);

const labels = { environment: "production", service: "watched", team: "watchers", route: "/" };

/** The rule file of anomalies, as `firedrill generate` writes it. */
export const deployedRules = (): RuleFile[] =>
  renderRules(platform)
    .filter(({ path }) => path.endsWith(`/${SignalAnomaly.pack}.yml`))
    .map(({ path, text }) => ({ name: path, yaml: text }));

export interface Detected {
  /** The rows at which the alert began to fire. */
  rows: number[];
  /** How long that took, and for how many hours of the series. */
  milliseconds: number;
  hours: number;
}

const hourMs = 3_600_000;
/** How often the rules are evaluated that judge. */
const stepMs = 1000 * (packs.anomaly?.derived?.interval ?? seconds(300)).value;

/**
 * Runs the rules over a series that is there as the signal which they watch, row by row as it came. A detection is the
 * moment at which the alert begins to fire: what the engineer on call gets a message about.
 */
export function detect(series: NabSeries, rules: readonly RuleFile[], engine: Engine): Detected {
  const samples = lastOfEachMoment(series);
  const startMs = Math.floor((samples.timestampsMs[0] ?? 0) / hourMs) * hourMs;
  const endMs = Math.ceil((samples.timestampsMs.at(-1) ?? 0) / stepMs) * stepMs;
  const began = process.hrtime.bigint();
  const { alerts, errors } = engine.evaluate({
    ruleFiles: [...rules],
    series: [{ labels: { __name__: requestRate.series, ...labels }, ...samples }],
    startMs,
    endMs,
    evaluationIntervalMs: stepMs,
  });
  const milliseconds = Number(process.hrtime.bigint() - began) / 1e6;
  const [fault] = errors;
  if (fault) throw new Error(`${fault.file}: ${fault.rule}: ${fault.message}`);
  const rows = alerts
    .filter(({ alert }) => alert === SignalAnomaly.name)
    .flatMap(({ phases }) => phases.filter(({ state }) => state === "firing"))
    .map(({ fromMs }) => series.timesMs.findLastIndex((ms) => ms <= fromMs));
  return { rows: [...new Set(rows)], milliseconds, hours: (endMs - startMs) / hourMs };
}

/** Some series have rows that are not later than the one before them, which no Prometheus takes. */
function lastOfEachMoment({ timesMs, values }: NabSeries) {
  const latest = new Map<number, number>();
  let newest = -Infinity;
  timesMs.forEach((ms, row) => {
    if (ms < newest) return;
    newest = ms;
    latest.set(ms, values[row] ?? Number.NaN);
  });
  return { timestampsMs: Float64Array.from(latest.keys()), values: Float64Array.from(latest.values()) };
}
