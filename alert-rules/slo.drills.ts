import { derivations } from "../src/boundaries/derivations.ts";
import { troubleOf } from "../src/boundaries/trouble.ts";
import type { Boundary } from "../src/drills/boundary.ts";
import type { Drill } from "../src/drills/drill.ts";
import { type DrillSubject, levelsOf } from "../src/drills/drill-subject.ts";
import { burnable, burning } from "./slo.provoke.ts";
import { SloBudgetBurnsFast } from "./slo.ts";

const sides: readonly Boundary[] = ["just below the threshold", "just above the threshold"];

/** Boundary drills speak of one SLO of a service: every other is drilled on both sides of its fastest burn as well. */
export const sloDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(SloBudgetBurnsFast, subject).flatMap((level) =>
    burnable(level)
      .slice(1)
      .flatMap((slo) => {
        const trouble = troubleOf(level, burning(level, [slo]));
        return sides.flatMap((side): Drill[] => {
          const made = derivations[side](trouble, {});
          return typeof made === "string" ? [] : [{ ...made, place: { file: "alert-rules/slo.drills.ts" } }];
        });
      }),
  );
