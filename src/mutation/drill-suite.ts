import { drillsOf } from "../../alert-rules/drills.ts";
import type { Drill } from "../drills/drill.ts";
import { drillRequest, needsLoki } from "../drills/drill-request.ts";
import { drillTitle } from "../drills/explain-drill.ts";
import { missedExpectations, resultHead } from "../drills/run-drills.ts";
import type { Engine } from "../engine/engine.ts";
import type { EvaluateRequest } from "../engine/evaluation.ts";
import { rulesNeeded } from "../engine/needed-rules.ts";
import type { Mutant, RuleFile } from "../engine/rules.ts";
import type { Platform } from "../model/platform.ts";
import { allPromises } from "../model/promises.ts";
import { router } from "../render/routing.ts";
import { renderDrilledRules } from "../render/rules.ts";
import { clockMs } from "../worlds/clock.ts";
import { expose } from "../worlds/exposition.ts";
import { alertDifference } from "./difference.ts";
import { nearestDrill } from "./nearest-drill.ts";
import { learningAlerts, randomHistory } from "./random-history.ts";
import { randomWorld } from "./random-world.ts";
import { type RuleFacts, ruleFacts } from "./rule-readers.ts";
import {
  errorDifference,
  type Ground,
  type PlainSuite,
  type RandomGround,
  type Sign,
  type SuiteCase,
  worlds,
} from "./suite.ts";
import { tellingLines } from "./telling-lines.ts";

/**
 * The drills of a platform on metrics as a suite: a mutant is noticed when a drill that passes does not pass any
 * more.
 *
 * @param known mutants of its rules that an alert reads. @default - made here
 */
export function drillSuite(platform: Platform, engine: Engine, known?: readonly Mutant[]): PlainSuite {
  const ruleFiles = renderDrilledRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
  const drills = drillsOf(platform).filter((drill) => !needsLoki(drill, platform));
  const rules = ruleFacts(ruleFiles, engine);
  const needed = rulesNeeded(ruleFiles);
  const isRead = ({ change }: Mutant) => (rules[change.rule]?.alerts.size ?? 0) > 0;
  const mutants = known ?? engine.mutants(ruleFiles).filter(isRead);
  const unread = rules.filter(({ alerts }) => alerts.size === 0).map(({ name }) => name);
  const receiversFor = router(platform);
  const limits = limitsOf(platform);
  const learning = learningAlerts(platform);
  // Weeks of history cost more than an hour of anything: they are for faults that show in no other world.
  const needsHistory = ({ change }: Mutant) =>
    [...(rules[change.rule]?.alerts ?? [])].every((alert) => learning.has(alert));
  // Where something goes on in several places at once, most faults show.
  const cases = drills.map((drill) => suiteCase(drill, platform, -drill.world.all.length));

  function openCase(number: number): Ground<Sign> | { fault: string } {
    const drill = drills[number];
    if (!drill) throw new Error(`there is no drill number ${number}`);
    const asked = needed(drill.expect.map(({ alert }) => alert));
    const opened = engine.openCase(drillRequest(drill, platform, asked));
    const numbers = numbersWithin(rules, asked);
    const signOf = (alerts: typeof opened.result.alerts, errors: typeof opened.result.errors): Sign | undefined => {
      if (errors[0]) return { what: `${errors[0].rule} cannot be evaluated: ${errors[0].message}`, byError: true };
      const [missed] = missedExpectations(drill, alerts, receiversFor, platform);
      return missed && { what: `${missed.expected} ${missed.verdict.happened}` };
    };
    const usual = signOf(opened.result.alerts, opened.result.errors);
    if (usual) {
      opened.close();
      return { fault: usual.what };
    }
    return {
      try({ change }) {
        const rule = numbers.get(change.rule);
        // What no rule here reads cannot show here.
        if (rule === undefined) return undefined;
        const trial = opened.try([{ ...change, rule }]);
        return trial.same ? undefined : signOf(trial.alerts, trial.errors);
      },
      close: opened.close,
    };
  }

  function openWorld(number: number, tried: readonly Mutant[] = mutants): RandomGround {
    const world = number < worlds ? randomWorld(platform, number + 1) : randomHistory(platform, number + 1 - worlds);
    const asked = needed([...new Set(tried.flatMap(({ change }) => [...(rules[change.rule]?.alerts ?? [])]))]);
    const numbers = numbersWithin(rules, asked);
    const opened = engine.openCase(worldRequest(world, platform, asked));
    const active = new Set(opened.result.alerts.map(({ alert }) => alert));
    return {
      shows: ({ change }) => [...(rules[change.rule]?.alerts ?? [])].some((alert) => active.has(alert)),
      try({ change }) {
        const rule = numbers.get(change.rule);
        if (rule === undefined) return undefined;
        const trial = opened.try([{ ...change, rule }]);
        if (trial.same) return undefined;
        const [error] = trial.errors;
        if (error) return errorDifference(error, tellingLines(world));
        const difference = alertDifference(opened.result.alerts, trial.alerts, limits);
        if (!difference) return undefined;
        const { subject, usual, faulty } = difference;
        return { subject, usual, faulty, world: tellingLines(world, difference) };
      },
      close: opened.close,
    };
  }

  return {
    mutants,
    cases,
    concerns(number, { change }) {
      const asserted = cases[number]?.alerts;
      return [...(rules[change.rule]?.alerts ?? [])].some((name) => asserted?.has(name));
    },
    worlds: learning.size > 0 ? 2 * worlds : worlds,
    concernsWorld: (number, mutant) => needsHistory(mutant) === number >= worlds,
    openCase,
    openWorld,
    placeOf: ({ file, line }) => ({ file: `generated/${file}`, line }),
    shouldNotice: (mutant) => cases[nearestDrill(mutant, rules[mutant.change.rule], drills)],
    caseKind: "drill",
    leftOut: unread.map((name) => `${name}: no alert reads it`),
  };
}

/** The number that a rule of all files has within some of them, by its number within all. */
function numbersWithin(rules: readonly RuleFacts[], files: readonly RuleFile[]): Map<number, number> {
  const names = new Set(files.map(({ name }) => name));
  const within = [...rules.keys()].filter((number) => names.has(rules[number]?.file ?? ""));
  return new Map(within.map((number, index) => [number, index]));
}

/** Every value that a rule of the platform compares with. */
export function limitsOf({ services }: Platform): number[] {
  const promises = services.flatMap(allPromises);
  const all = promises.flatMap(({ alert, levels }) => [
    ...Object.values(levels),
    ...(alert.guard ? [alert.guard.above] : []),
  ]);
  return [...new Set(all.map(({ value }) => value))];
}

/** A drill as a case. */
export function suiteCase(drill: Drill, platform: Platform, rank: number): SuiteCase {
  const { place, ...head } = resultHead(drill, platform);
  const fires = drill.expect.find(({ kind }) => kind === "fires");
  const topic = [fires?.alert ?? drill.probes?.alert, fires?.severity, drill.world.service.name, Boolean(fires)];
  // A drill with a history is about what no other looks at.
  if (drill.since !== undefined) topic.push(drill.name);
  return {
    name: drillTitle(head),
    place,
    alerts: new Set(drill.expect.map(({ alert }) => alert)),
    topic: topic.join(" "),
    rank,
  };
}

/** Before the first event of a random world, so that windows are full and what was pending is known. */
const leadMs = 10 * 60_000;

function worldRequest(
  world: ReturnType<typeof randomWorld>,
  { intervals }: Platform,
  ruleFiles: EvaluateRequest["ruleFiles"],
): EvaluateRequest {
  const startMs = (clockMs("12:00") ?? 0) - leadMs / 2;
  const endMs = clockMs(world.lastsUntil ?? "") ?? startMs;
  return {
    ruleFiles,
    series: expose(world, { startMs: startMs - leadMs, endMs }),
    startMs,
    endMs,
    evaluationIntervalMs: intervals.evaluation.value * 1000,
  };
}
