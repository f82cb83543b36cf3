import type { Provocations } from "../src/boundaries/provocation.ts";
import { type Drill, drill, type Expectation, quiet } from "../src/drills/drill.ts";
import { called, type DrillSubject, levelsOf, those } from "../src/drills/drill-subject.ts";
import { hours } from "../src/model/quantity.ts";
import { clockMs } from "../src/worlds/clock.ts";
import { healthy, type World } from "../src/worlds/world.ts";
import { bandDrills } from "./anomaly.bands.drills.ts";
import { edgeDrills } from "./anomaly.edges.drills.ts";
import {
  type Case,
  type Curve,
  dayMs,
  during,
  everyDay,
  fires,
  firesSoon,
  fourWeeks,
  high,
  lived,
  tooMuch,
} from "./anomaly.history.ts";
import { littleDrills } from "./anomaly.little.drills.ts";
import { SignalAnomaly, unusualness, watchedBy } from "./anomaly.ts";

/** What adapts has no value at which it fires: what is unusual depends on weeks. */
export const anomalyProvocations: Provocations = {
  [unusualness.name]: {
    reason: "its threshold is learned from weeks of history: drills of such histories are written by hand",
  },
};

/** Every watched signal has its spike; what is the same for all is drilled with the first. */
export const anomalyDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(SignalAnomaly, subject).flatMap((level) => {
    const [first, ...others] = watchedBy(subject.service, subject.platform);
    if (!first) return [];
    const rest = others.map((signal) => spike({ level, signal }));
    return [...those(drillsOf({ level, signal: first })), ...rest];
  });

function drillsOf(one: Case): (Drill | false)[] {
  const { level } = one;
  const { threshold, severity, promise } = level;
  const noon = "12:00";
  const silent: Expectation[] = [quiet(promise.alert, severity)];
  const told = (name: string, world: World, expect: Expectation[], since = "09:30"): Drill =>
    drill(`${one.signal.name}: ${name}`, { world, expect, since });
  const spiked = during(noon, "12:30", tooMuch(level));
  const monthAgoMs = (clockMs(noon) ?? 0) - 14 * dayMs;
  const muchWorse: Curve = (ms) => (ms >= monthAgoMs && ms < monthAgoMs + 1_800_000 ? 5 * high : spiked(ms));
  return [
    spike(one),
    threshold < 2 &&
      told(
        `a fall to nothing at the busiest time is ${called[severity]}`,
        lived(one, during(noon, "13:00", 0)).until("13:00"),
        [firesSoon(one, noon)],
      ),
    threshold < 2 &&
      told(
        `what is usual at noon is ${called[severity]} at night`,
        lived(one, during("02:00", "06:00", high)).until("03:00"),
        [fires(one, "02:10", "02:55")],
        "00:30",
      ),
    told(
      `half an hour that was far worse two weeks ago does not hide a spike: it is ${called[severity]}`,
      lived(one, muchWorse, fourWeeks).until("13:00"),
      [firesSoon(one, noon)],
    ),
    ...edgeDrills(one),
    ...bandDrills(one),
    ...littleDrills(one),
    told(
      "what has come for half an hour every week is nothing unusual when it comes again",
      lived(one, (ms) => (weekly(ms) ? 3 * high : everyDay(ms)), fourWeeks).until("14:00"),
      silent,
    ),
    told("the peak of every day is nothing unusual", lived(one, everyDay).until("16:00"), silent),
    told(
      "steady growth by a hundredth every day is nothing unusual",
      lived(one, (ms) => everyDay(ms) * 1.01 ** ((ms - (clockMs(noon) ?? 0)) / dayMs)).until("16:00"),
      silent,
    ),
    told(
      "with six hours of history nothing is said yet, not of a spike either",
      lived(one, spiked, hours(6)).until("14:00"),
      silent,
    ),
  ];
}

/** The first half hour of an afternoon, on this day of every week. */
const weekly = (ms: number): boolean => {
  const since = (ms - (clockMs("12:00") ?? 0)) % (7 * dayMs);
  const inWeek = since < 0 ? since + 7 * dayMs : since;
  return inWeek < 1_800_000;
};

/** Beside it the same happens to a service of which nothing is watched, where there is one. */
function spike(one: Case): Drill {
  const { level, signal } = one;
  const { promise, severity, subject } = level;
  const curve = during("12:00", "12:30", tooMuch(level));
  const other = subject.platform.services.find(
    ({ anomalies = [], packs, name }) =>
      anomalies.length === 0 && packs.includes(packOf(one)) && name !== subject.service.name,
  );
  const beside = other ? [lived(one, curve, fourWeeks, healthy(other))] : [];
  // The mean of an hour is too high for longer than the values are; then come the six hours for which a verdict stands.
  return drill(`${signal.name}: a spike is ${called[severity]}, and is over when six hours were as usual`, {
    world: lived(one, curve, fourWeeks).alongside(...beside),
    expect: [
      firesSoon(one, "12:00").resolvesBetween("18:25", "19:40"),
      ...(other ? [quiet(promise.alert).forLabels({ service: other.name })] : []),
    ],
    since: "09:30",
  });
}

const packOf = ({ level, signal }: Case): string =>
  level.subject.platform.packs.find(({ signals }) => signals.some(({ name }) => name === signal.name))?.name ?? "";
