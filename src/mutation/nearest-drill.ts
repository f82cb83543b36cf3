import type { Boundary } from "../drills/boundary.ts";
import type { Drill } from "../drills/drill.ts";
import type { Mutant } from "../engine/rules.ts";
import type { RuleFacts } from "./rule-readers.ts";

/** What a drill must pin down to notice a fault of an operator; the first is the likeliest. */
const boundariesOf: Readonly<Record<string, readonly Boundary[]>> = {
  threshold: ["just above the threshold", "just below the threshold"],
  quantile: ["just above the threshold", "just below the threshold"],
  number: ["just above the threshold", "just below the threshold"],
  "guard value": ["just above the guard", "just below the guard"],
  "comparison strictness": [
    "exactly the threshold",
    "exactly the guard",
    "just below the threshold",
    "just above the threshold",
  ],
  "comparison direction": ["just above the threshold"],
  for: ["just past for", "just short of for"],
  keep_firing_for: ["recovery", "flapping"],
  window: ["recovery", "just past for"],
  aggregation: ["several at once", "one among healthy"],
  "aggregation label": ["several at once", "one among healthy"],
  "vector matching": ["several at once", "one among healthy"],
  matcher: ["one among healthy", "several at once"],
  function: ["counter reset", "just above the threshold"],
  offset: ["recovery", "just past for"],
};

/**
 * Number of the drill that should have noticed a mutant: one that pins down for the rule's alert what the operator is
 * about; else one in which the alert fires; else any that speaks of it. -1 where there is none.
 */
export function nearestDrill(mutant: Mutant, rule: RuleFacts | undefined, drills: readonly Drill[]): number {
  if (!rule) return -1;
  const wanted = boundariesOf[mutant.operator] ?? [];
  const score = ({ probes, expect, world }: Drill): number => {
    if (!rule.selects(world.service.name)) return 0;
    const about = expect.filter(({ alert }) => rule.alerts.has(alert));
    const fires = about.filter((one) => one.kind === "fires");
    if (about.length === 0) return 0;
    const ofSeverity = fires.some(({ severity }) => rule.severity === undefined || severity === rule.severity) ? 2 : 0;
    if (!probes || !rule.alerts.has(probes.alert)) return 1 + ofSeverity;
    const place = wanted.indexOf(probes.boundary);
    const pinned = place < 0 ? 0 : 20 - place;
    return 1 + ofSeverity + pinned + (rule.severity === undefined || probes.severity === rule.severity ? 4 : 0);
  };
  const scores = drills.map(score);
  const best = Math.max(...scores);
  return best > 0 ? scores.indexOf(best) : -1;
}
