import { describe, expect, test } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { thresholdFindings } from "../../src/config/threshold-findings.ts";
import { severities } from "../../src/model/conventions.ts";
import { isDerived } from "../../src/model/pack.ts";
import type { PlatformProps, ThresholdOverride } from "../../src/model/platform-props.ts";
import { percent, type Quantity, seconds, type Unit } from "../../src/model/quantity.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import fc from "../helpers/fast-check.ts";

const alerts = Object.values(packs).flatMap((pack) => pack.alerts);
const values: Record<Unit, number[]> = {
  seconds: [0, 0.5, 1, 1.5, 2, 3],
  ratio: [0, 0.01, 0.02, 0.05, 0.5, 0.9, 1, 2],
  "requests/second": [0, 0.01, 1],
  "lines/second": [0, 0.01, 1],
  "events/second": [0, 0.01, 1],
  bytes: [0, 1024, 1e9],
  count: [0, 1, 2],
  times: [0, 1, 14.4],
  score: [0, 0.1, 0.25],
};

const overrideOf = (unit: Unit) => {
  const level = fc.option(
    fc.constantFrom(...values[unit]).map((value): Quantity => ({ unit, value })),
    { nil: undefined },
  );
  const held = fc.option(fc.constantFrom(0, 10, 30, 60, 600).map(seconds), { nil: undefined });
  return fc.record({ warning: level, critical: level, for: held });
};
const overrides = fc
  .uniqueArray(fc.constantFrom(...alerts), { maxLength: 2 })
  .chain((some) => fc.tuple(...some.map(({ name, signal }) => fc.tuple(fc.constant(name), overrideOf(signal.unit)))))
  .map((all): Record<string, ThresholdOverride> => Object.fromEntries(all));
const features = fc
  .uniqueArray(fc.constantFrom(...alerts.map(({ name }) => name)), { maxLength: 2 })
  .map((off) => Object.fromEntries(off.map((name) => [name, false])));

const platform = fc
  .record({
    forAll: overrides,
    own: overrides,
    off: features,
    offHere: features,
    evaluation: fc.constantFrom(undefined, 15, 30, 60, 300),
  })
  .map(
    ({ forAll, own, off, offHere, evaluation }): PlatformProps => ({
      name: "shop",
      links: { grafana: "https://grafana.example.com", runbooks: "https://docs.example.com" },
      environments: [{ name: "production" }],
      teams: [{ name: "orders", receivers: [{ name: "orders-hook", webhook: { url: "http://127.0.0.1/" } }] }],
      services: [
        {
          name: "a",
          owner: "orders",
          packs: Object.values(packs).flatMap((pack) => (isDerived(pack) ? [] : [pack.name])),
          otlp: { environments: ["production"] },
          instrumentation: { kind: "otel-http" },
          thresholds: own,
          features: offHere,
          slos: [{ indicator: "availability", objective: percent(99.9) }],
          anomalies: ["http_request_rate"],
          forecasts: ["http_request_rate"],
          versions: {},
          experiments: [{ name: "offer", control: "old", treatment: "new", kpis: { failed: percent(2) } }],
          logs: { never: [{ name: "card-number", contains: "4000" }] },
        },
      ],
      thresholds: forAll,
      features: off,
      ...(evaluation !== undefined && { intervals: { evaluation: seconds(evaluation) } }),
    }),
  );

/** What must hold for each promise of a platform that nobody has anything against, checked on the promise itself. */
function broken(props: PlatformProps): string[] {
  const { services, intervals, defaults } = resolvePlatform(props, packs);
  const on = [...defaults.values()].filter(({ alert }) => props.features?.[alert.name] !== false);
  // The service sends OTLP and says of no limit: no promise about the scrape or requests in progress can be kept.
  const unshown = Object.keys(props.services[0]?.thresholds ?? {}).filter((name) =>
    alerts.some((alert) => alert.name === name && (alert.scrapedOnly || alert.signal.needs === "requests in progress")),
  );
  const promised = [...on, ...services.flatMap(({ promises }) => [...promises.values()])].flatMap(
    ({ alert, levels, for: held }) => {
      const sign = alert.direction === "above" ? 1 : -1;
      const { warning, critical } = levels;
      const faults = severities.flatMap((severity) => {
        const level = levels[severity];
        if (!level) return [];
        const never = sign < 0 ? level.value <= 0 : alert.signal.unit === "ratio" && level.value >= 1;
        const always = alert.signal.unit === "seconds" && sign > 0 && level.value <= 0;
        return never || always || (alert.signal.unit === "ratio" && level.value > 1)
          ? [`${alert.name} ${severity}`]
          : [];
      });
      if (warning && critical && sign * (critical.value - warning.value) < 0) faults.push(`${alert.name} order`);
      if (held.value < intervals.evaluation.value) faults.push(`${alert.name} for`);
      return faults;
    },
  );
  return [...unshown, ...promised];
}

describe("thresholdFindings", () => {
  test("has an error exactly where a promise, with every default merged, cannot be kept", () => {
    let refused = 0;
    let accepted = 0;
    fc.assert(
      fc.property(platform, (props) => {
        const errors = thresholdFindings(props, packs).filter(({ severity }) => severity === "error");
        const faults = broken(props);
        if (errors.length > 0) refused++;
        else accepted++;
        expect(errors.length > 0, `${JSON.stringify(errors)} ${faults}`).toBe(faults.length > 0);
      }),
      { numRuns: 3000, seed: 20261121 },
    );
    expect(Math.min(refused, accepted)).toBeGreaterThan(100);
  });

  test("has nothing against any pack's own thresholds", () => {
    for (const pack of Object.values(packs)) {
      for (const { name, levels, for: held } of pack.alerts) {
        expect(thresholdFindings({ thresholds: { [name]: { ...levels, for: held } } }, packs)).toEqual([]);
      }
    }
  });
});
