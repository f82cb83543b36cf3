import { expect, test } from "vitest";
import { SloBudgetBurnsFast, SloBudgetBurnsForHours } from "../../alert-rules/slo.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { SloProps } from "../../src/model/indicator.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { days, percent, seconds } from "../../src/model/quantity.ts";
import { alertmanagerConfig } from "../../src/render/alertmanager.ts";
import { renderAll } from "../../src/render/render.ts";
import { renderRules } from "../../src/render/rules.ts";
import { readRunbooks } from "../../src/review/runbooks.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { everyRoute } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import { samplePlatform } from "../sample-platform.ts";

const availability: SloProps = { indicator: "availability", objective: percent(99.9) };
const latency: SloProps = { indicator: "latency", within: seconds(1), objective: percent(99) };

const service = (name: string, slos?: SloProps[], rest: Partial<ServiceProps> = {}): ServiceProps => ({
  name,
  owner: "orders",
  packs: ["http"],
  scrape: { targets: { production: ["127.0.0.1:8000"] } },
  instrumentation: { kind: "fastapi-instrumentator" },
  ...(slos && { slos }),
  ...rest,
});

const rulesOf = (services: ServiceProps[]) =>
  renderRules(samplePlatform({ services })).map(({ path, text }) => ({ name: path, yaml: text }));

test("ten thousand services with the same objectives cost the same rules as one", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => service(`service-${index}`, [availability, latency]));
  expect(rulesOf(many)).toEqual(rulesOf([service("one", [availability, latency])]));
});

test("a service without objectives has none of it, whatever its neighbours have", () => {
  const plain = renderAll(samplePlatform({ services: [service("a"), service("b")] }));
  const mixed = renderAll(samplePlatform({ services: [service("a"), service("b", [availability])] }));
  expect(plain.filter(({ path }) => path.includes("slo"))).toEqual([]);
  const rules = ({ path }: { path: string }) => path === "prometheus/rules/http.yml";
  expect(mixed.find(rules)).toEqual(plain.find(rules));
  const platform = samplePlatform({ services: [service("a"), service("b", [availability])] });
  expect(platform.services.map(({ promises }) => promises.has("SloBudgetBurnsFast"))).toEqual([false, true]);
});

test("a faster burn holds back slower ones of the same SLO, and no others", () => {
  const { inhibit_rules } = alertmanagerConfig(samplePlatform({ services: [service("a", [availability])] }));
  expect(inhibit_rules.filter(({ source_matchers: [first = ""] }) => first.includes("Slo"))).toEqual(
    [
      ["SloBudgetBurnsFast", 'alertname=~"SloBudgetBurnsForHours|SloBudgetBurnsForADay|SloBudgetBurnsSlowly"'],
      ["SloBudgetBurnsForHours", 'alertname=~"SloBudgetBurnsForADay|SloBudgetBurnsSlowly"'],
      ["SloBudgetBurnsForADay", 'alertname="SloBudgetBurnsSlowly"'],
    ].map(([source, target]) => ({
      source_matchers: [`alertname="${source}"`],
      target_matchers: [target],
      equal: ["environment", "service", "slo"],
    })),
  );
});

test("an alert is not promised where no objective of the service can burn that fast", () => {
  const of = (value: number) =>
    samplePlatform({ services: [service("a", [{ ...availability, objective: percent(value) }])] }).services[0]
      ?.promises;
  expect(of(90)?.has(SloBudgetBurnsFast.name)).toBe(false);
  expect(of(90)?.has(SloBudgetBurnsForHours.name)).toBe(true);
  expect(of(95)?.has(SloBudgetBurnsFast.name)).toBe(true);
});

/** Two hours, of which the second is bad, seen by services with different objectives, bounds and instrumentations. */
async function afterABadHour(queries: readonly string[]) {
  const engine = await loadEngine();
  const services = [
    service("scraped", [availability, latency]),
    service("pushed", [{ ...availability, objective: percent(99.5), window: days(28) }, latency], {
      scrape: undefined,
      otlp: { environments: ["production"] },
      instrumentation: { kind: "otel-http" },
    }),
  ];
  const timeline = { startMs: clockMs("11:00") ?? 0, endMs: clockMs("13:00") ?? 0 };
  const worlds = samplePlatform({ services }).services.map((one) =>
    healthy(one).from(
      "12:00",
      everyRoute()
        .withErrors(percent(1))
        .withLatency({ p95: seconds(2) }),
    ),
  );
  return engine.evaluate({
    ruleFiles: rulesOf(services),
    series: worlds.flatMap((world) => expose(world, timeline, 30)),
    ...timeline,
    evaluationIntervalMs: 60_000,
    queries: queries.map((expr) => ({ id: expr, expr, startMs: timeline.endMs, endMs: timeline.endMs, stepMs: 1 })),
  }).queries;
}

test("attainment and budgets are those of each service's own objectives", async () => {
  const series = ["service_slo:attainment:ratio", "service_slo:objective:ratio", "service_slo:window:seconds"];
  const answers = await afterABadHour([...series, "service_slo:error_budget_left:ratio"]);
  const valueAt = (id: string, name: string, slo: string) =>
    answers
      .find((one) => one.id === id)
      ?.series.filter(({ labels }) => labels.service === name && labels.slo === slo)
      .map(({ values }) => values[0])[0];
  for (const [name, objective, window] of [
    ["scraped", 0.999, 30],
    ["pushed", 0.995, 28],
  ] as const) {
    expect(valueAt("service_slo:objective:ratio", name, "availability")).toBeCloseTo(objective, 12);
    expect(valueAt("service_slo:window:seconds", name, "availability")).toBe(window * 86_400);
    // Half the time 1 % failed; the rate over five minutes lags a little.
    const attained = valueAt("service_slo:attainment:ratio", name, "availability") ?? Number.NaN;
    expect(attained).toBeGreaterThan(0.995);
    expect(attained).toBeLessThan(0.9954);
    expect(valueAt("service_slo:error_budget_left:ratio", name, "availability")).toBeCloseTo(
      1 - (1 - attained) / (1 - objective),
      9,
    );
    expect(valueAt("service_slo:objective:ratio", name, "latency")).toBeCloseTo(0.99, 12);
    // With a p95 of 2 s, 1 s is 0.259 deviations above the middle (1.645 − ln(2) / 0.5): 39.8 % take longer.
    const slow = 1 - (valueAt("service_slo:attainment:ratio", name, "latency") ?? Number.NaN);
    expect(slow / 0.5).toBeGreaterThan(0.37);
    expect(slow / 0.5).toBeLessThan(0.398);
  }
});

test("every query of a runbook about budgets finds something on a bad day", async () => {
  const pages = [...(await readRunbooks())].filter(([path]) => path.startsWith("runbooks/slo/"));
  const queries = pages.flatMap(([, text]) =>
    [...text.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query = ""]) => query.replaceAll(/\s+/g, " ").trim()),
  );
  const values = { SERVICE: "scraped|pushed", ENVIRONMENT: "production", SLO: "availability" };
  const asked = queries.map((query) =>
    query
      .replaceAll('service="SERVICE"', `service=~"${values.SERVICE}"`)
      .replaceAll("ENVIRONMENT", values.ENVIRONMENT)
      .replaceAll('"SLO"', `"${values.SLO}"`)
      // Two hours are all there is.
      .replaceAll("offset 1d", "offset 1h"),
  );
  const answers = await afterABadHour(asked);
  expect(answers.length).toBeGreaterThan(10);
  expect(answers.filter(({ error, series }) => error !== undefined || series.length === 0).map(({ id }) => id)).toEqual(
    [],
  );
});
