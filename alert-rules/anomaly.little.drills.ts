import { levelShare } from "../src/derived/anomaly-rules.ts";
import type { Drill, Expectation } from "../src/drills/drill.ts";
import { type Duration, hours } from "../src/model/quantity.ts";
import {
  type Case,
  type Curve,
  dayAndNight,
  during,
  fires,
  firesSoon,
  fourWeeks,
  high,
  historyDrill,
  tooMuch,
  week,
} from "./anomaly.history.ts";

/** What little is known is not made more of than it is: a short history, one value for weeks, nothing for weeks. */
export function littleDrills(one: Case): Drill[] {
  const { threshold } = one.level;
  const told = (what: string, curve: Curve, past: Duration, expected?: Expectation): Drill =>
    historyDrill(one, what, { curve, past, until: "14:00" }, expected);
  const spiked = during("12:00", "12:30", tooMuch(one.level));
  const byNight = (what: string, past: Duration, expected?: Expectation): Drill =>
    historyDrill(one, what, { curve: during("02:00", "06:00", high), past, since: "00:30", until: "03:00" }, expected);
  return [
    byNight("what is usual at noon, at night, with one day of history", hours(30)),
    ...(threshold < 2
      ? [byNight("what is usual at noon, at night, with two days of history", hours(54), fires(one, "02:10", "02:55"))]
      : []),
    told("a spike with less than a day of history", spiked, hours(20)),
    told("a spike with little more than a day of history", spiked, hours(30), firesSoon(one, "12:00")),
    told(
      "half an hour of anything where there was nothing for four weeks",
      during("12:00", "12:30", 1, () => 0),
      fourWeeks,
    ),
    ...narrowBands(one),
  ];
}

/** What a signal was in the nights and by day, and how wide a band that counts as. */
const narrow: readonly [what: string, night: number, day: number, width: number][] = [
  ["a value that has never moved", 100, 100, 1],
  ["one that has moved by less than a hundredth of itself", 100, 100.7, 1.007],
  ["one that has moved by little more than a hundredth", 100, 101.5, 1.5],
  ["one that is less than 1", 0.5, 0.6, 0.1],
  ["one below 0 that has never moved", -100, -100, 1],
  ["one below 0 that has moved by less than a hundredth of itself", -100.7, -100, 1],
  ["one below 0", -150, -50, 100],
];

/** A hundredth of a value is the least width that its band counts as having. */
const narrowBands = (one: Case): Drill[] =>
  narrow.flatMap(([what, night, day, width]) => {
    const usual: Curve = (ms) => (dayAndNight(ms) === high ? day : night);
    const moved = (share: number): Curve =>
      during("12:00", "12:30", day + share * levelShare * width * one.level.threshold, usual);
    const seen = (much: string, share: number, expected?: Expectation) =>
      historyDrill(one, `${what} and moves ${much}`, { curve: moved(share), past: week }, expected);
    return [seen("a little", 0.97), seen("enough", 1.03, firesSoon(one, "12:00"))];
  });
