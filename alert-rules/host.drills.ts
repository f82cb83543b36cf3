import { type Drill, drill, quiet } from "../src/drills/drill.ts";
import { called, type DrillSubject, type Level, levelsOf, noon, othersQuiet } from "../src/drills/drill-subject.ts";
import { tellingOfSpace } from "./host.provoke.ts";
import { diskUse, timeUntilFull } from "./host.signals.ts";
import { HostDiskFillingUp } from "./host.ts";

/** Drills of hosts that follow from no promise: of disks that change, but do not fill up. */
export const hostDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(HostDiskFillingUp, subject).flatMap(growthDrills);

function growthDrills(level: Level): Drill[] {
  const { threshold, promise, severity, subject } = level;
  const { signal, guard } = promise.alert;
  const limit = guard?.above.value ?? 0;
  const drilled = (name: string, used: number, secondsUntilFull: number): Drill =>
    drill(`${name} is not ${called[severity]}`, {
      world: subject.world
        .has(diskUse.fact ?? "", used)
        .has(timeUntilFull.fact ?? "", secondsUntilFull, noon)
        .until("16:00"),
      expect: [quiet(promise.alert, severity), ...othersQuiet(subject, promise.alert, ...tellingOfSpace(level, used))],
    });
  const windowSeconds = signal.window?.value ?? 0;
  return [
    // What is full within fewer windows than four passes the guard before the drill is over.
    ...(threshold < 4 * windowSeconds
      ? []
      : [drilled("a file system that fills up and still has room", 0.91 * limit, threshold - 2 * windowSeconds)]),
    drilled("a file system that is emptied quickly", 0.8, -threshold / 2),
    drill(`a file system that is full already is not ${called[severity]} once more`, {
      world: subject.world.has(diskUse.fact ?? "", 1).until("16:00"),
      expect: [quiet(promise.alert, severity)],
    }),
  ];
}
