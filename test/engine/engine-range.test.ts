import { expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import fc from "../helpers/fast-check.ts";
import { caseOf, run, withoutExamples } from "./engine-cases.ts";

it("evaluation over a range gives what evaluation tick by tick gives", { timeout: 120_000 }, async () => {
  const engine = await loadEngine();
  const used = { range: 0, stepwise: 0, instants: 0, failed: 0, alerts: 0 };
  fc.assert(
    fc.property(caseOf([undefined, undefined, "2m", "30s"]), (input) => {
      const { modeUsed, modeReason: _, stats, ...fast } = run(engine, input, "auto");
      const { modeUsed: __, modeReason: ___, stats: ____, ...reference } = run(engine, input, "stepwise");
      expect(withoutExamples(fast)).toEqual(withoutExamples(reference));
      used[modeUsed] += 1;
      used.instants += stats.instantRules;
      used.failed += fast.errors.length;
      used.alerts += fast.alerts.length;
    }),
    { seed: 315, numRuns: 100 },
  );
  // The comparison would be worth nothing had one of these hardly ever happened.
  for (const count of Object.values(used)) expect(count).toBeGreaterThan(10);
});
