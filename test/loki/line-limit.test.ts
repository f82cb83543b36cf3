import { expect, it } from "vitest";
import { drillsOf } from "../../alert-rules/drills.ts";
import { LogErrorsHigh } from "../../alert-rules/logs.ts";
import { needsLoki } from "../../src/drills/drill-request.ts";
import { explainDrill } from "../../src/drills/explain-drill.ts";
import { runDrills } from "../../src/drills/run-drills.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { mostLines } from "../../src/loki/line-limit.ts";
import { askLoki } from "../../src/loki/log-answers.ts";
import type { LokiClient } from "../../src/loki/loki-client.ts";
import { linesPerSecond, percent } from "../../src/model/quantity.ts";
import { clockMs, clockText } from "../../src/worlds/clock.ts";
import { countLines, logLines } from "../../src/worlds/log-lines.ts";
import { everyRoute } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import fc from "../helpers/fast-check.ts";
import { logRulesOf } from "../helpers/log-drills.ts";
import { checkout, ordersApi, rulesOf, serviceOf, shop } from "../helpers/shop.ts";

const noonMs = clockMs("12:00") ?? 0;

/** A Loki that takes everything, knows nothing and remembers how many lines it was given. */
function countingLoki() {
  const pushed = { lines: 0 };
  const loki: LokiClient = {
    push: async (_, streams) => {
      pushed.lines += streams.reduce((sum, { records }) => sum + records.length, 0);
    },
    query: async () => [],
    hasLines: async () => false,
  };
  return { loki, pushed };
}

it("lines are counted before they are written: to one for each source of each instance", () => {
  const world = healthy(serviceOf(shop(), "orders-api"), "production");
  const minute = fc.integer({ min: 0, max: 30 }).map((minutes) => clockText(noonMs + minutes * 60_000));
  fc.assert(
    fc.property(
      minute,
      minute,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 40 }),
      (a, b, rate, share) => {
        const busy = world
          .logs({ level: "error", rate: linesPerSecond(rate) }, a, b)
          .from(b, everyRoute().withErrors(percent(share)));
        const timeline = { startMs: noonMs, endMs: noonMs + 20 * 60_000 };
        const written = logLines(busy, timeline).reduce((sum, { records }) => sum + records.length, 0);
        expect(Math.abs(countLines(busy, timeline) - written)).toBeLessThanOrEqual(2 * 7);
      },
    ),
    { numRuns: 50 },
  );
});

it.each([
  [
    "its own threshold",
    [{ ...ordersApi, packs: ["logs"], thresholds: { LogErrorsHigh: { critical: linesPerSecond(10_000) } } }],
    {},
    "services/0/thresholds/LogErrorsHigh/critical",
  ],
  [
    "the threshold of all services",
    [{ ...ordersApi, packs: ["logs"] }],
    { LogErrorsHigh: { critical: linesPerSecond(10_000) } },
    "thresholds/LogErrorsHigh/critical",
  ],
  [
    "another service's threshold, with the alert switched off here",
    [
      { ...ordersApi, packs: ["logs"], features: { LogErrorsHigh: false } },
      { ...checkout, packs: ["logs"], thresholds: { LogErrorsHigh: { critical: linesPerSecond(10_000) } } },
    ],
    {},
    "services/1/thresholds/LogErrorsHigh/critical",
  ],
])(
  "a drill of millions of lines, by %s, is an error where that is written, and Loki is spared",
  async (_, services, thresholds, path) => {
    const platform = shop({ services, thresholds });
    const engine = await loadEngine();
    const drills = drillsOf(platform).filter(
      (one) => one.world.service.name === "orders-api" && needsLoki(one, platform),
    );
    const { loki, pushed } = countingLoki();
    const failed: string[] = [];
    for (const drill of drills) {
      pushed.lines = 0;
      const answers = await askLoki(loki, "tenant", drill, platform, logRulesOf(platform));
      expect(pushed.lines).toBeLessThanOrEqual(mostLines * 1.01);
      if (answers.faults.length === 0) continue;
      expect(pushed.lines).toBe(0);
      const [result] = runDrills({
        platform,
        drills: [drill],
        logs: new Map([[drill, answers]]),
        ruleFiles: rulesOf(platform),
        engine,
        placeOf: (at) => ({ file: at.join("/") }),
      });
      expect(result?.outcome).toBe("error");
      failed.push(explainDrill(result!));
    }
    expect(failed.length).toBeGreaterThan(0);
    for (const text of failed) {
      expect(text).toMatch(/With a threshold of 10000\/s it takes about [\d,]+ lines\.\n/);
      expect(text).toMatch(/→ Choose a threshold of \d+(\.\d+)?\/s or less/);
      expect(text).toContain(`${path}   alert-rules/`);
    }
  },
);

it("the pack's own thresholds need few lines", async () => {
  const platform = shop({ services: [ordersApi, checkout].map((one) => ({ ...one, packs: ["logs"] })) });
  const { loki, pushed } = countingLoki();
  for (const drill of drillsOf(platform).filter((one) => needsLoki(one, platform))) {
    pushed.lines = 0;
    expect((await askLoki(loki, "tenant", drill, platform, logRulesOf(platform))).faults).toEqual([]);
    expect(pushed.lines).toBeLessThan(mostLines / 5);
  }
  expect(LogErrorsHigh.levels.critical?.value).toBeGreaterThan(1);
});
