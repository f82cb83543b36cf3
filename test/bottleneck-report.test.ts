import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import type { BottleneckReport } from "../src/review/bottleneck-report.ts";
import { recordedPrometheus } from "./helpers/recorded-prometheus.ts";
import { withoutProgress } from "./helpers/without-progress.ts";

const report = (args: readonly string[], config = "examples/icp-marketplace/monitoring.yaml") =>
  spawnSync(process.execPath, ["scripts/firedrill.mjs", "bottleneck-report", "--config", config, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });

const hour = (of: number) => Date.UTC(2026, 9, 1, of) / 1000;
const wait = "component:journey_wait_seconds";

/** What is recorded at a whole hour: at ten the canister has grown, at eleven nothing has, at twelve there is no history. */
const moments: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  10: {
    [`${wait}:mean1h{component="client"}`]: 1,
    [`${wait}:mean1h{component="canister"}`]: 3,
    [`${wait}:share1h{component="client"}`]: 0.25,
    [`${wait}:share1h{component="canister"}`]: 0.75,
    [`${wait}:growth{component="client",since="yesterday"}`]: -0.5,
    [`${wait}:growth{component="canister",since="yesterday"}`]: 1.4,
    'journey:bottleneck:growth_seconds{component="canister",since="yesterday",load="as many journeys",at="canisters",runbook="canister/CanisterCallsSlow",advice="Find the method."}': 1.4,
  },
  11: {
    [`${wait}:mean1h{component="client"}`]: 1,
    [`${wait}:share1h{component="client"}`]: 1,
    [`${wait}:growth{component="client",since="yesterday"}`]: 0,
  },
  12: { [`${wait}:mean1h{component="client"}`]: 1, [`${wait}:share1h{component="client"}`]: 1 },
};

function recorded(): string {
  const samples = Object.entries(moments).flatMap(([at, values]) =>
    Object.entries(values).map(([series, value]) => {
      const labelled = series.replace("{", '{environment="production",service="swaps",team="product",journey="swap",');
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

it("a report on what a real Prometheus has recorded says what users wait for and what to do", async (context) => {
  const address = await recordedPrometheus(recorded(), context);
  const at = (clock: string, ...more: string[]) =>
    report(["--prometheus", address, "--to", `2026-10-01T${clock}Z`, ...more]);

  const { stdout, stderr, status } = at("10:01", "--format", "json");
  expect(withoutProgress(stderr)).toBe("");
  const written = JSON.parse(stdout) as BottleneckReport;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync("docs/bottleneck-report.schema.json", "utf8")),
  );
  expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
  expect(written).toMatchObject({
    platform: "marketplace",
    journeys: [
      {
        ...{ environment: "production", service: "swaps", journey: "swap", verdict: "bottleneck" },
        parts: [
          { component: "canister", seconds: 3, share: 0.75, growth: { yesterday: 1.4 } },
          { component: "client", seconds: 1, share: 0.25, growth: { yesterday: -0.5 } },
        ],
        recommendation: {
          ...{ component: "canister", since: "yesterday", growthSeconds: 1.4, load: "as many journeys" },
          ...{ at: "canisters", advice: "Find the method." },
          runbook: "https://github.com/example/monitoring/blob/main/runbooks/canister/CanisterCallsSlow.md",
        },
      },
    ],
  });
  expect(status).toBe(0);

  const page = at("10:01").stdout;
  expect(page).toContain("# What users of marketplace wait for, 2026-10-01 10:01 UTC");
  expect(page).toContain("## swap of swaps in production: canister");
  expect(page).toContain("**canister** (canisters) takes 1.4 s more than yesterday, with as many journeys. Find");
  expect(page).toContain("| canister | 3 s | 75 % | +1.4 s | – |");
  expect(page).toContain("| client | 1 s | 25 % | -0.5 s | – |");
  for (const [clock, verdict, code] of [
    ["11:01", "nothing stands out", 0],
    ["12:01", "nothing to compare with", 0],
    ["13:01", "no data", 3],
  ] as const) {
    const told = at(clock);
    expect(told.stdout).toContain(`in production: ${verdict}\n`);
    expect(told.stdout).not.toContain("**");
    expect(told.status, clock).toBe(code);
  }
}, 240_000);

it("what cannot be reported is told", () => {
  const { status, stderr } = report(["--prometheus", "http://127.0.0.1:1"]);
  expect(stderr).toContain("gave no answer");
  expect(status).toBe(3);
  const other = report(["--prometheus", "http://127.0.0.1:1"], "examples/growing-platform/monitoring.yaml");
  expect(other.stderr).toContain("`components`");
  expect(other.status).toBe(1);
}, 120_000);
