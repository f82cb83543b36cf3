import { levelShare, seasonDays, seasonShare } from "../src/derived/anomaly-rules.ts";
import type { Drill, Expectation } from "../src/drills/drill.ts";
import { days } from "../src/model/quantity.ts";
import {
  type Case,
  type Curve,
  dayAndNight,
  during,
  fires,
  firesSoon,
  high,
  historyDrill,
  low,
  tooMuch,
} from "./anomaly.history.ts";

/** What each band is learned from: which weeks, which hours of which days, and for how long it counts. */
export const bandDrills = (one: Case): Drill[] => [
  ...seenBefore(one),
  ...(one.level.threshold < 2 ? [...hoursBefore(one), ...knownDays(one), ...weeksBefore(one), ...byTheHour(one)] : []),
];

const byNight = { since: "00:30", until: "04:00" };
const byDay = { since: "10:30", until: "14:00" };

/** Of the days that are remembered for a time of day each counts for itself, upwards and downwards. */
const seenBefore = (one: Case): Drill[] =>
  seasonDays.flatMap((day) => {
    const seen = (what: string, [from, to]: [string, string], value: number, when: typeof byNight): Drill => {
      const before = during(from, to, value, dayAndNight, day);
      const curve = during(from, to, value, before);
      return historyDrill(one, `${what} when it was so ${day} d ago`, { ...when, curve });
    };
    return [
      seen("as much at night as by day", ["01:00", "05:00"], high, byNight),
      seen("as little by day as at night", ["11:00", "15:00"], low, byDay),
    ];
  });

/** Half an hour that came an hour earlier on one of these days is known; one that came three hours earlier is not. */
function hoursBefore(one: Case): Drill[] {
  const night = (value: Curve) => during("02:00", "02:30", high, value);
  const day = (value: Curve) => during("12:00", "12:30", low, value);
  const onAll = (from: string, to: string, value: number, later = 0): Curve =>
    seasonDays.reduce<Curve>((curve, ago) => during(from, to, value, curve, ago + later), dayAndNight);
  return [
    ...seasonDays.flatMap((ago) => [
      historyDrill(one, `as much at night as by day when it was so an hour earlier ${ago} d ago`, {
        ...byNight,
        curve: night(during("01:00", "01:30", high, dayAndNight, ago)),
      }),
      historyDrill(one, `as little by day as at night when it was so an hour earlier ${ago} d ago`, {
        ...byDay,
        curve: day(during("11:00", "11:30", low, dayAndNight, ago)),
      }),
    ]),
    historyDrill(
      one,
      "as much at night as by day when it was so three hours earlier on every day",
      { ...byNight, curve: night(onAll("23:00", "23:30", high, 1)) },
      fires(one, "02:15", "02:30"),
    ),
    historyDrill(
      one,
      "as little by day as at night when it was so three hours earlier on every day",
      { ...byDay, curve: day(onAll("09:00", "09:30", low)) },
      fires(one, "12:15", "12:30"),
    ),
  ];
}

// Bands are learned every hour from the beginning of a drill on, a minute or two after these hours: what is asked of
// single hours of the past begins eight minutes past.

/** A day is known by any part of the three hours, and by nothing else. One is not enough. */
function knownDays(one: Case): Drill[] {
  const unknown = (among: readonly number[], curve: Curve): Curve =>
    among.reduce((known, ago) => during("22:00", "29:45", undefined, known, ago + 1), curve);
  // So that only the band of the hour before the spike knows of it, which counts for two hours.
  const known = (among: readonly number[], curve: Curve): Curve =>
    among.reduce((before, ago) => during("00:05", "05:45", undefined, before, ago), curve);
  const told = (what: string, curve: Curve, expected?: Expectation) =>
    historyDrill(
      one,
      `as much at night as by day with ${what}`,
      { curve: during("02:00", "06:00", high, curve), since: "01:08", until: "03:30" },
      expected,
    );
  const others = (...those: number[]) => seasonDays.filter((ago) => !those.includes(ago));
  const pairs = [seasonDays.slice(0, 2), seasonDays.slice(2)];
  return [
    ...seasonDays
      .slice(0, 2)
      .map((ago) => told(`nothing known of this time of day but from ${ago} d ago`, unknown(others(ago), dayAndNight))),
    ...pairs.map((pair) =>
      told(
        `no more known of this time of day than its first hour, of ${pair.join(" and ")} d ago`,
        known(pair, unknown(others(...pair), dayAndNight)),
        fires(one, "02:15", "02:30"),
      ),
    ),
  ];
}

/** Four weeks are learned from and no more; and there is a band as long as anything is known of the day before today. */
function weeksBefore(one: Case): Drill[] {
  const much = tooMuch(one.level);
  const spike = (usual: Curve) => during("12:00", "12:20", much, usual);
  const fall = (usual: Curve) => during("02:00", "02:20", 0, usual);
  const past = days(40);
  const away = (from: string) => spike(during(from, "48:00", undefined, dayAndNight, 2));
  return [
    historyDrill(
      one,
      "a spike as high as one of five weeks ago",
      { curve: spike(during("12:00", "18:00", much, dayAndNight, 35)), past },
      firesSoon(one, "12:00"),
    ),
    historyDrill(
      one,
      "a fall as deep as one of five weeks ago",
      { ...byNight, curve: fall(during("02:00", "06:00", 0, dayAndNight, 35)), past },
      firesSoon(one, "02:00"),
    ),
    historyDrill(one, "a spike as high as one of three weeks ago", {
      curve: spike(during("12:00", "18:00", much, dayAndNight, 20)),
      past,
    }),
    historyDrill(one, "a fall as deep as one of three weeks ago", {
      ...byNight,
      curve: fall(during("00:00", "06:00", 0, dayAndNight, 20)),
      past,
    }),
    historyDrill(
      one,
      "a spike with nothing known since the evening of the day before yesterday",
      { curve: away("20:00") },
      firesSoon(one, "12:00"),
    ),
    historyDrill(one, "a spike with nothing known since the morning of the day before yesterday", {
      curve: away("08:00"),
    }),
  ];
}

/** What is usual is another thing with every hour: the last that was learned counts, and none before. */
function byTheHour(one: Case): Drill[] {
  const { threshold } = one.level;
  const [level, season] = [levelShare * threshold, seasonShare * threshold];
  const told = (what: string, history: Parameters<typeof historyDrill>[2], expected?: Expectation) =>
    historyDrill(one, what, history, expected);
  const within = (from: string, to: string, value: number) => ({ curve: during(from, to, value, dayAndNight) });
  // An hour outside, but not far enough, widens the band by this much.
  const wider = 14;
  const width = high - low + wider;
  const spread = (share: number) =>
    during("02:00", "04:00", 80 + share * season * (high - low), during("02:00", "03:00", 80, dayAndNight, 1));
  const past = days(30);
  return [
    told(
      "as little as at night, two hours into the day",
      { ...within("08:05", "08:35", low), since: "06:08", until: "08:50" },
      fires(one, "08:20", "08:35"),
    ),
    told(
      "as much as by day, two hours into the night",
      { ...within("20:05", "20:35", high), since: "18:08", until: "20:50" },
      fires(one, "20:20", "20:35"),
    ),
    told("as much as by day, in the hour before the day", {
      ...within("05:05", "06:00", high),
      since: "03:08",
      until: "06:10",
    }),
    told("as little as at night, in the hour before the night", {
      ...within("17:05", "18:00", low),
      since: "15:08",
      until: "18:10",
    }),
    told("a step above a band that the hour before has widened", {
      curve: during(
        "12:00",
        "13:00",
        high + wider,
        during("13:00", "13:20", high + wider + 0.98 * level * width, dayAndNight),
      ),
      since: "11:08",
      until: "14:00",
    }),
    told("a step below a band that the hour before has widened", {
      curve: during(
        "01:00",
        "02:00",
        low - wider,
        during("02:00", "02:20", low - wider - 0.98 * level * width, dayAndNight),
      ),
      since: "00:08",
      until: "04:00",
    }),
    told("an hour above what this time of day has seen, when the band is wider for an hour", {
      curve: during(
        "12:00",
        "13:00",
        high + wider,
        during("13:00", "14:00", high + 0.98 * season * width, dayAndNight),
      ),
      since: "11:08",
      until: "14:00",
    }),
    told(
      "a step above a band that has just become narrower",
      {
        curve: during(
          "13:00",
          "13:20",
          high + 1.05 * level * (high - low),
          during("07:00", "13:00", 2 * high, dayAndNight, 28),
        ),
        past,
        since: "11:08",
        until: "13:40",
      },
      firesSoon(one, "13:00"),
    ),
    told(
      "a step below a band that has just become narrower",
      {
        curve: during(
          "03:00",
          "03:20",
          low - 1.05 * level * (high - low),
          during("20:00", "27:00", 0, dayAndNight, 29),
        ),
        past,
        since: "00:08",
        until: "03:40",
      },
      firesSoon(one, "03:00"),
    ),
    told(
      "an hour above what this time of day has seen, when the band has just become narrower",
      {
        curve: during(
          "02:00",
          "03:00",
          low + 1.05 * season * (high - low),
          during("20:00", "26:00", 2 * high, dayAndNight, 29),
        ),
        past,
        since: "00:08",
        until: "03:30",
      },
      fires(one, "02:55", "03:05"),
    ),
    told(
      "two hours just far enough above the most of these days",
      { curve: spread(1.02), since: "00:08", until: "03:30" },
      fires(one, "02:55", "03:15"),
    ),
    told("two hours not quite far enough above the most of these days", {
      curve: spread(0.98),
      since: "00:08",
      until: "03:30",
    }),
  ];
}
