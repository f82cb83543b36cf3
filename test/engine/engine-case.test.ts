import fc from "fast-check";
import { expect, it } from "vitest";
import { type EvaluateResult, loadEngine, type Trial } from "../../src/engine/engine.ts";
import { caseOf, changed, changeOf, requestOf, ruleChange, run, withoutExamples } from "./engine-cases.ts";

/** What can be compared: in a changed file the rules stand at other lines. */
function outcome({ alerts, errors }: Pick<EvaluateResult, "alerts" | "errors">) {
  return withoutExamples({ alerts, errors: errors.map(({ line: _, ...error }) => error) });
}

const comparable = (trial: Trial) => (trial.same ? trial : { same: false, ...outcome(trial) });

/** What a trial ought to give, from evaluations of the rules as they are and of the changed rules. */
function expected(base: EvaluateResult, result: EvaluateResult) {
  const same = JSON.stringify(outcome(base)) === JSON.stringify(outcome(result));
  return same ? { same } : { same, ...outcome(result) };
}

it("a trial of changed rules gives what evaluating them gives, whatever was tried before", {
  timeout: 120_000,
}, async () => {
  const engine = await loadEngine();
  const seen = { same: 0, different: 0, range: 0, stepwise: 0, failed: 0 };
  const trials = fc.array(fc.array(changeOf, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(caseOf([undefined, undefined, "2m", "30s"]), trials, (input, list) => {
      const open = engine.openCase(requestOf(input, "auto"));
      try {
        const base = run(engine, input, "auto");
        expect(withoutExamples(open.result)).toEqual(withoutExamples(base));
        const tried = list.map((random) => {
          const changes = random.map((one) => ruleChange(input, one));
          const wanted = expected(base, run(engine, changed(input, changes), "auto", undefined, []));
          expect(comparable(open.try(changes)), JSON.stringify(changes)).toEqual(wanted);
          seen[wanted.same ? "same" : "different"] += 1;
          seen.failed += "errors" in wanted ? wanted.errors.length : 0;
          return { changes, wanted };
        });
        for (const { changes, wanted } of tried.reverse()) expect(comparable(open.try(changes))).toEqual(wanted);
        expect(open.try([])).toEqual({ same: true });
        seen[base.modeUsed] += 1;
      } finally {
        open.close();
      }
    }),
    { seed: Number(process.env.SEED ?? 4), numRuns: Number(process.env.RUNS ?? 100) },
  );
  // The comparison would be worth nothing had one of these hardly ever happened.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  if (process.env.RUNS) console.log(seen);
});
