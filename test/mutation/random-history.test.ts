import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { drillSuite } from "../../src/mutation/drill-suite.ts";
import { learningAlerts, randomHistory } from "../../src/mutation/random-history.ts";
import { worlds } from "../../src/mutation/suite.ts";
import { ordersApi, shop } from "../helpers/shop.ts";

const platform = shop({ services: [{ ...ordersApi, anomalies: ["http_request_rate", "http_error_ratio"] }] });

describe("a world with weeks of history", () => {
  const told = (seed: number) =>
    randomHistory(platform, seed).all.map(({ memory }) => [
      memory.map(({ words, labels }) => [words, labels]),
      memory.map(({ at }) => [0, 1, 2, 3, 7, 35].map((days) => at(Date.UTC(2026, 0, 5, 14) - days * 86_400_000))),
    ]);

  it("is the same for the same seed and another for each other", () => {
    expect(told(7)).toEqual(told(7));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => JSON.stringify(told(seed)))).size).toBe(50);
  });

  it("comes to every length and kind of history: flat, narrow and wide, with gaps, below 0", () => {
    const all = Array.from({ length: 100 }, (_, seed) => JSON.stringify(told(seed))).join("\n");
    for (const past of ["6h", "20h", "30h", "54h", "9d", "4w", "40d", "60d"]) expect(all).toContain(`for ${past}: `);
    for (const usual of ["a step of 0 every day", "a wave of", ": -100 with", ": 0.5 with", "nothing recorded"]) {
      expect(all).toContain(usual);
    }
  });
});

describe("the random worlds of a platform that learns from its past", { timeout: 120_000 }, () => {
  it("show faults of what is learned, and nothing of what is none", async () => {
    const suite = drillSuite(platform, await loadEngine());
    const found = (rule: string, description: string) => {
      const mutant = suite.mutants.find((one) => one.rule === rule && one.description === description);
      if (!mutant) throw new Error(`${rule} has no mutant ${description}`);
      return mutant;
    };
    const faults = [
      found("SignalAnomaly", "threshold 1 → 2"),
      found("anomaly:value:high4w", "window 4w → 8w of anomaly:value"),
      found("anomaly:score:max6h", "window 6h → 3h of anomaly:score"),
    ];
    const none = found("anomaly:value:season_low", "guard 2 → 1.8");
    const tried = [...faults, none];
    const seen = new Set<unknown>();
    let shown = 0;
    for (let number = worlds; number < worlds + 12; number += 1) {
      const ground = suite.openWorld(number, tried);
      if (ground.shows(none)) shown += 1;
      for (const one of tried) if (ground.try(one)) seen.add(one);
      ground.close();
    }
    expect(shown).toBeGreaterThan(0);
    expect(seen).toEqual(new Set<unknown>(faults));
  });

  it("are for those faults only that show in no other world", async () => {
    const suite = drillSuite(platform, await loadEngine());
    expect(suite.worlds).toBe(2 * worlds);
    const worldsOf = (rule: string) => {
      const mutant = suite.mutants.find((one) => one.rule === rule);
      return mutant && [suite.concernsWorld(0, mutant), suite.concernsWorld(worlds, mutant)];
    };
    expect(worldsOf("anomaly:value:low4w")).toEqual([false, true]);
    expect(worldsOf("HttpLatencyHigh")).toEqual([true, false]);
  });

  it("are none where nothing is watched", () => {
    expect(learningAlerts(shop()).size).toBe(0);
  });
});
