import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { derivedOf, provocations } from "../../alert-rules/drills.ts";
import { deriveDrills } from "../../src/boundaries/boundaries.ts";
import { type Boundary, boundaries } from "../../src/drills/boundary.ts";
import type { Drill } from "../../src/drills/drill.ts";
import { drillSubject } from "../../src/drills/drill-subject.ts";
import { severities } from "../../src/model/conventions.ts";
import type { ThresholdOverride } from "../../src/model/platform-props.ts";
import { minutes, type Quantity, ratio, requestsPerSecond, seconds } from "../../src/model/quantity.ts";
import { notPassed, run } from "../helpers/drills.ts";
import { rulesOf, serviceOf, shop, shopOf } from "../helpers/shop.ts";

const platform = shop();

describe("the table alert × severity × boundary", () => {
  it("has a drill or a reason in each of its cells, for every service", () => {
    for (const service of platform.services) {
      const cells = deriveDrills(drillSubject(service, platform), provocations);
      const key = (alert: string, severity: string, boundary: string) => `${alert} ${severity} ${boundary}`;
      const wanted = [...service.promises.values()].flatMap(({ alert, levels }) =>
        severities
          .filter((severity) => levels[severity])
          .flatMap((severity) => boundaries.map((boundary) => key(alert.name, severity, boundary))),
      );
      expect(cells.map(({ alert, severity, boundary }) => key(alert, severity, boundary))).toEqual(wanted);
      expect(cells.filter(({ drill, reason }) => !drill === !reason)).toEqual([]);
    }
  });

  it("says of each drill what it probes, and lets each level fire in one and stay quiet in another", () => {
    for (const { drill, alert, severity, boundary } of derivedOf(platform)) {
      if (!drill) continue;
      expect(drill.probes).toEqual({ alert, severity, boundary });
      const about = drill.expect.filter((one) => one.alert === alert && (one.severity ?? severity) === severity);
      const quiet = [
        "exactly the threshold",
        "just short of for",
        "flapping",
        "missing series",
        "just below the guard",
        "exactly the guard",
      ].includes(boundary);
      if (!/^just .* the threshold$/.test(boundary))
        expect([drill.name, about[0]?.kind]).toEqual([drill.name, quiet ? "quiet" : "fires"]);
    }
  });

  it("leaves out only what makes no sense, and says why", () => {
    const reasons = derivedOf(platform).flatMap(({ alert, boundary, reason }) =>
      reason ? [`${alert}, ${boundary}: ${reason}`] : [],
    );
    const guard = ["HttpLatencyHigh", "HttpTargetDown", "HttpMetricsMissing", "HttpNoTraffic"].flatMap((alert) =>
      ["just below", "just above", "exactly"].map((side) => `${alert}, ${side} the guard: it has no guard`),
    );
    const absence = ["stale series", "counter reset"].map(
      (boundary) =>
        `HttpMetricsMissing, ${boundary}: it tells that there are no series: ended and reset ones are what it is for`,
    );
    const exactly = ["HttpTargetDown", "HttpMetricsMissing", "HttpNoTraffic"].map(
      (alert) => `${alert}, exactly the threshold: it has few values, and those next to the threshold are drilled`,
    );
    expect(new Set(reasons)).toEqual(
      new Set([
        ...exactly,
        ...guard,
        // 0.1 requests a second are one and a half between two scrapes.
        "HttpErrorRatioHigh, exactly the guard: no world is known that gives exactly this: rounding would decide",
        ...absence,
        "HttpTargetDown, counter reset: it is no counter: a restart resets nothing of it",
        "HttpNoTraffic, counter reset: a service that nobody calls exposes nothing after a restart: its metrics are missing",
        // checkout runs in one environment only, and these are about the whole service.
        "HttpMetricsMissing, several at once: it has one environment and one place where this can happen",
        "HttpNoTraffic, several at once: it has one environment and one place where this can happen",
      ]),
    );
  });

  it("says of a hold of nothing that no trouble is too short for it", () => {
    const hasty = shopOf({ thresholds: { HttpTargetDown: { for: seconds(0) } } }).platform;
    const [cell] = derivedOf(hasty).filter(
      (one) => one.alert === "HttpTargetDown" && one.boundary === "just short of for",
    );
    expect(cell?.reason).toBe(
      "`for` is 0s: trouble that is seen at all, by scrapes every 15s, may be seen for as long",
    );
  });

  it("refuses a pack that does not say how a signal is provoked", () => {
    expect(() => deriveDrills(drillSubject(serviceOf(platform, "checkout"), platform), {})).toThrow(
      "the pack http does not say how its signal http_request_latency_p95 is provoked",
    );
  });
});

describe("a rule that does not keep its promise is seen by the drill that probes it", () => {
  interface Rule {
    alert?: string;
    record?: string;
    expr: string;
    for?: string;
    labels?: Record<string, string>;
  }
  const derived = derivedOf(platform);
  const content = parse(rulesOf(platform)[0]?.yaml ?? "") as { groups: { rules: Rule[] }[] };
  const rules = content.groups[0]?.rules ?? [];

  /** Whether the first service's drill of a boundary notices that the rules have changed. */
  function seen(mutated: Rule[], alert: string, severity: string, boundary: Boundary): boolean {
    const cell = derived.find((is) => is.alert === alert && is.severity === severity && is.boundary === boundary);
    if (!cell?.drill) throw new Error(`there is no such drill: ${cell?.reason}`);
    const yaml = stringify({ groups: [{ ...content.groups[0], rules: mutated }] });
    return notPassed(run(platform, [cell.drill], [{ name: "http.yml", yaml }])).length > 0;
  }

  const threshold = (factor: number) => (rule: Rule) => ({
    ...rule,
    expr: rule.expr.replace(/([<>] )([\d.]+)/, (_, compare, value) => `${compare}${Number(value) * factor}`),
  });
  const guard = (factor: number) => (rule: Rule) => ({
    ...rule,
    expr: rule.expr.replace(/(and on .* > )([\d.]+)$/, (_, before, value) => `${before}${Number(value) * factor}`),
  });
  const held = (by: number) => (rule: Rule) => ({ ...rule, for: `${Number.parseInt(rule.for ?? "", 10) * 60 + by}s` });
  const upside = (rule: Rule) => (rule.expr.includes(" < ") ? -1 : 1);

  const mutations: [what: string, boundary: (rule: Rule) => Boundary, mutate: (rule: Rule) => Rule][] = [
    [
      "10 % milder",
      (rule) => `just ${upside(rule) > 0 ? "above" : "below"} the threshold`,
      (rule) => threshold(1 + 0.1 * upside(rule))(rule),
    ],
    [
      "10 % stricter",
      (rule) => `just ${upside(rule) > 0 ? "below" : "above"} the threshold`,
      (rule) => threshold(1 - 0.1 * upside(rule))(rule),
    ],
    ["held one evaluation longer", () => "just past for", held(30)],
    ["held one evaluation shorter", () => "just short of for", held(-30)],
    [
      "without the service's label",
      () => "one among healthy",
      (rule) => ({ ...rule, expr: `max by (environment) (${rule.expr})` }),
    ],
    ["a guard 10 % higher", () => "just above the guard", guard(1.1)],
    ["a guard 10 % lower", () => "just below the guard", guard(0.9)],
  ];
  /** A rate of three requests in five minutes is known to a request only: 10 % of it is nothing. */
  const isTooCoarse = (rule: Rule, what: string) => rule.alert === "HttpNoTraffic" && /^10 %/.test(what);

  const mutants = rules.flatMap((rule, index) =>
    mutations.flatMap(([what, boundary, mutate]) => {
      const [alert, severity] = [rule.alert, rule.labels?.severity];
      if (!alert || !severity || isTooCoarse(rule, what) || stringify(mutate(rule)) === stringify(rule)) return [];
      return [{ alert, severity, what, index, changed: mutate(rule), boundary: boundary(rule) }];
    }),
  );

  it.each(mutants)("$alert $severity $what: $boundary", ({ index, changed, alert, severity, boundary }) => {
    const mutated = rules.map((rule, at) => (at === index ? changed : rule));
    expect(seen(mutated, alert, severity, boundary)).toBe(true);
  });

  it.each<[what: string, alert: string, boundary: Boundary, pattern: RegExp, replacement: string]>([
    ["a window of half the time", "HttpLatencyHigh", "recovery", /\[5m\]/g, "[150s]"],
    ["a window of twice the time", "HttpLatencyHigh", "recovery", /\[5m\]/g, "[10m]"],
    ["the 90th percentile", "HttpLatencyHigh", "just above the threshold", /0\.95/g, "0.90"],
    ["the 99th percentile", "HttpLatencyHigh", "just below the threshold", /0\.95/g, "0.99"],
    ["what is said to be above, at it", "HttpErrorRatioHigh", "exactly the threshold", /> 0\.05/, ">= 0.05"],
    ["what is said to be above, at the edge of a bucket", "HttpLatencyHigh", "exactly the threshold", /> 2$/, ">= 2"],
    ["the last two samples only", "HttpErrorRatioHigh", "just past for", /\brate\(/g, "irate("],
    ["one target that is enough", "HttpTargetDown", "just below the threshold", /^avg by/, "max by"],
    ["exactly the threshold", "HttpTargetDown", "just above the threshold", /< 0\.5/, "<= 0.5"],
    [
      "metrics of another environment",
      "HttpMetricsMissing",
      "one among healthy",
      /unless on \(environment, /g,
      "unless on (",
    ],
    [
      "metrics of another service",
      "HttpMetricsMissing",
      "one among healthy",
      /unless on \(environment, service, /g,
      "unless on (environment, ",
    ],
    [
      "traffic of another environment",
      "HttpErrorRatioHigh",
      "just below the guard",
      /and on \(environment, /,
      "and on (",
    ],
  ])("%s", (_, alert, boundary, pattern, replacement) => {
    const mutated = rules.map((rule) => ({ ...rule, expr: rule.expr.replace(pattern, replacement) }));
    expect(seen(mutated, alert, "critical", boundary)).toBe(true);
  });
});

it("derives no threshold nearer than a signal can tell: half of for and window, whole targets, whole requests", () => {
  const { platform: slow } = shopOf({ thresholds: { HttpLatencyHigh: { for: minutes(1) } } });
  const names = derivedOf(slow).flatMap(({ drill, boundary }) =>
    drill && boundary === "just short of for" ? [drill.name] : [],
  );
  expect(names[0]).toMatch(/^p95 of 1\.\d+ s for \d+m\d*s?, above 1\.5 s for just short of 1m, is not a warning$/);
});

it("notices a `for` that is a fifth shorter, also where Prometheus looks once a minute only", () => {
  const rare = shop({ intervals: { scrape: minutes(1), evaluation: seconds(30) } });
  const brief = derivedOf(rare).flatMap(({ drill, boundary }) =>
    drill && (boundary === "just short of for" || boundary === "flapping") ? [drill] : [],
  );
  expect(notPassed(run(rare, brief))).toEqual([]);
  const shorter = rulesOf(rare).map(({ name, yaml }) => ({
    name,
    yaml: yaml.replace(/for: (\d+)m$/gm, (_, held) => `for: ${Number(held) * 48}s`),
  }));
  const noticed = notPassed(run(rare, brief, shorter)).map(({ name }) => name);
  const levels = (some: Drill[]) => new Set(some.map(({ probes }) => `${probes?.alert} ${probes?.severity}`));
  expect(levels(brief).size).toBe(8);
  expect(levels(brief.filter(({ name }) => noticed.includes(name)))).toEqual(levels(brief));
});

describe("the threshold itself is hit to the last bit, however often Prometheus scrapes", () => {
  const scrapes = [5, 10, 15, 20, 30, 60];

  /** What the drills of exactly a limit say with the rules as they are, and with `>=` for `>` and `<=` for `<`. */
  function exactDrills(scrape: number, alert: string, limit: Quantity, thresholds?: ThresholdOverride) {
    const platform = shop({
      intervals: { scrape: seconds(scrape), evaluation: seconds(30) },
      ...(thresholds && { thresholds: { [alert]: thresholds } }),
    });
    const boundary = thresholds ? "exactly the threshold" : "exactly the guard";
    const exact = derivedOf(platform).flatMap(({ drill, ...probe }) =>
      drill && probe.alert === alert && probe.boundary === boundary && probe.severity === "warning" ? [drill] : [],
    );
    const strict = new RegExp(`([<>]) ${limit.value}(?=\\s)`, "g");
    const rules = rulesOf(platform).map(({ name, yaml }) => ({
      name,
      yaml: yaml.replace(strict, `$1= ${limit.value}`),
    }));
    return [exact.length, notPassed(run(platform, exact)).length, notPassed(run(platform, exact, rules)).length];
  }

  it("whatever share of requests fails", () => {
    const shares = [0.005, 0.015, 0.03, 0.07, 0.333, 0.25];
    for (const [index, scrape] of scrapes.entries()) {
      const warning = ratio(shares[index] ?? 0);
      const counts = exactDrills(scrape, "HttpErrorRatioHigh", warning, { warning, critical: ratio(0.9) });
      expect([scrape, ...counts]).toEqual([scrape, 2, 0, 2]);
    }
  });

  it("whichever bucket's edge a quantile is", () => {
    const edges = [0.1, 0.25, 0.5, 1, 1.5, 2];
    for (const [index, scrape] of scrapes.entries()) {
      const warning = seconds(edges[index] ?? 0);
      const counts = exactDrills(scrape, "HttpLatencyHigh", warning, { warning, critical: seconds(2.5) });
      expect([scrape, ...counts]).toEqual([scrape, 2, 0, 2]);
    }
  });

  it("however few requests there are, where whole ones come between two scrapes", () => {
    for (const [scrape, rate] of [
      [5, 1],
      [10, 0.1],
      [30, 0.1],
      [60, 0.05],
    ] as const) {
      const warning = requestsPerSecond(rate);
      const counts = exactDrills(scrape, "HttpNoTraffic", warning, { warning });
      expect([scrape, ...counts]).toEqual([scrape, 2, 0, 2]);
    }
  });

  it("when there is just as much traffic as the guard wants more than", () => {
    for (const scrape of [10, 30, 60]) {
      const counts = exactDrills(scrape, "HttpErrorRatioHigh", requestsPerSecond(0.1));
      expect([scrape, ...counts]).toEqual([scrape, 2, 0, 2]);
    }
  });
});
