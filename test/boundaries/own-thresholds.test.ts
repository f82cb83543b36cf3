import { expect, it } from "vitest";
import { drillsOf } from "../../alert-rules/drills.ts";
import { packs } from "../../alert-rules/index.ts";
import { type Alert, exportersOf, type Pack } from "../../src/model/pack.ts";
import type { Quantity } from "../../src/model/quantity.ts";
import { notPassed, run } from "../helpers/drills.ts";
import { examplePlaces } from "../helpers/example-places.ts";
import { shop } from "../helpers/shop.ts";

/** Seven tenths of a default, in the digits that somebody would write: 5.6 %, 17h40m, 7168 MiB. */
function sevenTenths({ unit, value }: Quantity, { direction }: Alert): Quantity {
  const part = 0.7 * value;
  switch (unit) {
    case "ratio":
      return {
        unit,
        value: Number((direction === "below" && value > 0.5 ? 1 - 0.7 * (1 - value) : part).toPrecision(3)),
      };
    case "count":
      return { unit, value: value > 1 ? Math.round(part) : value };
    case "bytes":
      return { unit, value: Math.round(part / 2 ** 20) * 2 ** 20 };
    case "seconds":
      return { unit, value: part > 120 ? Math.round(part / 60) * 60 : Number(part.toPrecision(3)) };
    default:
      return { unit, value: Number(part.toPrecision(2)) };
  }
}

const thresholdsOf = ({ alerts }: Pack) =>
  Object.fromEntries(
    alerts.map((alert) => [
      alert.name,
      Object.fromEntries(
        Object.entries(alert.levels).map(([severity, level]) => [severity, sevenTenths(level, alert)]),
      ),
    ]),
  );

/** One of each pack of which any threshold can be told: histograms tell only the edges of their buckets. */
const kinds = [
  "postgres-exporter",
  "cadvisor",
  "blackbox-exporter",
  "n8n-queue",
  "loki",
  "supabase",
  "sentry-exporter",
];

const exporters = Object.values(packs).flatMap((pack) =>
  exportersOf([pack]).flatMap((exporter) => (kinds.includes(exporter.id) ? [{ pack, ...exporter }] : [])),
);

it.each(exporters)("a $id with thresholds of its own passes the drills next to them", { timeout: 120_000 }, (kind) => {
  const { pack, id, places } = kind;
  const service = {
    name: "own",
    owner: "orders",
    packs: [pack.name],
    scrape: { targets: { production: ["thing:9000"] } },
    instrumentation: { kind: id },
    thresholds: thresholdsOf(pack),
    ...examplePlaces(places),
  };
  const platform = shop({ services: [service] });
  const drills = drillsOf(platform).filter(({ name }) =>
    /just (above|below)|not quite|exactly the threshold/.test(name),
  );
  expect(drills.length).toBeGreaterThan(10);
  expect(notPassed(run(platform, drills)).map(({ name, failures }) => [name, failures])).toEqual([]);
});
