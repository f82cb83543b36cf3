import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import type { SloReport } from "../src/review/slo-report.ts";
import { recordedPrometheus } from "./helpers/recorded-prometheus.ts";
import { withoutProgress } from "./helpers/without-progress.ts";

const report = (args: readonly string[]) =>
  spawnSync(
    process.execPath,
    ["scripts/firedrill.mjs", "slo-report", "--config", "examples/slo/monitoring.yaml", ...args],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );

/** Per second, on each of three days from 1 October 2026 on; undefined: nothing was recorded. */
const days: Readonly<Record<string, readonly ({ events: number; bad: number } | undefined)[]>> = {
  availability: [
    { events: 10, bad: 0 },
    { events: 10, bad: 0.05 },
    { events: 20, bad: 0.01 },
  ],
  latency: [{ events: 10, bad: 0.02 }, undefined, { events: 10, bad: 0.02 }],
};

/** As the rules record it, once an hour. */
function recorded(): string {
  const lines = (metric: string, rateOf: (day: { events: number; bad: number }) => number) =>
    Object.entries(days).flatMap(([slo, each]) =>
      each.flatMap((day, index) =>
        Array.from({ length: 24 }, (_, hour) => {
          const seconds = Date.UTC(2026, 9, 1 + index, hour, 30) / 1000;
          const labels = `environment="production",service="orders",team="shop",slo="${slo}"`;
          return day ? `${metric}{${labels}} ${rateOf(day)} ${seconds}` : "";
        }).filter(Boolean),
      ),
    );
  return [
    "# TYPE service_slo:events:rate5m gauge",
    ...lines("service_slo:events:rate5m", ({ events }) => events),
    "# TYPE service_slo:bad_events:rate5m gauge",
    ...lines("service_slo:bad_events:rate5m", ({ bad }) => bad),
    "# EOF\n",
  ].join("\n");
}

it("a report on what a real Prometheus has recorded says what was attained, as worked out by hand", async (context) => {
  const address = await recordedPrometheus(recorded(), context);
  const period = ["--prometheus", address, "--from", "2026-10-01", "--to", "2026-10-04"];
  const { stdout, stderr, status } = report([...period, "--format", "json"]);
  expect(withoutProgress(stderr)).toBe("");
  const written = JSON.parse(stdout) as SloReport;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync("docs/slo-report.schema.json", "utf8")),
  );
  expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
  const of = (service: string, slo: string, environment = "production") =>
    written.slos.find((one) => one.service === service && one.slo === slo && one.environment === environment);

  // 24 values a day: 240 + 240 + 480 events, of which 0 + 1.2 + 0.24 were bad, where 0.96 may be.
  const availability = of("orders", "availability");
  expect(availability).toMatchObject({ objective: 0.999, isKept: false, partsCounted: 3, parts: 3 });
  expect(availability?.attained).toBeCloseTo(0.9985, 9);
  expect(availability?.budgetSpent).toBeCloseTo(1.5, 9);
  expect(availability?.budgetLeft).toBeCloseTo(-0.5, 9);
  expect(availability?.worstDay?.date).toBe("2026-10-02");
  expect(availability?.worstDay?.attained).toBeCloseTo(0.995, 9);
  expect(availability?.worstDay?.budgetSpent).toBeCloseTo(1.25, 9);
  // 480 events, of which 0.96 were bad, where 4.8 may be.
  const latency = of("orders", "latency");
  expect(latency).toMatchObject({ objective: 0.99, isKept: true, partsCounted: 2, parts: 3 });
  expect(latency?.attained).toBeCloseTo(0.998, 9);
  expect(latency?.budgetSpent).toBeCloseTo(0.2, 9);
  expect(of("catalogue", "availability")).toEqual({
    ...{ environment: "production", service: "catalogue", slo: "availability", objective: 0.995 },
    ...{ partsCounted: 0, parts: 3 },
  });
  // An objective was missed.
  expect(status).toBe(1);

  const page = report(period).stdout;
  expect(page).toContain("# SLOs of shop, 2026-10-01 00:00 to 2026-10-04 00:00 UTC");
  expect(page).toContain(
    "| orders | production | availability | 99.9 % | 99.85 % **missed** | 150 % | -50 % | 2026-10-02: 99.5 %, 125 % of the budget |",
  );
  expect(page).toContain("| orders | production | latency | 99 % | 99.8 % | 20 % | 80 % |");
  expect(page).toMatch(/Nothing was counted for: .*catalogue availability in production/);
  expect(page).toContain("Counted on some days only: orders latency in production (2 of 3).");
}, 180_000);

it.each([
  [["--from", "2026-10-04", "--to", "2026-10-01"], 2, "--from is not before --to"],
  [["--from", "yesterday"], 2, "2026-10-01T06:00Z"],
  [["--period", "30"], 2, "give a duration"],
  [["--format", "pdf"], 2, "md, json"],
  [[], 3, "gave no answer"],
])("what cannot be reported is told: %j", (args, code, told) => {
  const { status, stderr } = report(["--prometheus", "http://127.0.0.1:1", ...args]);
  expect(stderr).toContain(told);
  expect(status).toBe(code);
});
