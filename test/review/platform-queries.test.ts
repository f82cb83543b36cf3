import { describe, expect, it } from "vitest";
import { dashboards } from "../../dashboards/index.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { noneOfTheKind } from "../../src/model/conventions.ts";
import { isProblem } from "../../src/model/finding.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { percent } from "../../src/model/quantity.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { buildCatalogue } from "../../src/review/catalogue.ts";
import { platformQueryFindings } from "../../src/review/platform-queries.ts";
import { ruleQueries } from "../../src/review/rule-queries.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { everyRoute } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import { afterChange } from "../helpers/changed-files.ts";
import { rulesOf } from "../helpers/shop.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

const engine = await loadEngine();
const platform = samplePlatform();
const only = (kind: "scrape" | "otlp") =>
  samplePlatform({ services: sampleProps.services.filter((service) => service[kind]) });

const exporterOf = (kind: string, pack: string): ServiceProps => ({
  name: `our-${kind}`,
  owner: "orders",
  packs: [pack],
  scrape: { targets: { production: [`${kind}:9187`] } },
  instrumentation: { kind },
});

const deployed = { rules: rulesOf(platform), dashboards: renderDashboards(platform, dashboards) };

/** `rule: summary → fix` of what is found after a text of the deployed files has been changed by hand. */
function foundAfter(from: string, to: string): string[] {
  const changed = afterChange(deployed, from, to);
  const found = platformQueryFindings(platform, changed.rules, changed.dashboards, engine).filter(isProblem);
  return found.map(({ rule, summary, fix }) => `${rule}: ${summary} → ${fix ?? ""}`);
}

describe("every query of every panel and rule", () => {
  it.each([
    ["of both kinds of services", platform],
    ["of services that are scraped", only("scrape")],
    ["of services that send", only("otlp")],
  ])("returns something on a healthy platform %s", (_, healthyOne) => {
    const found = platformQueryFindings(
      healthyOne,
      rulesOf(healthyOne),
      renderDashboards(healthyOne, dashboards),
      engine,
    );
    expect(found.filter(isProblem)).toEqual([]);
  });

  // On one dashboard, some services have nothing of what others show, and the panel says so.
  it("may return nothing for one choice where services are of several kinds: the panel says so, and check does not", () => {
    const mixed = samplePlatform({
      services: ["prometheus", "alertmanager", "loki"].map((kind) => exporterOf(kind, "meta")),
    });
    const files = renderDashboards(mixed, dashboards);
    expect(platformQueryFindings(mixed, rulesOf(mixed), files, engine)).toEqual([]);
    expect(files.map(({ text }) => text).join()).toContain(noneOfTheKind);
  });

  // They are recorded once an hour, and rules are evaluated for minutes.
  it("returns something where a trend is followed of what looks back for minutes only", () => {
    const one = samplePlatform({
      services: [{ ...exporterOf("postgres-exporter", "postgres"), forecasts: ["postgres_connection_use"] }],
    });
    const found = platformQueryFindings(one, rulesOf(one), renderDashboards(one, dashboards), engine);
    expect(found.filter(isProblem)).toEqual([]);
  });

  // Its budget cannot burn so fast that the faster alerts are there; health counts the slower one alone.
  it("returns something where no objective is so strict that all alerts on its budget could fire", () => {
    const [service] = sampleProps.services;
    const slos = [{ indicator: "availability", objective: percent(50) }];
    const easy = samplePlatform({ services: service ? [{ ...service, slos }] : [] });
    const found = platformQueryFindings(easy, rulesOf(easy), renderDashboards(easy, dashboards), engine);
    expect(found.filter(isProblem)).toEqual([]);
  });

  it.each([
    [
      "a metric that nobody exposes",
      "http_requests_total{",
      "http_request_total{",
      /^query\/unknown-metric: The recording rule .* asks for http_request_total.*Did you mean http_requests_total\?/,
    ],
    [
      "a recorded series under another name",
      '"max(service_route:http',
      '"max(service_route:htttp',
      /^query\/unknown-metric: The panel "Slowest route, p95" .*Did you mean/,
    ],
    [
      "a label that the metric does not have",
      ", status=~",
      ", statsu=~",
      /^query\/unknown-label: .*by statsu.*Did you mean status\?/,
    ],
    [
      "a value that is never exposed",
      'status=~"5(xx|..)"',
      'status=~"6.."',
      /^query\/matches-nothing: .*status=~"6\.\.", which is never so/,
    ],
    [
      "an instrumentation that no service has",
      '{instrumentation="otel-http"}',
      '{instrumentation="otel-htpp"}',
      /^query\/matches-nothing: .*Did you mean otel-http\?/,
    ],
    [
      "a grouping by what is not there",
      "sum by (environment, service, team) (service_route",
      "sum by (environment, service, taem) (service_route",
      /^query\/missing-label: .*by \(taem\).*Did you mean team\?/,
    ],
    [
      "a quantile without le",
      "team, route, le)",
      "team, route)",
      /^query\/missing-label: .*histogram_quantile that needs le/,
    ],
    [
      "a match on what one side lacks",
      "and on (environment, service, team, route)",
      "and on (environment, service, team, handler)",
      /^query\/missing-label: The alert HttpErrorRatioHigh has on \(handler\)/,
    ],
    [
      "the rate of a gauge",
      'avg by (environment, service, team) (up{instrumentation=~"fastapi-instrumentator|otel-http|express-prom-bundle"})',
      'avg by (environment, service, team) (rate(up{instrumentation=~"fastapi-instrumentator|otel-http|express-prom-bundle"}[5m]))',
      /^query\/rate-of-gauge: .*rate of up/,
    ],
    [
      "a panel that is no PromQL",
      '"max(service_route',
      '"max((service_route',
      /^query\/invalid: The panel "Slowest route, p95"/,
    ],
    [
      "a variable that the dashboard lacks",
      "$environment",
      "$enviroment",
      /^query\/unknown-variable: The panel .* uses \$enviroment/,
    ],
    [
      "a panel that shows nothing when all is well",
      '"max(service_route:http_request_latency_seconds:p95_5m{',
      '"max(0 < service_route:http_request_errors:ratio5m{',
      /^query\/empty-panel: The panel "Slowest route, p95"/,
    ],
    [
      "an alert on a signal that is absent when all is well",
      "service:http_metrics_missing:count > 0",
      "(service:http_metrics_missing:count == 1) > 0",
      /^query\/empty-signal: The alert HttpMetricsMissing compares/,
    ],
  ])("is told of %s", (_, from, to, expected) => {
    const found = foundAfter(from, to);
    expect(
      found.filter((line) => expected.test(line)),
      found.join("\n"),
    ).not.toEqual([]);
  });

  it("is told of a panel that is empty in one environment only", () => {
    const found = foundAfter(
      '"max(service_route:http_request_latency_seconds:p95_5m{',
      '"max(service_route:http_request_latency_seconds:p95_5m{environment!=\\"staging\\", ',
    );
    const of = '"Slowest route, p95" of "HTTP services" is empty with environment staging';
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining(of)]));
  });
});

it("queries that are neither PromQL nor LogQL are named as not checked", () => {
  const panels = [{ title: "Traces", datasource: { type: "tempo" }, targets: [{ expr: '{name="a"}' }] }];
  const files = [{ path: "grafana/dashboards/traces.json", text: JSON.stringify({ title: "Traces", panels }) }];
  expect(platformQueryFindings(platform, rulesOf(platform), files, engine)).toEqual([
    expect.objectContaining({
      rule: "query/not-checked",
      severity: "info",
      detail: 'Not checked: panel "Traces" (tempo).',
    }),
  ]);
});

describe("the catalogue", () => {
  const catalogue = buildCatalogue(platform, ruleQueries(rulesOf(platform), engine), engine);

  it("holds every series that a world exposes, with all its labels and values", () => {
    const timeline = { startMs: Date.UTC(2026, 0, 5, 11), endMs: Date.UTC(2026, 0, 5, 11, 5) };
    const worlds = platform.services.flatMap((service) =>
      service.environments.map((name) => healthy(service, name).always(everyRoute().withErrors(percent(20)))),
    );
    const series = worlds.flatMap((world) => expose(world, timeline, 15));
    for (const {
      labels: { __name__ = "", ...labels },
    } of series) {
      const kinds = catalogue.get(__name__)?.series ?? [];
      const fitting = kinds.filter(
        (kind) =>
          Object.keys(kind).sort().join() === Object.keys(labels).sort().join() &&
          Object.entries(labels).every(([name, value]) => kind[name] === "open" || kind[name]?.includes(value)),
      );
      expect(fitting, JSON.stringify({ __name__, ...labels })).toHaveLength(1);
    }
    const exposed = new Set(series.map(({ labels }) => labels.__name__));
    const invented = [...catalogue].filter(([name, { type }]) => type === "counter" && !exposed.has(name));
    expect(invented).toEqual([]);
  });

  it("knows of recorded series for which services they exist", () => {
    const services = (name: string) =>
      [...new Set(catalogue.get(name)?.series.flatMap(({ service }) => service ?? []))].sort();
    expect(services("service:http_requests:rate5m")).toEqual(["gallery", "orders-api", "search"]);
    // Only what is scraped has targets.
    expect(services("service:http_targets_up:ratio")).toEqual(["gallery", "orders-api"]);
  });
});
