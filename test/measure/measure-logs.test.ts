import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, type TestContext } from "vitest";
import { provocations } from "../../alert-rules/drills.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { mostLines } from "../../src/loki/line-limit.ts";
import { type LokiClient, lokiClient } from "../../src/loki/loki-client.ts";
import { measureService } from "../../src/measure/measure.ts";
import { unmeasuredEntry, unmeasuredLines } from "../../src/measure/measure-platform.ts";
import { measuredFindings } from "../../src/measure/measured-findings.ts";
import { linesPerSecond } from "../../src/model/quantity.ts";
import { drillLoki, logRulesOf } from "../helpers/log-drills.ts";
import { ordersApi, rulesOf, shop } from "../helpers/shop.ts";

const engine = await loadEngine();
const placeOf = (path: readonly (string | number)[]) => ({ file: `monitoring.yaml/${path.join("/")}`, line: 1 });

const platform = shop({ services: [{ ...ordersApi, packs: ["logs"] }] });
let tenants = 0;

/** What is measured on the platform's log rules, after a change to them. */
async function measureLogs(context: Pick<TestContext, "skip">, change = (yaml: string) => yaml) {
  const { address } = await drillLoki(context);
  const ruleFiles = logRulesOf(platform).map(({ name, yaml }) => ({ name, yaml: change(yaml) }));
  tenants += 1;
  const logs = { loki: lokiClient(address), tenant: `measured-${tenants}`, ruleFiles };
  const [service] = platform.services;
  return measureService(service!, platform, { engine, ruleFiles: rulesOf(platform), provocations, logs });
}

describe("alerts on log lines", { timeout: 120_000 }, () => {
  it("fire at the first whole line beyond their threshold, and as soon as is promised", async (context) => {
    const { measurements, unmeasured } = await measureLogs(context);
    expect(unmeasured).toEqual([]);
    expect(measurements.map(({ alert, severity }) => `${alert} ${severity}`)).toEqual([
      "LogErrorsHigh warning",
      "LogErrorsHigh critical",
      "LogsMissing warning",
    ]);
    for (const { declared, quietAt, firesAt = Number.NaN } of measurements.slice(0, 2)) {
      // Rates are those of 300 s: a value that is less than a line away from the threshold cannot be told from it.
      expect(quietAt).toBeLessThanOrEqual(declared + 1 / 300);
      expect(firesAt).toBeGreaterThan(declared);
      expect(firesAt).toBeLessThanOrEqual(declared + 1 / 300 + 0.0025 * declared);
    }
    expect(measurements[2]).toMatchObject({ quietAt: 0, firesAt: 1 });
    expect(measurements[2]?.deviation).toBeUndefined();
    expect(measuredFindings(measurements, platform, placeOf)).toEqual([]);
  });

  it.for([
    [
      "another threshold",
      "> 1\n",
      "> 1.3\n",
      "measured/fires-elsewhere",
      /^LogErrorsHigh warning .* above 1\.3(0\d)?\/s,/,
    ],
    [
      "no value at which they fire",
      "> 1\n",
      "> 1000\n",
      "measured/never-fires",
      /^LogErrorsHigh warning .* never fires/,
    ],
    ["twice the window", "[5m]", "[10m]", "measured/fires-late", /^LogErrorsHigh .* fires later/],
    ["a shorter `for`", "for: 5m", "for: 4m", "measured/fires-early", /^LogsMissing warning .* fires sooner/],
    [
      "silence that lasts longer",
      '{service=~".+"}[10m])) or 0',
      '{service=~".+"}[15m])) or 0',
      "measured/fires-late",
      /^LogsMissing/,
    ],
  ] as const)("with %s are a finding", async ([, before, after, rule, summary], context) => {
    let changes = 0;
    const { measurements } = await measureLogs(context, (yaml) => {
      changes += yaml.split(before).length - 1;
      return yaml.replaceAll(before, after);
    });
    expect(changes).toBeGreaterThan(0);
    const found = measuredFindings(measurements, platform, placeOf).filter((one) => one.rule === rule);
    expect(found.map((one) => one.summary)).toContainEqual(expect.stringMatching(summary));
    expect(found[0]?.fix).toContain("generated/loki/rules");
  });
});

it("without Loki they are not run, by name, and metrics are measured all the same", async () => {
  const platform = shop({ services: [{ ...ordersApi, packs: ["http", "logs"] }] });
  const [service] = platform.services;
  const options = { engine, ruleFiles: rulesOf(platform), provocations };
  const { measurements, unmeasured } = await measureService(service!, platform, options);
  expect(measurements.map(({ alert }) => alert)).toContain("HttpLatencyHigh");
  expect(unmeasuredLines(unmeasured, placeOf).map(stripVTControlCharacters)).toEqual([
    "3 thresholds not run. An alert on log lines is measured with the real Loki. It is not here.",
    "  – orders-api › LogErrorsHigh warning",
    "  – orders-api › LogErrorsHigh critical",
    "  – orders-api › LogsMissing warning",
    "→ run `npm run tools`, which provides it; or say `--allow-not-run` to do without",
  ]);
  expect(unmeasuredEntry(unmeasured[0]!, "logs", placeOf)).toMatchObject({ kind: "measurement", outcome: "not-run" });
});

describe("a threshold for which Loki would need too many lines", () => {
  /** On a Loki that takes everything and knows nothing: what was not measured, and the most lines of one instance. */
  async function measured(threshold: number) {
    const platform = shop({
      services: [
        { ...ordersApi, packs: ["logs"], thresholds: { LogErrorsHigh: { critical: linesPerSecond(threshold) } } },
      ],
    });
    let pushed = 0;
    const loki: LokiClient = {
      push: async (_, streams) => {
        pushed = Math.max(pushed, ...streams.map(({ records }) => records.length));
      },
      query: async () => [],
      hasLines: async () => false,
    };
    const logs = { loki, tenant: "none", ruleFiles: logRulesOf(platform) };
    const options = { engine, ruleFiles: rulesOf(platform), provocations, logs };
    const [service] = platform.services;
    return { ...(await measureService(service!, platform, options)), pushed };
  }

  it("is an error where it is written, and nothing is pushed for it", async () => {
    const { unmeasured, measurements, pushed } = await measured(10_000);
    expect(pushed).toBeGreaterThan(0);
    expect(pushed).toBeLessThanOrEqual(mostLines / 10);
    expect(measurements.map(({ alert, severity }) => `${alert} ${severity}`)).toEqual([
      "LogErrorsHigh warning",
      "LogsMissing warning",
    ]);
    expect(unmeasured).toMatchObject([{ alert: "LogErrorsHigh", severity: "critical", outcome: "error" }]);
    expect(unmeasuredLines(unmeasured, placeOf).map(stripVTControlCharacters)).toEqual([
      expect.stringMatching(
        /^1 threshold not measured\. With a threshold of 10000\/s it takes about [\d,]+ lines\. .* 300,000 lines at most/,
      ),
      "  ‼ orders-api › LogErrorsHigh critical   monitoring.yaml/services/0/thresholds/LogErrorsHigh/critical:1",
      expect.stringMatching(/^→ Choose a threshold of \d+\/s or less/),
    ]);
  });

  it("can be the one that it names as the way out", async () => {
    const { unmeasured } = await measured(10_000);
    const [, wayOut] = /threshold of (\d+)\/s or less/.exec(unmeasured[0]?.fix ?? "") ?? [];
    const again = await measured(Number(wayOut));
    expect(again.unmeasured).toEqual([]);
    expect(again.pushed).toBeLessThanOrEqual(mostLines);
    expect(again.pushed).toBeGreaterThan(mostLines / 2);
  });
});
