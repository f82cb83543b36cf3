import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { HttpErrorRatioHigh, HttpLatencyHigh, HttpNoTraffic } from "../../alert-rules/http.ts";
import { drill, fires } from "../../src/drills/drill.ts";
import { parseShown } from "../../src/drills/message-check.ts";
import { percent, requestsPerSecond, seconds } from "../../src/model/quantity.ts";
import { everyRoute, route } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import { run } from "../helpers/drills.ts";
import { rulesOf, serviceOf, shop } from "../helpers/shop.ts";

const platform = shop();
const orders = serviceOf(platform, "orders-api");
/** One route of one instance is enough for one message. */
const small = healthy({ ...orders, routes: ["/orders"] }).withInstances(1);
const labels = { service: "orders-api", environment: "production" };
const slow = drill("slow", {
  world: small.from("12:00", route("/orders").withLatency({ p95: seconds(2.4) })),
  expect: [
    fires(HttpLatencyHigh, "critical", { ...labels, route: "/orders" })
      .between("12:05", "12:11")
      .reading(2.3, 2.45),
  ],
});

interface Rule {
  alert?: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** What is wrong with the message of a drill when the rules are these. */
function faults(change: (rule: Rule) => Rule, one = slow, on = platform): string[] {
  const [file] = rulesOf(on);
  const content = parse(file?.yaml ?? "") as { groups: { rules: Rule[] }[] };
  const groups = content.groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => (rule.alert === undefined ? rule : change(rule))),
  }));
  const [result] = run(on, [one], [{ name: "http.yml", yaml: stringify({ groups }) }]);
  return result?.failures.flatMap(({ happened, details = [] }) => [happened, ...details]) ?? [];
}

const annotated = (name: string, change: (text: string) => string) => (rule: Rule) => ({
  ...rule,
  annotations: { ...rule.annotations, [name]: change(rule.annotations[name] ?? "") },
});

it("finds nothing wrong with the message that is deployed, whatever the unit of its value", () => {
  const failing = drill("failing", {
    world: small.from("12:00", route("/orders").withErrors(percent(60))),
    expect: [fires(HttpErrorRatioHigh, "critical", { route: "/orders" }).between("12:05", "12:11")],
  });
  const deserted = drill("deserted", {
    world: small.from("12:00", everyRoute().withTraffic(requestsPerSecond(0))),
    expect: [fires(HttpNoTraffic, "warning").between("12:10", "12:20")],
  });
  expect([slow, failing, deserted].map((one) => faults((rule) => rule, one))).toEqual([[], [], []]);
});

it("leads to no dashboards and no logs where these are switched off", () => {
  const off = shop({ features: { dashboards: false, logging: false } });
  const world = healthy({ ...serviceOf(off, "orders-api"), routes: ["/orders"] }).withInstances(1);
  const failing = drill("failing", {
    world: world.from("12:00", route("/orders").withErrors(percent(60))),
    expect: [fires(HttpErrorRatioHigh, "critical", { route: "/orders" }).between("12:05", "12:11")],
  });
  expect(faults((rule) => rule, failing, off)).toEqual([]);
  expect(
    rulesOf(off)
      .map(({ yaml }) => yaml)
      .join(),
  ).not.toMatch(/dashboard_url|logs_url/);
});

describe("what a person would read and should not", () => {
  it.each<[string, (rule: Rule) => Rule, string]>([
    [
      "a label that is not there",
      annotated("summary", (text) => text.replace("$labels.route", "$labels.rout")),
      'summary: expected "/orders of orders-api is slow: p95 is (2.3 s to 2.45 s)", got " of orders-api is slow: p95 is 2.4',
    ],
    [
      "another label",
      annotated("description", (text) => text.replace("$labels.route", "$labels.service")),
      'description: expected "One request in twenty to /orders takes longer',
    ],
    ["no text", annotated("summary", () => ""), 'summary: expected a text without gaps and errors, got ""'],
    ["a value that is none", annotated("value", () => "{{ .Nope }}"), "value: expected a text without gaps and errors"],
    [
      "another value",
      annotated("value", () => "{{ 24 | humanizeDuration }}"),
      'value: expected 2.3 s to 2.45 s, got "24s"',
    ],
    [
      "a value in another unit",
      annotated("value", () => "{{ $value | humanizePercentage }}"),
      "value: expected 2.3 s to 2.45 s, got",
    ],
    [
      "another threshold",
      annotated("threshold", () => "above 1.5 s for 5m"),
      'threshold: expected above 2 s for 5m, got "above 1.5 s for 5m"',
    ],
    [
      "another duration",
      annotated("threshold", (text) => text.replace("5m", "6m")),
      "threshold: expected above 2 s for 5m, got",
    ],
    [
      "the wrong side",
      annotated("threshold", (text) => text.replace("above", "below")),
      "threshold: expected above 2 s for 5m, got",
    ],
    [
      "another runbook",
      annotated("runbook_url", (text) => text.replace("HttpLatencyHigh", "HttpSlow")),
      "runbook_url: expected https://git.example.com/runbooks/http/HttpLatencyHigh.md, got",
    ],
    [
      "a dashboard of another service",
      annotated("dashboard_url", (text) =>
        text.replace("var-service={{ $labels.service", "var-service={{ $labels.team"),
      ),
      "dashboard_url: expected https://grafana.example.com/d/firedrill-http with the alert's environment, service, route, got",
    ],
    [
      "another dashboard",
      annotated("dashboard_url", (text) => text.replace("firedrill-http", "firedrill-web")),
      "dashboard_url: expected",
    ],
    [
      "logs of another service",
      annotated("logs_url", (text) => text.replace("$labels.service", "$labels.team")),
      'logs_url: expected a link to the logs of {service_name="orders-api", environment="production"}, got',
    ],
    [
      "another pack",
      (rule) => ({ ...rule, labels: { ...rule.labels, pack: "web" } }),
      'label pack: expected "http", got "web"',
    ],
    [
      "a label too many",
      (rule) => ({ ...rule, labels: { ...rule.labels, tier: "1" } }),
      'label tier: expected no such label, got "1"',
    ],
    [
      "a label too few",
      (rule) => ({ ...rule, expr: `max without (team) (${rule.expr})` }),
      'label team: expected "orders", got none',
    ],
  ])("%s", (_, change, line) => {
    const [happened, ...details] = faults(change);
    expect(happened).toMatch(/^It fired at 12:07:30, but its message is not what it should be\.$/);
    expect(details.join("\n")).toContain(line);
  });

  it("every label in every template is missed when another is put there", () => {
    const [file] = rulesOf(platform);
    const rules = (parse(file?.yaml ?? "") as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
    const rule = rules.find((one) => one.alert === "HttpLatencyHigh" && one.labels.severity === "critical");
    const fields = Object.entries(rule?.annotations ?? {}).flatMap(([name, text]) =>
      [...text.matchAll(/\$labels\.\w+|\$value/g)].map(({ index, 0: field }) => ({ name, index, field })),
    );
    expect(fields.length).toBeGreaterThan(8);
    const unseen = fields.filter(({ name, index, field }) => {
      const other = annotated(
        name,
        (text) => `${text.slice(0, index)}$labels.severity${text.slice(index + field.length)}`,
      );
      return faults(other).length === 0;
    });
    expect(unseen).toEqual([]);
  });
});

it("expects no link to logs where there is no logging", () => {
  const without = shop({ features: { logging: false } });
  expect(faults((rule) => rule, slow, without)).toEqual([]);
});

it("reads values as people and as Prometheus write them", () => {
  const read = (unit: Parameters<typeof parseShown>[0], ...texts: string[]) =>
    texts.map((text) => parseShown(unit, text));
  expect(read("seconds", "2 s", "1m 30s", "450ms", "1d 2h 3m 4s", "2.041s")).toEqual([2, 90, 0.45, 93_784, 2.041]);
  expect(read("ratio", "5 %", "5.1%", "100%")).toEqual([0.05, 0.051, 1]);
  expect(read("requests/second", "0.01/s", "6.5m", "20", "1.2k/s")).toEqual([0.01, 0.0065, 20, 1200]);
  expect(read("count", "0", "1", "2k")).toEqual([0, 1, 2000]);
  const none = [...read("seconds", "", "2", "2 x", "two s"), ...read("ratio", "5", "5 s"), ...read("count", "1/s", "")];
  expect(none.every(Number.isNaN)).toBe(true);
});
