import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import type { ExperimentReport } from "../src/review/experiment-report.ts";
import { recordedPrometheus } from "./helpers/recorded-prometheus.ts";
import { withoutProgress } from "./helpers/without-progress.ts";

const report = (args: readonly string[]) =>
  spawnSync(
    process.execPath,
    ["scripts/firedrill.mjs", "experiment-report", "--config", "examples/icp-marketplace/monitoring.yaml", ...args],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );

const hour = (of: number) => Date.UTC(2026, 9, 1, of) / 1000;

/** What is recorded at a whole hour of the control, then of the treatment: events, and the share of bad ones. */
const moments: Readonly<Record<number, readonly (readonly [events: number, bad?: number])[]>> = {
  10: [[280], [310, 0.5]],
  11: [
    [2000, 0.1],
    [2000, 0.11],
  ],
  12: [
    [8000, 0.1],
    [8000, 0.101],
  ],
  13: [
    [5000, 0.1],
    [5000, 0.13],
  ],
  14: [
    [5000, 0.13],
    [5000, 0.1],
  ],
  // 45 to 55: who is sent to the treatment is not left to chance.
  15: [
    [4500, 0.13],
    [5500, 0.1],
  ],
};

function recorded(): string {
  const of = (arm: number) =>
    `{environment="production",service="swaps",team="product",experiment="one-tap-offer",kpi="missed",arm="${arm === 0 ? "control" : "treatment"}"}`;
  const lines = (metric: string, value: (arm: readonly [number, number?]) => number | undefined) =>
    Object.entries(moments).flatMap(([at, arms]) =>
      arms.flatMap((arm, index) => {
        const seen = value(arm);
        return seen === undefined ? [] : [`${metric}${of(index)} ${seen} ${hour(Number(at))}`];
      }),
    );
  return [
    "# TYPE experiment_arm:events:count28d gauge",
    ...lines("experiment_arm:events:count28d", ([events]) => events),
    "# TYPE experiment_arm:bad_events:ratio28d gauge",
    ...lines("experiment_arm:bad_events:ratio28d", ([, bad]) => bad),
    "# EOF\n",
  ].join("\n");
}

it("a report on what a real Prometheus has recorded says which variant is better, as worked out by hand", async (context) => {
  const address = await recordedPrometheus(recorded(), context);
  const at = (moment: string, ...more: string[]) => report(["--prometheus", address, "--to", moment, ...more]);

  const { stdout, stderr, status } = at("2026-10-01T13:01Z", "--format", "json");
  expect(withoutProgress(stderr)).toBe("");
  const written = JSON.parse(stdout) as ExperimentReport;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync("docs/experiment-report.schema.json", "utf8")),
  );
  expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
  expect(written.experiments).toMatchObject([
    {
      ...{ environment: "production", service: "swaps", experiment: "one-tap-offer", kpi: "missed" },
      ...{ effect: 0.02, level: 0.05, verdict: "worse" },
      ...{ control: { events: 5000, badShare: 0.1 }, treatment: { events: 5000, badShare: 0.13 } },
    },
  ]);
  const [one] = written.experiments;
  expect(one?.difference).toBeCloseTo(0.03, 12);
  // (1151 / 10002) · (8851 / 10002) · 0.0004 = V = 4.0734e-5
  expect(one?.z).toBeCloseTo(4.7005, 4);
  expect(one?.p).toBeCloseTo(0.00014545, 8);
  // √(1 + τ²/V) · exp(−z²/2 · τ²/(τ² + V)), and √V · √((1 + V/τ²) · (ln(1 + τ²/V) − 2 · ln 0.05))
  expect(one?.interval?.from).toBeCloseTo(0.03 - 0.0193853, 6);
  expect(one?.interval?.to).toBeCloseTo(0.03 + 0.0193853, 6);
  expect(status).toBe(1);

  expect(at("2026-10-01T13:01Z").stdout).toContain(
    "| swaps | production | one-tap-offer | missed | 10 % | 13 % | +3 % | +1.061 % to +4.939 % | 0.0001 | 5 % | 5000 / 5000 |",
  );
  expect(at("2026-10-01T13:01Z").stdout).toMatch(/\| 50 % \| \*\*worse\*\* \|\n*$/);
  for (const [moment, verdict, code] of [
    ["2026-10-01T09:00Z", "no data", 3],
    ["2026-10-01T10:01Z", "not enough events yet", 0],
    ["2026-10-01T11:01Z", "not enough events yet", 0],
    ["2026-10-01T12:01Z", "no difference shown", 0],
    ["2026-10-01T14:01Z", "better", 0],
    // What was recorded last is told for a month.
    ["2026-10-30T15:01Z", "better", 0],
    ["2026-11-01T15:01Z", "no data", 3],
  ] as const) {
    const told = at(moment);
    expect(told.stdout, moment).toContain(`| ${verdict} |`);
    expect(told.status, moment).toBe(code);
  }

  const uneven = at("2026-10-01T15:01Z").stdout;
  expect(uneven).toContain("| 4500 / 5500 |");
  expect(uneven).toContain("| **55 %, not 50 %** | better |");
  // 0.05² / (0.25 / 10000)
  expect(uneven).toContain("the treatment has 55 % of the events instead of 50 % (χ² 100.0, p < 0.0001).");
  const { experiments } = JSON.parse(at("2026-10-01T15:01Z", "--format", "json").stdout) as ExperimentReport;
  expect(validate({ ...written, experiments }), JSON.stringify(validate.errors)).toBe(true);
  expect(experiments[0]?.split).toMatchObject({ seen: 0.55, asPlanned: false });
}, 240_000);

it("what cannot be reported is told", () => {
  const { status, stderr } = report(["--prometheus", "http://127.0.0.1:1"]);
  expect(stderr).toContain("gave no answer");
  expect(status).toBe(3);
}, 120_000);
