import { drillsOf } from "../../alert-rules/drills.ts";
import { drillRequest, needsLoki } from "../drills/drill-request.ts";
import { missedExpectations } from "../drills/run-drills.ts";
import type { Engine } from "../engine/engine.ts";
import type { AlertInstance, EngineCase, SampleSeries } from "../engine/evaluation.ts";
import type { Mutant, RuleError } from "../engine/rules.ts";
import { answersAbout, askLoki, type LogAnswers, linesOfDrill } from "../loki/log-answers.ts";
import { splitComparison, writtenLogRules } from "../loki/log-rules.ts";
import { LogqlError, type LokiClient } from "../loki/loki-client.ts";
import type { Platform } from "../model/platform.ts";
import { renderLogRules } from "../render/log-rules.ts";
import { router } from "../render/routing.ts";
import { clockMs } from "../worlds/clock.ts";
import { logLines } from "../worlds/log-lines.ts";
import { alertDifference } from "./difference.ts";
import { limitsOf, suiteCase } from "./drill-suite.ts";
import { logRuleFacts, readSpans } from "./log-facts.ts";
import { acceptedByLoki, logMutants } from "./logql/mutants.ts";
import { nearestDrill } from "./nearest-drill.ts";
import { logWorldStart, randomLogWorld } from "./random-log-world.ts";
import {
  type Difference,
  errorDifference,
  type Ground,
  type OpenedCase,
  type RandomGround,
  type Sign,
  type Suite,
  worlds,
} from "./suite.ts";
import { tellingLines } from "./telling-lines.ts";

/**
 * The drills on log lines as a suite of the LogQL rules. Without a Loki it has no case, and all of its mutants are
 * `notRun`.
 *
 * @param loki that nobody else asks; it keeps the lines of every case under a tenant of its own
 * @param known mutants of its rules that Loki takes. @default - made here
 */
export async function logSuite(
  platform: Platform,
  engine: Engine,
  loki: LokiClient | undefined,
  known?: readonly Mutant[],
): Promise<Suite> {
  const files = renderLogRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
  const drills = loki ? drillsOf(platform).filter((drill) => needsLoki(drill, platform)) : [];
  const expressions = files.flatMap(({ yaml }) => writtenLogRules(yaml)).map(({ expr }) => expr);
  const rules = logRuleFacts(files);
  const { mutants: possible, unread } = known ? { mutants: known, unread: [] } : logMutants(files, engine);
  const mutants = !loki || known ? possible : await acceptedByLoki(possible, loki);
  // Loki reads every line for every fault: where they are most, only few faults should be left.
  const cases = drills.map((drill) => suiteCase(drill, platform, linesOfDrill(drill, platform)));
  const receiversFor = router(platform);
  const limits = limitsOf(platform);

  async function openCase(number: number, tried: readonly Mutant[]): Promise<OpenedCase> {
    const drill = drills[number];
    if (!drill || !loki) throw new Error(`there is no drill on log lines with number ${number}`);
    const answers = await askLoki(loki, `drill-${number}`, drill, platform, files);
    if (answers.faults[0]) return { fault: answers.faults[0].problem };
    const signOf = (alerts: readonly AlertInstance[], errors: readonly RuleError[]): Sign | undefined => {
      if (errors[0]) return brokenRule(errors[0]);
      const [missed] = missedExpectations(drill, alerts, receiversFor, platform);
      return missed && { what: `${missed.expected} ${missed.verdict.happened}` };
    };
    const asked = await askFaulty(tried, answers);
    const opened = engine.openCase(drillRequest(drill, platform, [], asked));
    const usual = signOf(opened.result.alerts, opened.result.errors);
    if (!usual) return groundOf(opened, asked, signOf, brokenRule);
    opened.close();
    return { fault: usual.what };
  }

  async function openWorld(number: number, tried: readonly Mutant[]): Promise<RandomGround> {
    if (!loki) throw new Error("random worlds of log lines need Loki");
    const world = randomLogWorld(platform, number + 1);
    const stepMs = platform.intervals.evaluation.value * 1000;
    const startMs = (clockMs(logWorldStart) ?? 0) - leadMs;
    const range = { startMs, endMs: clockMs(world.lastsUntil ?? "") ?? startMs, stepMs };
    const [tenant, spans] = [`world-${number}`, readSpans(expressions, range)];
    for (const span of spans.slice(0, -1)) await loki.push(tenant, logLines(world, span));
    const asked = await askFaulty(
      tried,
      await answersAbout(loki, tenant, [world], { timeline: spans.at(-1) ?? range, range, files }),
    );
    const opened = engine.openCase({
      ruleFiles: [...asked.ruleFiles],
      series: asked.series,
      startMs,
      endMs: range.endMs,
      evaluationIntervalMs: stepMs,
    });
    const seen = (alerts: readonly AlertInstance[], errors: readonly RuleError[]): Difference | undefined => {
      if (errors[0]) return errorDifference(errors[0], tellingLines(world));
      const difference = alertDifference(opened.result.alerts, alerts, limits);
      return difference && { ...difference, world: tellingLines(world, difference) };
    };
    const active = new Set(opened.result.alerts.map(({ alert }) => alert));
    return {
      shows: ({ rule }) => active.has(rule),
      ...groundOf(opened, asked, seen, (error) => errorDifference(error, tellingLines(world))),
    };
  }

  return {
    mutants: loki ? mutants : [],
    cases,
    caseKind: "drill",
    concerns: (number, { rule }) => cases[number]?.alerts.has(rule) ?? false,
    worlds: loki && mutants.length > 0 ? worlds : 0,
    concernsWorld: () => true,
    openCase,
    openWorld,
    placeOf: ({ file, line }) => ({ file: `generated/${file}`, line }),
    shouldNotice: (mutant) => cases[nearestDrill(mutant, rules[mutant.change.rule], drills)],
    leftOut: [...new Set(unread)].map(
      (name) =>
        `${name}: its LogQL is newer than the grammar that faults are put in by; only what is beside it is tried`,
    ),
    ...(!loki && mutants.length > 0 && { notRun: { ...missing, mutants } }),
  };
}

const missing = {
  reason: "Faults of alerts on log lines need the real Loki. It is not here.",
  fix: "run `npm run tools`, which provides it; or say `--allow-not-run` to do without",
};

/** Before the first event of a random world, so that what was pending is known. */
const leadMs = 10 * 60_000;

const brokenRule = ({ rule, message }: Pick<RuleError, "rule" | "message">): Sign => ({
  what: `${rule} cannot be evaluated: ${message}`,
  byError: true,
});

/** What Loki answers about lines, also to faulty expressions. */
interface Asked extends Pick<LogAnswers, "ruleFiles"> {
  series: SampleSeries[];
  /** Expressions for the engine, in place of those in LogQL; an Error where Loki could not evaluate it. */
  rewritten: ReadonlyMap<string, string | LogqlError>;
}

/** Asks for what the rules compare with faults in their expressions, each once. */
async function askFaulty(
  mutants: readonly Mutant[],
  { ask, ruleFiles, questions, series }: LogAnswers,
): Promise<Asked> {
  type Answer = Promise<SampleSeries[] | LogqlError>;
  const asked = new Map<string, { name: string; answer: Answer }>();
  for (const { logql, series: name } of questions) asked.set(logql, { name, answer: Promise.resolve([]) });
  const expressions = new Set(mutants.flatMap(({ change }) => change.expr ?? []));
  const splits = [...expressions].map((expr) => ({ expr, ...splitComparison(expr) }));
  for (const { signal } of splits) {
    if (asked.has(signal)) continue;
    const name = `faulty:${asked.size}`;
    const answer = ask(signal, name).catch((error: unknown) => {
      if (error instanceof LogqlError) return error;
      throw error;
    });
    asked.set(signal, { name, answer });
  }
  const answers = await Promise.all([...asked.values()].map(({ answer }) => answer));
  const rewritten = new Map<string, string | LogqlError>();
  for (const { expr, signal, compare } of splits) {
    const { name = "", answer } = asked.get(signal) ?? {};
    const given = await answer;
    rewritten.set(expr, given instanceof LogqlError ? given : `${name}${compare}`);
  }
  const further = answers.flatMap((one) => (one instanceof LogqlError ? [] : one));
  return { ruleFiles, series: [...series, ...further], rewritten };
}

/** Tries mutants on opened rules that read what Loki answered. */
function groundOf<Seen>(
  opened: EngineCase,
  { rewritten }: Asked,
  seen: (alerts: readonly AlertInstance[], errors: readonly RuleError[]) => Seen | undefined,
  refused: (error: Pick<RuleError, "rule" | "message">) => Seen,
): Ground<Seen> {
  return {
    try({ rule, change }) {
      const expr = rewritten.get(change.expr ?? "");
      if (expr instanceof LogqlError) return refused({ rule, message: expr.message });
      const trial = opened.try([{ ...change, ...(expr !== undefined && { expr }) }]);
      return trial.same ? undefined : seen(trial.alerts, trial.errors);
    },
    close: opened.close,
  };
}
