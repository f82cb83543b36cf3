import { parse } from "yaml";
import type { Engine } from "../engine/engine.ts";
import type { AlertInstance } from "../engine/evaluation.ts";
import { rulesNeeded } from "../engine/needed-rules.ts";
import type { RuleError, RuleFile } from "../engine/rules.ts";
import type { LogAnswers } from "../loki/log-answers.ts";
import { identityLabels } from "../model/conventions.ts";
import type { Place } from "../model/finding.ts";
import type { Platform } from "../model/platform.ts";
import { router } from "../render/routing.ts";
import type { World } from "../worlds/world.ts";
import { type DrillFault, drillFaults } from "./check-drill.ts";
import { aboutOf, type Drill, type Expectation } from "./drill.ts";
import { drillRequest, needsLoki } from "./drill-request.ts";
import type { DrillFailure, DrillResult, ExpectationResult } from "./drill-result.ts";
import { promiseOf } from "./drill-timeline.ts";
import { gatherEvidence, type Missed } from "./evidence.ts";
import { expectationText, judge } from "./judge-drill.ts";

export interface DrillRun {
  /** Says what is promised. What is drilled are the rule files. */
  platform: Platform;
  /** The text of every rule file of Prometheus, as it is deployed. */
  ruleFiles: readonly RuleFile[];
  /** The same of Loki's. @default - none */
  logRuleFiles?: readonly RuleFile[];
  /** What Loki answered (`askLoki`) about the drills that `needsLoki`. @default - those are not run */
  logs?: ReadonlyMap<Drill, LogAnswers>;
  drills: readonly Drill[];
  engine: Engine;
  /** Where something stands in monitoring.yaml, by its path in it; without it, only the drill's place is named. */
  placeOf?: (path: readonly (string | number)[]) => Place;
}

/** Runs drills one after another, each on series of its own, and gives their results in the same order. */
export function runDrills({ drills, logs, ...rest }: DrillRun): DrillResult[] {
  const run = drillRunner(rest);
  return drills.map((drill) => run(drill, logs?.get(drill)));
}

/** What runs a drill on these rules, which are looked through once for all of them. */
export function drillRunner(run: Omit<DrillRun, "drills" | "logs">) {
  const { platform, ruleFiles, logRuleFiles = [], engine, placeOf } = run;
  const broken = ruleFaults(engine.checkRules([...ruleFiles]));
  const needed = rulesNeeded(broken.length > 0 ? [] : ruleFiles);
  const rules = broken.length > 0 ? new Set<string>() : alertRules([...ruleFiles, ...logRuleFiles]);
  const hasRule = (alert: string, severity: string) => rules.has(ruleKey(alert, severity));
  const receiversFor = router(platform);

  return (drill: Drill, answers?: LogAnswers): DrillResult => {
    const head = resultHead(drill, platform);
    const brokenHere = [...broken, ...(answers?.faults ?? [])];
    const wrong = brokenHere.length > 0 ? brokenHere : drillFaults(drill, { platform, hasRule });
    if (wrong.length > 0) return asErrors(head, wrong, placeOf);
    if (!answers && needsLoki(drill, platform)) return notRun(head);
    const asked = needed(drill.expect.map(({ alert }) => alert));
    const request = drillRequest(drill, platform, asked, answers);
    const { alerts, errors } = engine.evaluate(request);
    if (errors.length > 0) {
      const about = "Every rule should be evaluated.";
      return asErrors(
        head,
        errors.map(({ file, rule, message }) => ({ about, problem: `${file}: ${rule}: ${message}` })),
      );
    }
    const missed = missedExpectations(drill, alerts, receiversFor, platform);
    const failures = gatherEvidence(missed, { engine, request, drill, platform, placeOf });
    const isMissed = (one: Expectation) => missed.some(({ expectation }) => expectation === one);
    return {
      ...head,
      outcome: failures.length > 0 ? "failed" : "passed",
      expects: drill.expect.map((one) => expectationResult(one, drill.world, isMissed(one) ? "failed" : "passed")),
      failures,
    };
  };
}

/** What a drill expected of its alerts and did not see. */
export function missedExpectations(
  { world, expect }: Drill,
  alerts: readonly AlertInstance[],
  receiversFor: (labels: Readonly<Record<string, string>>) => string[],
  platform: Platform,
): Missed[] {
  return expect.flatMap((expectation) => {
    const promise = promiseOf(expectation, world);
    const verdict = judge(expectation, { alerts, receiversFor, world, platform, promise });
    return verdict ? [{ expected: expectationText(expectation, world), expectation, verdict, promise }] : [];
  });
}

type ResultHead = Pick<DrillResult, "name" | "pack" | "service" | "about" | "expects" | "place">;

/** What is known of a drill before it is run; nothing of what it expects has come true yet. */
export function resultHead(drill: Drill, platform: Platform): ResultHead {
  const { name, world, expect, place } = drill;
  const alerts = expect.map(({ alert }) => alert);
  const pack = platform.packs.find((one) => one.alerts.some((alert) => alerts.includes(alert.name)));
  const expects = expect.map((one) => expectationResult(one, world, "error"));
  return { name, pack: pack?.name ?? "", service: world.service.name, about: aboutOf(drill), expects, place };
}

const expectationResult = (
  { kind, alert, severity, labels }: Expectation,
  { service }: World,
  outcome: DrillResult["outcome"],
): ExpectationResult => ({ kind, alert, severity, service: labels[identityLabels[1]] ?? service.name, outcome });

const asErrors = (head: ResultHead, faults: readonly DrillFault[], placeOf?: DrillRun["placeOf"]): DrillResult => ({
  ...head,
  outcome: "error",
  failures: faults.map(
    ({ about, problem, cause, fix, path }): DrillFailure => ({
      expected: about,
      happened: problem,
      ...(cause !== undefined && { cause }),
      fix,
      places: [...(path && placeOf ? [placeOf(path)] : []), head.place],
    }),
  ),
});

const ruleFaults = (errors: readonly RuleError[]): DrillFault[] =>
  errors.map(({ file, line, message }) => ({
    about: "Every rule file must be valid.",
    problem: `${file}:${line}: ${message}`,
  }));

const notRun = (head: ResultHead): DrillResult => ({
  ...head,
  outcome: "not-run",
  expects: head.expects.map((one) => ({ ...one, outcome: "not-run" })),
  failures: [
    {
      expected: "Drills on log lines need the real Loki.",
      happened: "It is not here.",
      fix: "run `npm run tools`, which provides it",
      places: [head.place],
    },
  ],
});

const ruleKey = (alert: string, severity: string): string => JSON.stringify([alert, severity]);

/** Alert and severity of every alerting rule. */
function alertRules(ruleFiles: readonly RuleFile[]): Set<string> {
  type Rules = { groups?: { rules?: { alert?: string; labels?: { severity?: string } }[] }[] } | null;
  const rules = ruleFiles.flatMap(
    ({ yaml }) => (parse(yaml) as Rules)?.groups?.flatMap((group) => group.rules ?? []) ?? [],
  );
  return new Set(rules.map(({ alert = "", labels }) => ruleKey(alert, labels?.severity ?? "")));
}
