import { expect, test } from "vitest";
import { HttpErrorRatioHigh, HttpTargetDown } from "../../alert-rules/http.ts";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import type { SampleSeries } from "../../src/engine/evaluation.ts";
import { dashboardUid, logsLink, lokiDatasourceUid, runbookLink, templateText } from "../../src/model/links.ts";
import { dashboardLink, servicesWithOwnDashboard } from "../../src/model/own-dashboards.ts";
import { seconds } from "../../src/model/quantity.ts";
import { renderRules } from "../../src/render/rules.ts";
import fc from "../helpers/fast-check.ts";
import { samplePlatform } from "../sample-platform.ts";

test("a uid is stable, tells services apart and is never longer than Grafana takes", () => {
  expect(dashboardUid("http")).toBe("firedrill-http");
  expect(dashboardUid("http", "orders-api")).toBe("firedrill-http-orders-api");
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
      expect(dashboardUid("http", a)).toMatch(/^[\w-]{1,40}$/);
      if (a !== b) expect(dashboardUid("http", a)).not.toBe(dashboardUid("http", b));
    }),
  );
});

test("who differs from the default in a threshold, a duration or an alert has a dashboard of its own", () => {
  const names = (change = {}) => servicesWithOwnDashboard("http", samplePlatform(change)).map(({ name }) => name);
  expect(names()).toEqual(["gallery", "search"]);
  // An override that says what the default says draws no other line.
  expect(names({ thresholds: { HttpLatencyHigh: { critical: seconds(3), for: seconds(600) } } })).toEqual(["gallery"]);
  expect(names({ features: { HttpNoTraffic: false } })).toEqual(["search"]);
});

test("the link to the dashboard chooses between those of the services that the rule is for", () => {
  const platform = samplePlatform();
  const link = (...names: string[]) => dashboardLink(HttpTargetDown, platform, new Set(names));
  const variables =
    "?var-environment={{ $labels.environment | urlquery }}&var-service={{ $labels.service | urlquery }}";
  expect(link("orders-api")).toBe(`https://grafana.example.com/d/firedrill-http${variables}`);
  expect(link("search")).toBe(`https://grafana.example.com/d/firedrill-http-search${variables}`);
  expect(link("orders-api", "search")).toBe(
    `https://grafana.example.com/d/{{ if eq $labels.service "search" }}firedrill-http-search{{ else }}firedrill-http{{ end }}${variables}`,
  );
  expect(link("gallery", "search")).toBe(
    `https://grafana.example.com/d/{{ if eq $labels.service "gallery" }}firedrill-http-gallery{{ else }}firedrill-http-search{{ end }}${variables}`,
  );
});

test("addresses with a slash at the end are joined with one", () => {
  const platform = samplePlatform({
    links: { grafana: "https://g.example.com/", runbooks: "https://r.example.com/x//" },
  });
  expect(runbookLink(HttpTargetDown, platform)).toBe("https://r.example.com/x/http/HttpTargetDown.md");
  expect(logsLink(platform)).toMatch(/^https:\/\/g\.example\.com\/explore\?/);
});

/** Ten minutes in which a route of a service fails every time; labels of any shape. */
function failing(labels: Record<string, string>): SampleSeries[] {
  const timestampsMs = Float64Array.from({ length: 60 }, (_, index) => index * 15_000);
  return [
    {
      labels: {
        __name__: "http_requests_total",
        instrumentation: "fastapi-instrumentator",
        team: "orders",
        status: "500",
        ...labels,
      },
      timestampsMs,
      values: timestampsMs.map((ms) => ms / 100),
    },
  ];
}

function annotationsOf(engine: Engine, labels: { service: string; environment: string; handler: string }) {
  const platform = samplePlatform({
    links: { grafana: "https://grafana.example.com/{{x}}", runbooks: "https://git.example.com" },
    services: samplePlatform().services.map((service) =>
      service.name === "search" ? { ...service, name: labels.service } : service,
    ),
  });
  const { alerts, errors } = engine.evaluate({
    ruleFiles: renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text })),
    series: failing(labels),
    startMs: 0,
    endMs: 15 * 60_000,
    evaluationIntervalMs: 30_000,
  });
  expect(errors).toEqual([]);
  const found = alerts.find(
    ({ labels: own }) => own.alertname === HttpErrorRatioHigh.name && own.severity === "critical",
  );
  return { platform, annotations: found?.annotations ?? {} };
}

const hostileTexts = [
  'a"b',
  "a\\b",
  "a&var-service=x#y?z",
  "{{ .Labels }}",
  "`",
  "%q %s",
  "<!channel>",
  "}}",
  "ö/ü $x",
];
/** What monitoring.yaml names cannot hold control characters; what a service puts into its labels can. */
const hostileName = fc.constantFrom(...hostileTexts);
const hostileLabel = fc.oneof(
  fc.constantFrom(...hostileTexts, "a b\nc\t\u0007", "\u007f\u00a0\u2028"),
  fc.string({ minLength: 1, maxLength: 8, unit: "binary" }).filter((text) => Buffer.from(text).toString() === text),
);

test("links keep labels of any shape as they are, through the templates that Prometheus renders", async () => {
  const engine = await loadEngine();
  fc.assert(
    fc.property(hostileName, hostileLabel, hostileLabel, (service, environment, handler) => {
      const { annotations, platform } = annotationsOf(engine, { service, environment, handler });
      const dashboard = new URL(annotations.dashboard_url ?? "");
      expect(dashboard.href.startsWith("https://grafana.example.com/%7B%7Bx%7D%7D/d/")).toBe(true);
      expect(dashboard.pathname.split("/").at(-1)).toBe(dashboardUid("http", service));
      expect(Object.fromEntries(dashboard.searchParams)).toEqual({
        "var-service": service,
        "var-environment": environment,
        "var-route": handler,
      });
      const panes = new URL(annotations.logs_url ?? "").searchParams.get("panes") ?? "";
      const { queries, datasource } = (
        JSON.parse(panes) as { logs: { datasource: string; queries: { expr: string }[] } }
      ).logs;
      expect(datasource).toBe(lokiDatasourceUid);
      // LogQL quotes as PromQL does.
      expect(engine.parse(queries[0]?.expr ?? "").selectors?.[0]?.matchers).toEqual([
        { name: "service_name", op: "=", value: service },
        // Who is told of staging must not read what production says.
        { name: "environment", op: "=", value: environment },
      ]);
      expect(annotations.runbook_url).toBe(runbookLink(HttpErrorRatioHigh, platform));
    }),
    { numRuns: 30 },
  );
}, 60_000);

test("text stays text in a template", async () => {
  expect(templateText("no braces")).toBe("no braces");
  expect(templateText("{{ .X }}")).toBe('{{ "{{" }} .X }}');
});
