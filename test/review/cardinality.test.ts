import { describe, expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { exportersOf } from "../../src/model/pack.ts";
import { count } from "../../src/model/quantity.ts";
import { cardinalityFindings, seriesOf } from "../../src/review/cardinality.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { healthy } from "../../src/worlds/world.ts";
import { examplePlaces } from "../helpers/example-places.ts";
import { serviceOf, shop } from "../helpers/shop.ts";

const timeline = { startMs: clockMs("12:00") ?? 0, endMs: clockMs("12:05") ?? 0 };
const kinds = Object.values(packs).flatMap((pack) => exportersOf([pack]).map((exporter) => ({ pack, exporter })));

/** Of the five series that Prometheus writes of a target, worlds show `up`. */
const unseenPerTarget = 4;

describe("the series of a service", () => {
  it.each(kinds)("are as many as $exporter.id really shows", ({ pack, exporter: { id, places, metrics, probes } }) => {
    const platform = shop({
      services: [
        {
          name: "thing",
          owner: "orders",
          packs: [pack.name],
          scrape: { targets: { production: ["thing-1:9000", "thing-2:9000"] } },
          instrumentation: { kind: id },
          ...examplePlaces(places),
        },
      ],
    });
    const service = serviceOf(platform, "thing");
    const seen = expose(healthy(service), timeline, 15).length;
    const targets = 2 * (probes ? service.places.length : 1);
    const { scraped } = seriesOf(service, platform.packs);
    const told = scraped - unseenPerTarget * targets;
    // What nothing has happened to yet is not shown by all exporters.
    if (metrics.some((metric) => "fromFirst" in metric)) expect(told).toBeGreaterThanOrEqual(seen);
    else expect(told).toBe(seen);
  });

  it("are counted by routes, buckets and statuses where it answers requests", () => {
    const platform = shop({
      services: [
        {
          name: "orders",
          owner: "orders",
          packs: ["http"],
          scrape: { targets: { production: ["orders-1:8000", "orders-2:8000"] } },
          instrumentation: { kind: "fastapi-instrumentator", latencyBucketsSeconds: [0.5, 1, 2, 5] },
          routes: ["/a", "/b", "/c"],
        },
      ],
    });
    // Of each of 2 instances: 5 of the scrape; of each of 3 routes 4 buckets, +Inf, sum, count, and 3 statuses.
    expect(seriesOf(serviceOf(platform, "orders"), platform.packs).scraped).toBe(2 * (5 + 3 * (4 + 3 + 3)));
  });

  it("are told where they are more than the budget", () => {
    const platform = shop({ budget: { series: count(20) } });
    const [finding] = cardinalityFindings(platform, (path) => ({ file: "monitoring.yaml", line: Number(path[1]) + 1 }));
    expect(finding?.severity).toBe("warning");
    expect(finding?.place.line).toBe(1);
    expect(finding?.summary).toMatch(/has about \d+ series in Prometheus; the budget for one service is 20\.$/);
    expect(cardinalityFindings(shop({}), () => ({ file: "" }))).toEqual([]);
  });
});
