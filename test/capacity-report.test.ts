import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { type CapacityReport, capacityReport, capacityReportMarkdown } from "../src/review/capacity-report.ts";
import { recordedPrometheus } from "./helpers/recorded-prometheus.ts";
import { withoutProgress } from "./helpers/without-progress.ts";

const report = (args: readonly string[]) =>
  spawnSync(
    process.execPath,
    ["scripts/firedrill.mjs", "capacity-report", "--config", "examples/growing-platform/monitoring.yaml", ...args],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" }, timeout: 120_000 },
  );

const schema = new Ajv({ strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync("docs/capacity-report.schema.json", "utf8")),
);

const day = 86_400;
const on = (mountpoint: string) =>
  `environment="production",service="hosts",team="infrastructure",signal="host_disk_use",instance="host-1.internal:9100",mountpoint="${mountpoint}"`;
const database = `environment="production",service="database",team="infrastructure",signal="postgres_connection_use",instance="db-1.internal:9187"`;

const requests = `environment="production",service="accounts",team="product",signal="http_request_rate",route="/login"`;

/** As the rules record it, by series and labels. */
const recorded: readonly [series: string, labels: string, value: number][] = [
  ["capacity:value:avg1h", on("/data"), 0.8],
  ["capacity:peak:trend30d", on("/data"), 0.01],
  ["capacity:peak:trend30d_margin", on("/data"), 0.002],
  ["capacity:peak:forecast", `${on("/data")},horizon="7d"`, 0.87],
  ["capacity:peak:forecast", `${on("/data")},horizon="30d"`, 1.1],
  ["capacity:peak:forecast_low", `${on("/data")},horizon="30d"`, 1.03],
  ["capacity:peak:forecast_high", `${on("/data")},horizon="30d"`, 1.17],
  ["capacity:peak:limit", on("/data"), 0.95],
  ["capacity:peak:time_left", on("/data"), 15 * day],
  ["capacity:peak:time_left_early", on("/data"), 12 * day],
  ["capacity:peak:time_left_late", on("/data"), 20 * day],
  // Nothing grows here.
  ["capacity:value:avg1h", on("/"), 0.3],
  ["capacity:peak:trend30d", on("/"), -0.001],
  ["capacity:peak:trend30d_margin", on("/"), 0.0005],
  ["capacity:peak:limit", on("/"), 0.95],
  ["capacity:peak:time_left", on("/"), 365 * day],
  ["capacity:peak:time_left_early", on("/"), 365 * day],
  ["capacity:peak:time_left_late", on("/"), 365 * day],
  // Without a limit.
  ["capacity:value:avg1h", requests, 120],
  ["capacity:peak:trend30d", requests, 2],
  ["capacity:peak:trend30d_margin", requests, 5],
  ["capacity:peak:limit", requests, Infinity],
  ["capacity:peak:time_left", requests, 365 * day],
  // Too young for a trend.
  ["capacity:value:avg1h", database, 0.5],
  ["capacity:peak:limit", database, 0.95],
];

/** An hour before the report is made. */
const recordedAt = Date.UTC(2026, 9, 1, 11) / 1000;

function openMetrics(): string {
  const names = [...new Set(recorded.map(([series]) => series))];
  return [
    ...names.flatMap((name) => [
      `# TYPE ${name} gauge`,
      ...recorded
        .filter(([series]) => series === name)
        .map(([series, labels, value]) => `${series}{${labels}} ${value === Infinity ? "+Inf" : value} ${recordedAt}`),
    ]),
    "# EOF\n",
  ].join("\n");
}

it("a report on what a real Prometheus has recorded says what runs out, when, and how sure that is", async (context) => {
  const address = await recordedPrometheus(openMetrics(), context);
  const asked = ["--prometheus", address, "--to", "2026-10-01T12:00Z"];
  const { stdout, stderr, status } = report([...asked, "--format", "json"]);
  expect(withoutProgress(stderr)).toBe("");
  const written = JSON.parse(stdout) as CapacityReport;
  expect(schema(written), JSON.stringify(schema.errors)).toBe(true);
  const place = { instance: "host-1.internal:9100" };
  const disk = { environment: "production", service: "hosts", signal: "host_disk_use", unit: "ratio" };
  expect(written.items).toEqual([
    {
      ...disk,
      place: { ...place, mountpoint: "/data" },
      ...{ now: 0.8, trendPerDay: 0.01, trendMargin: 0.002, limit: 0.95, surety: "sure" },
      in30Days: { likely: 1.1, low: 1.03, high: 1.17 },
      reached: { likely: "2026-10-16", earliest: "2026-10-13", latest: "2026-10-21" },
    },
    {
      ...disk,
      place: { ...place, mountpoint: "/" },
      ...{ now: 0.3, trendPerDay: -0.001, trendMargin: 0.0005, limit: 0.95, surety: "not in sight" },
      reached: {},
    },
    {
      ...{ environment: "production", service: "accounts", signal: "http_request_rate", unit: "requests/second" },
      ...{ place: { route: "/login" }, now: 120, trendPerDay: 2, trendMargin: 5, surety: "no limit" },
    },
    {
      ...{ environment: "production", service: "database", signal: "postgres_connection_use", unit: "ratio" },
      ...{ place: { instance: "db-1.internal:9187" }, now: 0.5, limit: 0.95, surety: "too short" },
    },
  ]);
  expect(written.unknown).toEqual([
    { environment: "production", service: "database", signal: "postgres_size" },
    { environment: "production", service: "hosts", signal: "host_memory_use" },
  ]);
  // Of some that is asked for nothing is recorded.
  expect(status).toBe(3);

  const page = report(asked).stdout;
  expect(page).toContain("# Capacity of growing-platform, 2026-10-01 12:00 UTC");
  expect(page).toContain(
    "| hosts, production | host\\_disk\\_use | host-1.internal:9100, /data | 80 % | +1 % ± 0.2 % | 110 % (103 % to 117 %) | 95 % | 2026-10-16 | 2026-10-13 and 2026-10-21 | nine of ten sure by the latest date |",
  );
  expect(page).toMatch(/\| -0.1 % ± 0.05 % \| – \| 95 % \| – \| – \| not within a year \|/);
  expect(page).toContain(
    "Nothing is recorded of: postgres\\_size of database in production; host\\_memory\\_use of hosts in production.",
  );
}, 180_000);

it("what is told of a date follows from which of the three there are", () => {
  const asked = { environment: "e", service: "s", signal: "x", unit: "count" } as const;
  const of = (times: { left?: number; leftEarly?: number; leftLate?: number; limit?: number }) => {
    const labels = { environment: "e", service: "s", signal: "x", team: "t", place: "a|b" };
    return capacityReport("p", 0, [asked], [{ labels, value: 1, trend: 1, ...times }]);
  };
  const year = 365 * day;
  const suretyOf = (times: Parameters<typeof of>[0]) => of(times).items[0]?.surety;
  expect(suretyOf({})).toBe("no limit");
  expect(suretyOf({ limit: 5 })).toBe("passed");
  expect(suretyOf({ limit: 5, leftEarly: day, left: 2 * day, leftLate: 3 * day })).toBe("sure");
  expect(suretyOf({ limit: 5, leftEarly: day, left: 2 * day, leftLate: year })).toBe("likely");
  expect(suretyOf({ limit: 5, leftEarly: day, left: year, leftLate: year })).toBe("possible");
  expect(suretyOf({ limit: 5, leftEarly: year, left: year, leftLate: year })).toBe("not in sight");
  expect(capacityReportMarkdown(of({}))).toContain("| a\\|b |");
});

it.each([
  [["--to", "yesterday"], 2, "2026-10-01T06:00Z"],
  [["--format", "pdf"], 2, "md, json"],
  [[], 3, "gave no answer"],
  [["--config", "monitoring.yaml"], 1, "nothing to forecast"],
])("what cannot be reported is told: %j", { timeout: 120_000 }, (args, code, told) => {
  const { status, stderr } = report(["--prometheus", "http://127.0.0.1:1", ...args]);
  expect(stderr).toContain(told);
  expect(status).toBe(code);
});
