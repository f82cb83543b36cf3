import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import type { SampleSeries } from "../../src/engine/evaluation.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { percent, requestsPerSecond, seconds } from "../../src/model/quantity.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { everyRoute, route } from "../../src/worlds/route-change.ts";
import { healthy, type World } from "../../src/worlds/world.ts";
import fc from "../helpers/fast-check.ts";
import { checkout, serviceOf, shop, shopOf } from "../helpers/shop.ts";
import { website } from "../helpers/website.ts";
import { samplePlatform } from "../sample-platform.ts";

const at = (text: string) => clockMs(text) ?? Number.NaN;
const timeline = { startMs: at("11:50"), endMs: at("12:30") };
const exposed = (world: World) => expose(world, timeline, 15);
const { service } = shopOf({});
/** How the service of a world counts its requests. */
function httpOf({ service: { http } }: World) {
  if (!http) throw new Error("it answers no requests");
  return http;
}
const pushing = serviceOf(shop(), checkout.name);

/** Series of a metric whose labels contain these. */
const pick = (series: SampleSeries[], name: string, labels: Record<string, string> = {}) =>
  series.filter(
    (one) =>
      one.labels.__name__ === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
const valuesOf = (series: SampleSeries | undefined): number[] => [...(series?.values ?? [])];
const falls = (values: number[]): number => values.filter((value, index) => value < (values[index - 1] ?? 0)).length;

const worlds = fc
  .record({
    pushes: fc.boolean(),
    rate: fc.double({ min: 0, max: 300, noNaN: true }),
    errors: fc.double({ min: 0, max: 1, noNaN: true }),
    p95: fc.double({ min: 0.01, max: 30, noNaN: true }),
    seed: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ pushes, rate, errors, p95, seed }) => {
    const change = everyRoute()
      .withTraffic(requestsPerSecond(rate))
      .withErrors(percent(errors * 100))
      .withLatency({ p95: seconds(p95) });
    const world = healthy(pushes ? pushing : service).from("12:00:07", change);
    return seed === undefined ? world : world.withNoise(seed);
  });

it("samples come as often as a service is scraped: by itself, by its exporter, or as all are", () => {
  const every = (scrape: Partial<ServiceProps["scrape"]>, kind: string, packs: string[]) => {
    const targets = { production: ["a:1"] };
    const { service } = shopOf({ packs, scrape: { targets, ...scrape }, instrumentation: { kind } });
    const [up] = pick(expose(healthy(service), timeline), "up");
    return ((up?.timestampsMs[1] ?? 0) - (up?.timestampsMs[0] ?? 0)) / 1000;
  };
  expect(every({}, "fastapi-instrumentator", ["http"])).toBe(15);
  expect(every({ interval: seconds(40) }, "fastapi-instrumentator", ["http"])).toBe(40);
  expect(every({}, "supabase", ["supabase"])).toBe(60);
  expect(every({ interval: seconds(30) }, "supabase", ["supabase"])).toBe(30);
});

describe("counters and histograms of any world", () => {
  it("never fall while the process runs", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const counting = exposed(world).filter(({ labels }) => labels.__name__ !== "up");
        expect(counting.filter((series) => falls(valuesOf(series)) > 0).map(({ labels }) => labels)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it("count whole requests, each in every bucket that it fits in and once in all", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const series = exposed(world);
        const { histogram } = httpOf(world);
        for (const count of pick(series, `${histogram}_count`)) {
          const { __name__: _, ...labels } = count.labels;
          const buckets = pick(series, `${histogram}_bucket`, labels);
          expect(valuesOf(buckets.at(-1))).toEqual(valuesOf(count));
          expect(valuesOf(count).every(Number.isInteger)).toBe(true);
          buckets.slice(1).forEach((bucket, index) => {
            const below = valuesOf(buckets[index]);
            expect(valuesOf(bucket).every((value, sample) => value >= (below[sample] ?? 0))).toBe(true);
          });
        }
      }),
      { numRuns: 15 },
    );
  });

  it("are the same bytes on every run", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        expect(exposed(world)).toEqual(exposed(world));
      }),
      { numRuns: 5 },
    );
  });
});

it("gives every series the labels that the scrape config gives its target", () => {
  for (const { labels } of exposed(healthy(service))) {
    expect(labels).toMatchObject({
      environment: "production",
      service: "orders-api",
      team: "orders",
      instrumentation: "fastapi-instrumentator",
      job: "orders-api",
      instance: expect.stringMatching(/^orders-[12]:8000$/),
    });
  }
});

it("names edges as Prometheus stores them: scraped 1.0, pushed 1", () => {
  const edges = (world: World) =>
    pick(exposed(world), `${httpOf(world).histogram}_bucket`, {
      [httpOf(world).routeLabel]: world.service.routes[0] ?? "",
    }).map(({ labels }) => labels.le);
  expect(new Set(edges(healthy(service)))).toContain("1.0");
  expect(new Set(edges(healthy(pushing)))).toContain("1");
  expect(new Set(edges(healthy(service)))).toContain("+Inf");
});

it("splits the service's traffic over routes and instances without losing a request", () => {
  const series = exposed(healthy(service));
  const requests = pick(series, "http_requests_total").filter(({ labels }) => labels.handler !== "/metrics");
  expect(requests).toHaveLength(6);
  const grown = requests.map((one) => (valuesOf(one).at(-1) ?? 0) - (valuesOf(one)[0] ?? 0));
  const lasted = requests.map(({ timestampsMs }) => ((timestampsMs.at(-1) ?? 0) - (timestampsMs[0] ?? 0)) / 1000);
  grown.forEach((count, index) => {
    expect(Math.abs(count - ((lasted[index] ?? 0) * 20) / 6)).toBeLessThanOrEqual(1);
  });
});

it("shows an error counter only once there has been an error", () => {
  const failing = healthy(service).from("12:00", route("/orders").withErrors(percent(50)));
  const errors = pick(exposed(failing), "http_requests_total", { status: "5xx" });
  expect(errors.map(({ labels }) => labels.handler)).toEqual(["/orders", "/orders"]);
  expect(errors[0]?.timestampsMs[0]).toBeGreaterThanOrEqual(at("12:00"));
});

it("counts its own scrapes only where the instrumentation does", () => {
  expect(pick(exposed(healthy(service)), "http_requests_total", { handler: "/metrics" })).toHaveLength(2);
  const excluded = shopOf({ routes: ["/metrics"] }).service;
  expect(pick(exposed(healthy(excluded)), "http_requests_total", { handler: "/metrics" })).toHaveLength(2);
  expect(JSON.stringify(exposed(healthy(pushing)))).not.toContain("/metrics");
});

describe("incidents", () => {
  const within = (series: SampleSeries | undefined, from: string, to: string) =>
    [...(series?.timestampsMs ?? [])].filter((ms) => ms >= at(from) && ms < at(to)).length;
  const instance = { instance: "orders-1:8000" };

  it("a target that is down is up=0, and its series end at the scrape that failed", () => {
    const series = exposed(healthy(service).down("12:00", "12:10", { instances: 1 }));
    const [up] = pick(series, "up", instance);
    const down = [...(up?.timestampsMs ?? [])].filter((_, index) => up?.values[index] === 0);
    expect(down).toHaveLength(40);
    for (const one of pick(series, "http_requests_total", instance)) {
      expect([...(one.staleAtMs ?? [])]).toEqual([down[0]]);
      expect(within(one, "12:00", "12:10")).toBe(0);
      expect(within(one, "12:10", "12:30")).toBe(80);
    }
    expect(valuesOf(pick(series, "up", { instance: "orders-2:8000" })[0])).not.toContain(0);
  });

  it("a gap leaves nothing behind, not even a marker", () => {
    const series = exposed(healthy(service).scrapeGap("12:00", "12:10"));
    expect(series.filter((one) => within(one, "12:00", "12:10") > 0 || one.staleAtMs?.length)).toEqual([]);
  });

  it("a restart begins at zero", () => {
    const [requests] = pick(exposed(healthy(service).resetsAt("12:00")), "http_requests_total", instance);
    const first = [...(requests?.timestampsMs ?? [])].findIndex((ms) => ms >= at("12:00"));
    expect(valuesOf(requests)[first - 1]).toBeGreaterThan(10_000);
    expect(valuesOf(requests)[first]).toBeLessThan(60);
    expect(falls(valuesOf(requests))).toBe(1);
  });

  it("a target that loses its metrics stays up", () => {
    const series = exposed(healthy(service).losesMetrics("12:00"));
    expect(valuesOf(pick(series, "up")[0])).not.toContain(0);
    expect(pick(series, "http_requests_total").some((one) => within(one, "12:00", "12:30") > 0)).toBe(false);
    expect(pick(series, "http_requests_total").every((one) => one.staleAtMs?.length === 1)).toBe(true);
  });

  it("a service that pushes has no up, and says nothing when it stops", () => {
    const series = exposed(healthy(pushing).down("12:00", "12:10"));
    expect(pick(series, "up")).toEqual([]);
    expect(series.every((one) => one.staleAtMs?.length === 0 && within(one, "12:00", "12:10") === 0)).toBe(true);
  });
});

describe("read by the real engine", async () => {
  const engine = await loadEngine();
  const read = (world: World, expr: string) => {
    const query = { id: "q", expr, startMs: at("12:20"), endMs: at("12:20"), stepMs: 1000 };
    const { queries } = engine.evaluate({
      ruleFiles: [],
      series: exposed(world),
      ...timeline,
      evaluationIntervalMs: 30_000,
      queries: [query],
    });
    return queries[0]?.series[0]?.values[0] ?? Number.NaN;
  };

  it.each([
    ["without noise", undefined, 0.01],
    ["with noise", 11, 0.05],
  ])("shows the true rate, error ratio, mean and p95, %s", (_, seed, tolerance) => {
    // Edges at steps of 1 % around the true value: what is left is the world's own error.
    const edges = Array.from({ length: 40 }, (_, step) => Number((1.7 * 1.01 ** (step - 20)).toPrecision(6)));
    const { service: fine } = shopOf({
      instrumentation: { kind: "fastapi-instrumentator", latencyBucketsSeconds: edges },
    });
    const change = route("/orders")
      .withLatency({ p95: seconds(1.7) })
      .withErrors(percent(12))
      .withTraffic(requestsPerSecond(40));
    const plain = healthy(fine).from("12:00", change);
    const world = seed === undefined ? plain : plain.withNoise(seed);
    const rate = (metric: string) => `sum(rate(${metric}[10m]))`;
    const orders = 'handler="/orders"';
    const near = (value: number, truth: number) => expect(Math.abs(value / truth - 1)).toBeLessThan(tolerance);
    near(read(world, rate(`http_requests_total{${orders}}`)), 40);
    near(read(world, `${rate(`http_requests_total{${orders}, status="5xx"}`)} / 40`), 0.12);
    near(
      read(world, `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${orders}}[10m])))`),
      1.7,
    );
    const mean = 1.7 * Math.exp(0.125 - 0.5 * 1.6448536269514722);
    near(read(world, `${rate(`http_request_duration_seconds_sum{${orders}}`)} / 40`), mean);
  });
});

describe("a prober", () => {
  const probed = healthy(serviceOf(samplePlatform({ services: [website] }), website.name));
  const upOf = (series: SampleSeries[]) =>
    pick(series, "up").map(({ labels, values }) => [labels.instance, labels.endpoint, values.at(-1)]);
  const [shopFront = "", health = ""] = website.endpoints ?? [];

  it("is a target for each endpoint: when it cannot be reached, `up` is 0 for all of them", () => {
    expect(upOf(exposed(probed.down("12:00", undefined, { instances: 1 })))).toEqual([
      ["prober-eu:9115", shopFront, 0],
      ["prober-eu:9115", health, 0],
      ["prober-us:9115", shopFront, 1],
      ["prober-us:9115", health, 1],
    ]);
  });

  it("answers the scrape when the endpoint does not answer the probe", () => {
    const series = exposed(probed.has("answers", 0, "12:00", undefined, { place: health }));
    expect(upOf(series).map(([, , up]) => up)).toEqual([1, 1, 1, 1]);
    const success = pick(series, "probe_success").map(({ labels, values }) => [labels.endpoint, values.at(-1)]);
    expect(success).toEqual([
      [shopFront, 1],
      [health, 0],
      [shopFront, 1],
      [health, 0],
    ]);
  });
});
