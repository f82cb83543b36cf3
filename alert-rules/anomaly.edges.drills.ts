import { levelShare, seasonShare } from "../src/derived/anomaly-rules.ts";
import type { Drill, Expectation } from "../src/drills/drill.ts";
import { type Case, dayAndNight, during, fires, firesSoon, high, historyDrill, low } from "./anomaly.history.ts";

/**
 * Just beyond each limit, just short of it, and at it where numbers are so kind: outside the band of four weeks at noon,
 * and within that band at night, when such values have not been seen.
 */
export function edgeDrills(one: Case): (Drill | false)[] {
  const { level } = one;
  const { threshold } = level;
  const width = high - low;
  const beyondLevel = levelShare * width * threshold;
  const beyondSeason = seasonShare * width * threshold;
  const within = low + 1.02 * beyondSeason < high;
  const byNight = { from: "02:00", since: "00:30", until: "04:00" };
  const atNoon = { from: "12:00", since: "09:30", until: "13:00" };
  const edge = (what: string, value: number, when: typeof atNoon, expected?: Expectation): Drill =>
    historyDrill(one, what, { ...when, curve: during(when.from, "20:00", value, dayAndNight) }, expected);
  const isExact = (value: number, from: number, to: number, share: number) =>
    (Math.abs(value - (from + to) / 2) - (to - from) / 2) / width / share === threshold;
  return [
    edge("just far enough above the band of four weeks", high + 1.02 * beyondLevel, atNoon, firesSoon(one, "12:00")),
    edge("just far enough below the band of four weeks", low - 1.02 * beyondLevel, atNoon, firesSoon(one, "12:00")),
    edge("not quite far enough above the band of four weeks", high + 0.98 * beyondLevel, atNoon),
    isExact(high + beyondLevel, low, high, levelShare) &&
      edge("exactly as far above the band of four weeks as is not too far yet", high + beyondLevel, atNoon),
    within &&
      edge(
        "an hour just far enough from what this time of day has seen",
        low + 1.02 * beyondSeason,
        byNight,
        fires(one, "02:55", "03:15"),
      ),
    within && edge("an hour not quite far enough from it", low + 0.98 * beyondSeason, byNight),
    within &&
      edge(
        "an hour just far enough below what this time of day has seen",
        high - 1.02 * beyondSeason,
        { ...atNoon, until: "14:00" },
        fires(one, "12:55", "13:15"),
      ),
    within && edge("an hour not quite far enough below it", high - 0.98 * beyondSeason, { ...atNoon, until: "14:00" }),
    within &&
      isExact(low + beyondSeason, low, low, seasonShare) &&
      edge("an hour exactly as far from it as is not too far yet", low + beyondSeason, byNight),
  ];
}
