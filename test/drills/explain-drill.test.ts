import { expect, it } from "vitest";
import { HttpErrorRatioHigh, HttpLatencyHigh, HttpMetricsMissing, HttpTargetDown } from "../../alert-rules/http.ts";
import { type Drill, drill, fires, quiet } from "../../src/drills/drill.ts";
import { drillTitle, explainDrill, explainDrills } from "../../src/drills/explain-drill.ts";
import { percent, seconds } from "../../src/model/quantity.ts";
import { route } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import { run } from "../helpers/drills.ts";
import { ordersApi, serviceOf, shop, shopOf } from "../helpers/shop.ts";

/** Lines of the explanation, with the drill's own line number taken out. */
const story = (one: Drill, platform = shop()): string =>
  run(platform, [one])
    .map(explainDrill)
    .join("\n")
    .replaceAll(/(explain-drill\.test\.ts):\d+/g, "$1:N");

const orders = serviceOf(shop(), "orders-api");

it("tells why an alert can never fire, what it saw, what was true and what to change", () => {
  const { platform, service } = shopOf({ instrumentation: { kind: "fastapi-instrumentator" } });
  const slow = drill("one slow endpoint pages its team and names the endpoint", {
    world: healthy(service).from("12:00", route("/orders").withLatency({ p95: seconds(2.4) })),
    expect: [
      fires(HttpLatencyHigh, "critical", { route: "/orders" }).between("12:05", "12:11").reaching("orders-pager"),
      quiet(HttpErrorRatioHigh),
    ],
  });
  expect(story(slow, platform)).toBe(`\
✗ http › orders-api › one slow endpoint pages its team and names the endpoint
  HttpLatencyHigh critical {service="orders-api", route="/orders"} should fire between 12:05 and 12:11, reach orders-pager. It never did.

    Request latency, p95 (s)   12:00 0.47   12:03 1.00   12:06 1.00   12:09 1.00   12:12 1.00      threshold 2
                               the world from 12:00 on: /orders with a true p95 of 2.4 s

  The value cannot pass 1 s: that is the largest finite bucket of http_request_duration_seconds for orders-api.
  → Write Instrumentator().instrument(app, latency_lowr_buckets=(0.1, 0.5, 1, 1.5, 2, 2.5, 5)) in orders-api, and latency_buckets: [0.1s, 0.5s, 1s, 1.5s, 2s, 2.5s, 5s] under its instrumentation in monitoring.yaml, or choose a threshold below 1 s.
    monitoring.yaml:41:3   test/drills/explain-drill.test.ts:N`);
});

it("tells each expectation that was missed, and when the alert fired instead", () => {
  const failing = drill("both are wrong", {
    world: healthy(orders).from("12:00", route("/orders").withErrors(percent(4))),
    expect: [
      fires(HttpErrorRatioHigh, "critical", { route: "/orders" }).between("12:05", "12:11"),
      quiet(HttpErrorRatioHigh).forLabels({ route: "/orders" }),
    ],
  });
  expect(story(failing)).toBe(`\
✗ http › orders-api › both are wrong
  HttpErrorRatioHigh critical {service="orders-api", route="/orders"} should fire between 12:05 and 12:11. It never did. It fired as warning only, at 12:08.

    Share of requests that fail (%)   12:00 0.00   12:03 2.32   12:06 4.00   12:09 4.00   12:12 4.00      threshold 5
                                      the world from 12:00 on: /orders with 4 % errors

    test/drills/explain-drill.test.ts:N
  HttpErrorRatioHigh {service="orders-api", route="/orders"} should stay quiet. It fired at 12:08 as warning {service="orders-api", route="/orders"}.

    Share of requests that fail (%)   12:00 0.00   12:02 1.52   12:04 3.12   12:06 4.00   12:08 4.00      threshold 2
                                      the world from 12:00 on: /orders with 4 % errors

    test/drills/explain-drill.test.ts:N`);
});

it("says where labels differ", () => {
  const wrong = drill("the wrong route", {
    world: healthy(orders).from("12:00", route("/orders").withErrors(percent(50))),
    expect: [fires(HttpErrorRatioHigh, "critical", { route: "/items" }).between("12:05", "12:11")],
  });
  expect(story(wrong)).toContain(
    `It fired at 12:06 with other labels.\n    route: expected "/items", fired with "/orders"\n`,
  );
});

it("says so where the rules recorded nothing", () => {
  const absent = drill("nothing is there yet", {
    world: healthy(orders).startsAt("12:30"),
    expect: [fires(HttpMetricsMissing, "critical").between("12:05", "12:11")],
  });
  expect(story(absent)).toContain(
    "  The rules recorded no value of service:http_metrics_missing:count at these times.\n",
  );
});

it("says that the world is healthy where nothing happens in it", () => {
  const still = drill("nothing is missing", {
    world: healthy(orders).until("12:20"),
    expect: [fires(HttpMetricsMissing, "critical").between("12:05", "12:11")],
  });
  expect(story(still)).toContain("the world is healthy");
});

it("tells every fault of a drill that is wrong itself", () => {
  const wrong = drill("a slip of the pen", {
    world: healthy(orders).down("12:00", "12:10"),
    expect: [quiet("HttpTargetDwon"), fires(HttpTargetDown, "critical").between("11:00", "12:05")],
  });
  expect(story(wrong)).toBe(`\
‼ http › orders-api › a slip of the pen
  HttpTargetDwon {service="orders-api"} should stay quiet. There is no alert "HttpTargetDwon"; there is "HttpLatencyHigh", "HttpErrorRatioHigh", "HttpTargetDown", "HttpMetricsMissing", "HttpNoTraffic".
  → Did you mean "HttpTargetDown"?
    test/drills/explain-drill.test.ts:N
  HttpTargetDown critical {service="orders-api"} should fire between 11:00 and 12:05. It is expected from 11:00 on, but nothing happens in this world before 12:00.
    test/drills/explain-drill.test.ts:N`);
});

it("says little where all is well", () => {
  const calm = drill("a good day", { world: healthy(orders), expect: [quiet(HttpLatencyHigh)] });
  expect(story(calm)).toBe("✓ http › orders-api › a good day");
  expect(drillTitle({ pack: "", service: ordersApi.name, name: "x" })).toBe("orders-api › x");
});

it("tells the cause that many drills share once, and of the others what was expected", () => {
  const { platform, service } = shopOf({ instrumentation: { kind: "fastapi-instrumentator" } });
  const slow = (name: string, p95: number) =>
    drill(name, {
      world: healthy(service).from("12:00", route("/orders").withLatency({ p95: seconds(p95) })),
      expect: [fires(HttpLatencyHigh, "critical", { route: "/orders" }).between("12:05", "12:11")],
    });
  const [first = "", second] = explainDrills(run(platform, [slow("slow", 2.4), slow("slower", 4)]));
  expect(first).toContain("The value cannot pass 1 s");
  expect(second).toBe(`\
✗ http › orders-api › slower
  HttpLatencyHigh critical {service="orders-api", route="/orders"} should fire between 12:05 and 12:11. It never did.
  The cause and the way out are those told above.`);
});

it("tells once what keeps many drills from being run", () => {
  const calm = drill("a good day", { world: healthy(orders), expect: [quiet(HttpLatencyHigh)] });
  const { platform } = shopOf({});
  const failure = { expected: "Every rule file must be valid.", happened: "logs.yml:3: parse error", places: [] };
  const results = run(platform, [calm, calm]).map((one) => ({
    ...one,
    outcome: "error" as const,
    failures: [failure],
  }));
  const [first = "", second] = explainDrills(results);
  expect(first).toContain("logs.yml:3: parse error");
  expect(second).toBe("‼ http › orders-api › a good day\n  The cause and the way out are those told above.");
});
