import { describe, expect, it, type TestContext } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import type { Mutant } from "../../src/engine/rules.ts";
import { lokiClient } from "../../src/loki/loki-client.ts";
import { logSuite } from "../../src/mutation/log-suite.ts";
import { notRunEntry, notRunLines } from "../../src/mutation/not-run.ts";
import type { Suite } from "../../src/mutation/suite.ts";
import { drillLoki, logRulesOf } from "../helpers/log-drills.ts";
import { ordersApi, shop } from "../helpers/shop.ts";

const platform = shop({ services: [{ ...ordersApi, packs: ["http", "logs"] }] });
const engine = await loadEngine();
const withoutLoki = await logSuite(platform, engine, undefined);

describe("where there is no Loki", () => {
  it("every fault of a LogQL rule is not run, by name and with the way out", () => {
    expect([withoutLoki.mutants, withoutLoki.cases, withoutLoki.worlds]).toEqual([[], [], 0]);
    const mutants = withoutLoki.notRun?.mutants ?? [];
    expect(new Set(mutants.map(({ rule }) => rule))).toEqual(new Set(["LogErrorsHigh", "LogsMissing"]));
    expect(notRunLines(mutants, withoutLoki).join("\n")).toMatch(
      /mutants not run[\s\S]*LogErrorsHigh: \d+ mutants[\s\S]*npm run tools[\s\S]*--allow-not-run/,
    );
    expect(notRunEntry(mutants[0]!, withoutLoki)).toMatchObject({ outcome: "not-run", place: { line: 6 } });
  });

  it("they are told of the rule as it is written", () => {
    const lines = (logRulesOf(platform)[0]?.yaml ?? "").split("\n");
    for (const { id, file, rule, line, change } of withoutLoki.notRun?.mutants ?? []) {
      expect(file).toBe("loki/rules/fake/logs.yml");
      expect(lines[line - 1], id).toContain(`alert: ${rule}`);
      expect(change.expr ?? "", id).not.toContain("logql:");
    }
  });
});

describe("a fault of a LogQL rule", { timeout: 300_000 }, () => {
  let opening: Promise<Suite> | undefined;
  async function suiteWithLoki(context: Pick<TestContext, "skip">): Promise<Suite> {
    const { address } = await drillLoki(context);
    opening ??= logSuite(platform, engine, lokiClient(address));
    return opening;
  }

  const mutantsOf = (suite: Suite, ...descriptions: string[]): Mutant[] =>
    descriptions.map((description) => {
      const found = suite.mutants.find(
        (one) => one.rule === "LogErrorsHigh" && one.description.startsWith(description),
      );
      if (!found) throw new Error(`LogErrorsHigh has no mutant ${description}`);
      return found;
    });

  /** Whether a drill notices each of some faults. */
  async function noticed(suite: Suite, drill: RegExp, mutants: readonly Mutant[]): Promise<boolean[]> {
    const number = suite.cases.findIndex(({ name }) => drill.test(name));
    const ground = await suite.openCase(number, mutants);
    if ("fault" in ground) throw new Error(ground.fault);
    const signs = mutants.map((one) => ground.try(one) !== undefined);
    ground.close();
    return signs;
  }

  it("is noticed by the drill that is about it, and by no other", async (context) => {
    const suite = await suiteWithLoki(context);
    const faults = mutantsOf(
      suite,
      "threshold 1 → 2",
      "for 5m → 10m",
      "rate → count_over_time",
      "label filter error|fatal|critical: error dropped",
      "label filter error|fatal|critical: fatal dropped",
    );
    expect(await noticed(suite, /1.02\/s errors in its log, just above 1\/s/, faults)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(await noticed(suite, /lines of level fatal are a warning/, faults)).toEqual([true, true, true, false, true]);
    expect(await noticed(suite, /lines of level warn that speak of errors are not a warning/, faults)).toEqual(
      faults.map(() => false),
    );
  });

  it("makes a difference in a random world, other than what changes nothing", async (context) => {
    const suite = await suiteWithLoki(context);
    const [fault] = mutantsOf(suite, "threshold 1 → 2");
    const harmless = { ...fault!, change: { ...fault!.change, expr: fault!.change.expr?.replace(/> 2$/, "* 1 > 1") } };
    const differences = [0, 0];
    for (let number = 0; number < 12; number += 1) {
      const ground = await suite.openWorld(number, [fault!, harmless]);
      for (const [index, one] of [fault!, harmless].entries()) if (ground.try(one)) differences[index]! += 1;
      ground.close();
    }
    expect(differences).toEqual([expect.any(Number), 0]);
    expect(differences[0]).toBeGreaterThan(0);
  });

  it("is none when Loki refuses it", async (context) => {
    const suite = await suiteWithLoki(context);
    const taken = new Set(suite.mutants.map(({ id }) => id));
    const refused = (withoutLoki.notRun?.mutants ?? []).filter(({ id }) => !taken.has(id));
    expect(refused.length).toBeGreaterThan(0);
    // A selector of every stream there is.
    for (const { change } of refused) expect(change.expr).toMatch(/\{service!~"\.\+"/);
  });
});
