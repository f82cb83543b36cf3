import { firingTime } from "../src/boundaries/firing-time.ts";
import { type Drill, drill } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  type Level,
  levelsOf,
  noon,
  othersQuiet,
} from "../src/drills/drill-subject.ts";
import { authErrors, authRequests } from "./supabase.signals.ts";
import { SupabaseAuthErrors } from "./supabase.ts";

/** Drills of a project that follow from none of its promises, but from what Supabase shows. */
export const supabaseDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(SupabaseAuthErrors, subject).map(firstFailures);

/** Auth has no series of a status that has not occurred: its first failures make one. */
function firstFailures(level: Level): Drill {
  const { severity, subject, promise } = level;
  const { intervals } = subject.platform;
  const scrape = intervals.scrape.value;
  // A rate takes two samples.
  const second = [scrape, 2 * scrape] as const;
  return drill(`requests to Auth of which not one has ended well since it was started are ${called[severity]}`, {
    world: subject.world
      .withInstances(1)
      .startsAt(noon)
      .has(authRequests.fact ?? "", 2)
      .has(authErrors.fact ?? "", 1),
    expect: [
      firesFor(level, {}, firingTime({ rise: second, fall: second }, promise.for.value, intervals).fires(noon)),
      ...othersQuiet(subject, SupabaseAuthErrors),
    ],
  });
}
