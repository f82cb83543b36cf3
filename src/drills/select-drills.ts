import type { Platform } from "../model/platform.ts";
import { type Selection, selectByName } from "../review/selection.ts";
import { aboutOf, type Drill } from "./drill.ts";
import { drillTitle } from "./explain-drill.ts";
import { resultHead } from "./run-drills.ts";

/** Numbers of the drills that `--only` chooses by service, alert, severity or title. */
export const selectDrills = (
  drills: readonly Drill[],
  platform: Platform,
  only: readonly string[],
): Selection<number> =>
  selectByName([...drills.keys()], only, "drill", (number) => {
    const drill = drills[number];
    if (!drill) return [];
    const alerts = aboutOf(drill).flatMap(({ alert, severity = "" }) => [alert, `${alert} ${severity}`.trim()]);
    return [drill.world.service.name, ...alerts, drillTitle(resultHead(drill, platform))];
  });
