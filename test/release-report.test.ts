import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import type { ReleaseReport } from "../src/review/release-report.ts";
import { recordedPrometheus } from "./helpers/recorded-prometheus.ts";
import { withoutProgress } from "./helpers/without-progress.ts";

const report = (args: readonly string[]) =>
  spawnSync(
    process.execPath,
    ["scripts/firedrill.mjs", "release-report", "--config", "examples/growing-platform/monitoring.yaml", ...args],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );

const hour = (of: number) => Date.UTC(2026, 9, 1, of) / 1000;
const since = hour(9) + 1800;

/** What is recorded at a whole hour: version 2.0.0 since half past nine. */
const moments: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  // 60 of 1000 fail where 40 of 1000 did: z is 2.05. Of 1000, 200 are slow where 100 were: z is 6.26.
  10: {
    'service:newest_version:timestamp_seconds{version="2.0.0"}': since,
    'service:older_versions:timestamp_seconds{version="1.0.0"}': hour(1),
    'service:release_requests:count30m{version="2.0.0"}': 1000,
    'service:release_before_requests:count{before="1.0.0"}': 1000,
    'service:release_bad_requests:ratio30m{version="2.0.0",kpi="failed"}': 0.06,
    'service:release_before_bad_requests:ratio{before="1.0.0",kpi="failed"}': 0.04,
    'service:release_bad_requests:ratio30m{version="2.0.0",kpi="slow"}': 0.2,
    'service:release_before_bad_requests:ratio{before="1.0.0",kpi="slow"}': 0.1,
  },
  // The other way round for those that are slow.
  11: {
    'service:newest_version:timestamp_seconds{version="2.0.0"}': since,
    'service:older_versions:timestamp_seconds{version="1.0.0"}': hour(1),
    'service:release_requests:count30m{version="2.0.0"}': 1000,
    'service:release_before_requests:count{before="1.0.0"}': 1000,
    'service:release_bad_requests:ratio30m{version="2.0.0",kpi="slow"}': 0.1,
    'service:release_before_bad_requests:ratio{before="1.0.0",kpi="slow"}': 0.2,
  },
  12: {
    'service:newest_version:timestamp_seconds{version="2.0.0"}': since,
    'service:older_versions:timestamp_seconds{version="1.0.0"}': hour(1),
  },
  13: { 'service:newest_version:timestamp_seconds{version="2.0.0"}': since },
  // Of those that were slow, 200 of 1000 are; nobody knows what became of 1.0.0. It is no longer worse by failures.
  15: {
    'service:newest_version:timestamp_seconds{version="2.0.0"}': since,
    'service:release_requests:count30m{version="2.0.0"}': 1000,
    'service:release_bad_requests:ratio30m{version="2.0.0",kpi="failed"}': 0.03,
    'service:release_bad_requests:ratio30m{version="2.0.0",kpi="slow"}': 0.2,
    'service:release_worse_than:ratio{version="2.0.0",before="1.0.0",kpi="failed"}': 0.04,
    'service:release_worse_than:ratio{version="2.0.0",before="1.0.0",kpi="slow"}': 0.1,
    'service:release_bad_requests:z{version="2.0.0",before="1.0.0",kpi="failed"}': 4.5,
    'service:release_bad_requests:z{version="2.0.0",before="1.0.0",kpi="slow"}': 6.26,
  },
  // The day after the next nothing is known of what was before.
  40: {
    'service:newest_version:timestamp_seconds{version="2.0.0"}': since,
    'service:release_requests:count30m{version="2.0.0"}': 1000,
    'service:release_bad_requests:ratio30m{version="2.0.0",kpi="slow"}': 0.2,
  },
};

function recorded(): string {
  const samples = Object.entries(moments).flatMap(([at, values]) =>
    Object.entries(values).map(([series, value]) => {
      const labelled = series.replace("{", '{environment="production",service="accounts",team="product",');
      return { metric: series.replace(/\{.*/, ""), line: `${labelled} ${value} ${hour(Number(at))}` };
    }),
  );
  const metrics = [...new Set(samples.map(({ metric }) => metric))];
  return [
    ...metrics.flatMap((metric) => [
      `# TYPE ${metric} gauge`,
      ...samples.filter((one) => one.metric === metric).map(({ line }) => line),
    ]),
    "# EOF\n",
  ].join("\n");
}

it("a report on what a real Prometheus has recorded says what became of a release, as worked out by hand", async (context) => {
  const address = await recordedPrometheus(recorded(), context);
  const at = (clock: string, ...more: string[]) =>
    report(["--prometheus", address, "--to", `2026-10-01T${clock}Z`, ...more]);

  const { stdout, stderr, status } = at("10:01", "--format", "json");
  expect(withoutProgress(stderr)).toBe("");
  const written = JSON.parse(stdout) as ReleaseReport;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync("docs/release-report.schema.json", "utf8")),
  );
  expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
  expect(written.releases).toMatchObject([
    {
      ...{ service: "accounts", environment: "production", version: "2.0.0", since: "2026-10-01T09:30:00.000Z" },
      ...{ requests: 1000, before: { version: "1.0.0", requests: 1000 }, verdict: "worse" },
    },
  ]);
  const kpis = new Map(written.releases.flatMap((one) => one.kpis).map((one) => [one.kpi, one]));
  expect(kpis.get("failed")).toMatchObject({ verdict: "no difference shown" });
  expect(kpis.get("failed")?.z).toBeCloseTo(2.0519567, 6);
  expect(kpis.get("slow")).toMatchObject({ before: 0.1, after: 0.2, verdict: "worse" });
  // p = 0.15: 0.1 / √(0.15 · 0.85 · 0.002)
  expect(kpis.get("slow")?.z).toBeCloseTo(6.2622429, 6);
  expect(status).toBe(1);

  const page = at("10:01").stdout;
  expect(page).toContain("# Releases of growing-platform, 2026-10-01 10:01 UTC");
  expect(page).toContain(
    "| accounts | production | 2.0.0 | 1.0.0 | slow | 10 % | 20 % (+10 %) | 1000 / 1000 | 6.3 | **worse** |",
  );
  for (const [clock, verdict, code] of [
    ["11:01", "better", 0],
    ["12:01", "too little traffic", 0],
    ["13:01", "nothing to compare with", 0],
    ["14:01", "no data", 3],
  ] as const) {
    const told = at(clock);
    expect(told.stdout).toContain(`| ${verdict} |`);
    expect(told.status, clock).toBe(code);
  }

  const held = at("15:01");
  const row =
    "| accounts | production | 2.0.0 | 1.0.0 | slow | 10 % | 20 % (+10 %) | 1000 / – | 6.3 | **still worse** |";
  expect(held.stdout).toContain(row);
  expect(held.stdout).not.toContain("failed");
  expect(held.status).toBe(1);
  const { releases } = JSON.parse(at("15:01", "--format", "json").stdout) as ReleaseReport;
  expect(validate({ ...written, releases }), JSON.stringify(validate.errors)).toBe(true);
  expect(releases).toMatchObject([{ verdict: "still worse", before: { version: "1.0.0" } }]);
  const later = report(["--prometheus", address, "--to", "2026-10-02T16:01Z"]);
  expect(later.stdout).toContain("| nothing to compare with |");
  expect(later.status).toBe(0);
}, 240_000);

it("what cannot be reported is told", () => {
  const { status, stderr } = report(["--prometheus", "http://127.0.0.1:1"]);
  expect(stderr).toContain("gave no answer");
  expect(status).toBe(3);
}, 120_000);
