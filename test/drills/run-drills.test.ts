import { describe, expect, it } from "vitest";
import { HttpErrorRatioHigh, HttpLatencyHigh, HttpTargetDown } from "../../alert-rules/http.ts";
import { drill, type Expectation, fires, quiet } from "../../src/drills/drill.ts";
import { drillTimeline } from "../../src/drills/drill-timeline.ts";
import { percent, seconds } from "../../src/model/quantity.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { everyRoute, route } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import { notPassed, run } from "../helpers/drills.ts";
import { checkout, rulesOf, serviceOf, shop, shopOf } from "../helpers/shop.ts";

const platform = shop();
const orders = serviceOf(platform, "orders-api");
const slow = healthy(orders).from("12:00", route("/orders").withLatency({ p95: seconds(2.4) }));
const asked = fires(HttpLatencyHigh, "critical", { route: "/orders" }).between("12:05", "12:11");

const outcomes = (...expectations: Expectation[]) =>
  run(platform, [drill("slow", { world: slow, expect: expectations })]).map(({ outcome }) => outcome);

it("passes a drill whose alert does what it should, and fails one whose alert does not", () => {
  expect(outcomes(asked.reaching("orders-pager"), quiet(HttpErrorRatioHigh))).toEqual(["passed"]);
  expect(outcomes(fires(HttpLatencyHigh, "critical", { route: "/items" }).between("12:05", "12:11"))).toEqual([
    "failed",
  ]);
  expect(outcomes(quiet(HttpLatencyHigh).forLabels({ route: "/items" }))).toEqual(["passed"]);
  expect(outcomes(quiet(HttpLatencyHigh))).toEqual(["failed"]);
  expect(outcomes(asked.reaching("payments-hook"))).toEqual(["failed"]);
});

it("tells one result for each drill, in order, with where it is written", () => {
  const results = run(platform, [
    drill("one", { world: slow, expect: [asked, quiet(HttpErrorRatioHigh)] }),
    drill("two", { world: slow, expect: [] }),
  ]);
  expect(results.map(({ failures: _, place, ...result }) => ({ ...result, file: place.file }))).toEqual([
    {
      name: "one",
      pack: "http",
      service: "orders-api",
      about: [{ alert: "HttpLatencyHigh", severity: "critical" }],
      expects: [
        { kind: "fires", alert: "HttpLatencyHigh", severity: "critical", service: "orders-api", outcome: "passed" },
        { kind: "quiet", alert: "HttpErrorRatioHigh", service: "orders-api", outcome: "passed" },
      ],
      outcome: "passed",
      file: "test/drills/run-drills.test.ts",
    },
    {
      name: "two",
      pack: "",
      service: "orders-api",
      about: [],
      expects: [],
      outcome: "error",
      file: "test/drills/run-drills.test.ts",
    },
  ]);
});

it("tells of each expectation whether it came true, and whose alert it is about", () => {
  const expected = [asked, quiet(HttpLatencyHigh).forLabels({ service: "checkout" }), quiet(HttpLatencyHigh)];
  const world = slow.alongside(healthy(serviceOf(platform, "checkout")));
  const [result] = run(platform, [drill("one", { world, expect: expected })]);
  const came = result?.expects.map(({ kind, service, outcome }) => `${kind} ${service} ${outcome}`);
  expect(came).toEqual(["fires orders-api passed", "quiet checkout passed", "quiet orders-api failed"]);
});

describe("what is drilled is what is deployed", () => {
  const [file] = rulesOf(platform);
  const drills = [drill("slow", { world: slow, expect: [asked] })];
  const withRules = (yaml: string) => run(platform, drills, [{ name: "http.yml", yaml }])[0];

  it("the text of the rules decides, not the model", () => {
    expect(withRules(file?.yaml.replaceAll("> 2\n", "> 20\n") ?? "")?.outcome).toBe("failed");
  });

  it("a rule that is not there is an error, not a silent pass", () => {
    const result = withRules("groups: []");
    expect(result?.outcome).toBe("error");
    expect(result?.failures[0]?.happened).toBe(
      "No rule file has a rule of HttpLatencyHigh critical, though it is promised.",
    );
  });

  it("a rule file that Prometheus would refuse is an error of every drill", () => {
    const result = withRules(file?.yaml.replace("> 2\n", "> > 2\n") ?? "");
    expect(result?.outcome).toBe("error");
    expect(result?.failures[0]?.happened).toMatch(/^http\.yml:\d+: .*unexpected/);
  });

  it("a rule that cannot be evaluated is an error of the drill", () => {
    const broken =
      "service_route:http_request_latency_seconds:p95_5m * on (service) group_left service_route:http_requests:rate5m > 2";
    const result = withRules(file?.yaml.replace(/expr: .*p95_5m > 2\n/, `expr: "${broken}"\n`) ?? "");
    expect(result?.outcome).toBe("error");
    expect(result?.failures[0]?.happened).toContain("HttpLatencyHigh");
  });
});

describe("the timeline of a drill", () => {
  const promised = (at: string) => clockMs(at) ?? Number.NaN;
  const timeline = (expectations: Expectation[], world = slow) =>
    drillTimeline(drill("slow", { world, expect: expectations }), platform);

  it("is long enough before for an alert that always fires, and after for one that is late", () => {
    const { samplesFromMs, startMs, endMs } = timeline([quiet(HttpLatencyHigh)]);
    expect(promised("12:00") - startMs).toBeGreaterThanOrEqual(5 * 60_000);
    expect(startMs - samplesFromMs).toBeGreaterThanOrEqual(5 * 60_000);
    expect(endMs - promised("12:00")).toBeGreaterThanOrEqual(10 * 60_000);
  });

  it("follows what is promised, expected and asked for", () => {
    const { platform: patient, service } = shopOf({ thresholds: { HttpTargetDown: { for: seconds(7200) } } });
    const down = drill("d", { world: healthy(service).down("12:00", "12:01"), expect: [quiet(HttpTargetDown)] });
    expect(drillTimeline(down, patient).endMs).toBeGreaterThan(promised("14:01"));
    expect(timeline([asked.resolvesBy("15:00")]).endMs).toBeGreaterThan(promised("15:00"));
    expect(timeline([quiet(HttpLatencyHigh)], slow.until("18:00")).endMs).toBe(promised("18:00"));
  });

  it("lets a rule that always fires be caught", () => {
    const [file] = rulesOf(platform);
    const yaml = file?.yaml.replaceAll(/> (1\.5|2)\n/g, "> 0\n") ?? "";
    const still = drill("still", { world: healthy(orders).from("12:00", everyRoute()), expect: [asked] });
    const [result] = run(platform, [still], [{ name: "http.yml", yaml }]);
    expect(result?.failures[0]?.happened).toMatch(/^It fired at 11:5\d(:30)?, \d+m(30s)? too early\.$/);
  });
});

it("drills several services in one world and keeps them apart", () => {
  const pay = serviceOf(platform, checkout.name);
  const both = slow.alongside(healthy(pay).from("12:00", route("/pay").withErrors(percent(50))));
  const expectations = [
    asked,
    quiet(HttpLatencyHigh).forLabels({ service: "checkout" }),
    fires(HttpErrorRatioHigh, "critical", { service: "checkout", route: "/pay" })
      .between("12:05", "12:11")
      .reaching("payments-hook"),
    quiet(HttpErrorRatioHigh).forLabels({ service: "orders-api" }),
  ];
  expect(notPassed(run(platform, [drill("both", { world: both, expect: expectations })]))).toEqual([]);
});
