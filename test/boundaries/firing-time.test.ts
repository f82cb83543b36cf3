import { describe, expect, it } from "vitest";
import {
  absenceCrossing,
  averageCrossing,
  type Crossing,
  filledShare,
  firingTime,
  instantCrossing,
} from "../../src/boundaries/firing-time.ts";
import { minutes, seconds } from "../../src/model/quantity.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import fc from "../helpers/fast-check.ts";

const intervals = { scrape: seconds(15), evaluation: seconds(30) };
const time = (crossing: Crossing, hold = minutes(5)) => firingTime(crossing, hold.value, intervals);

describe("an average over five minutes that trouble must fill by half", () => {
  const half = time(averageCrossing(300, 0.5, 15));

  it("is beyond its threshold after half of it, give or take half a scrape", () => {
    expect(averageCrossing(300, 0.5, 15)).toMatchObject({ rise: [142.5, 157.5], fall: [142.5, 157.5] });
  });

  it("lets trouble begin so that a single look must be the first, and knows when it fires and is over", () => {
    const start = half.start("12:00");
    expect(start).toBe("11:59:51");
    expect(half.fires(start)).toEqual(["12:07:30", "12:07:30"]);
    expect(half.fires("12:00")).toEqual(["12:07:30", "12:08"]);
    expect(half.over("12:30:08")).toEqual(["12:32:30", "12:33"]);
  });

  it("tells what is too short from what is long enough by little more than one scrape", () => {
    expect([half.tooSoon("11:59:51"), half.lateEnough("11:59:51")]).toEqual(["12:04:51", "12:05:09"]);
  });
});

it("knows nothing too short where one scrape that sees it stands for the whole hold", () => {
  const tooSoon = (scrape: number) => time(instantCrossing(scrape), seconds(60)).tooSoon("12:00");
  expect([tooSoon(90), tooSoon(15)]).toEqual([undefined, "12:01"]);
});

/** What a look must see for the alert to be pending: from the samples that a scrape at this phase has taken. */
type Sees = (lookMs: number, trouble: (ms: number) => boolean, phaseMs: number) => boolean;

const windowMs = 300_000;

/** Times of the scrapes in the window that ends with a look. */
function scrapesIn(lookMs: number, phaseMs: number, scrapeMs: number): number[] {
  const last = Math.floor((lookMs - phaseMs) / scrapeMs) * scrapeMs + phaseMs;
  return Array.from({ length: Math.ceil((last - lookMs + windowMs) / scrapeMs) }, (_, back) => last - back * scrapeMs);
}

/** Which share of the time between the first and the last of some scrapes has been trouble, second by second. */
function filled(scrapes: readonly number[], trouble: (ms: number) => boolean): number {
  const [last = 0, first = 0] = [scrapes[0], scrapes.at(-1)];
  let troubled = 0;
  for (let ms = first; ms < last; ms += 1000) if (trouble(ms)) troubled += 1000;
  return troubled / (last - first);
}

describe("against every scrape and every look, one by one", () => {
  const cases: Record<string, (share: number, scrapeMs: number) => { crossing: Crossing; sees: Sees }> = {
    instant: (_, scrapeMs) => ({
      crossing: instantCrossing(scrapeMs / 1000),
      sees: (look, trouble, phase) => trouble(scrapesIn(look, phase, scrapeMs)[0] ?? 0),
    }),
    average: (share, scrapeMs) => ({
      crossing: averageCrossing(windowMs / 1000, share, scrapeMs / 1000),
      sees: (look, trouble, phase) => filled(scrapesIn(look, phase, scrapeMs), trouble) > share,
    }),
    "average over three instances": (share, scrapeMs) => ({
      crossing: averageCrossing(windowMs / 1000, share, scrapeMs / 1000),
      sees(look, trouble, phase) {
        const phases = [0, 2000, scrapeMs / 2].map((later) => (phase + later) % scrapeMs);
        const shares = phases.map((one) => filled(scrapesIn(look, one, scrapeMs), trouble));
        return shares.reduce((sum, one) => sum + one) / shares.length > share + 1e-9;
      },
    }),
    absence: (_, scrapeMs) => ({
      crossing: absenceCrossing(windowMs / 1000, scrapeMs / 1000),
      sees: (look, trouble, phase) => scrapesIn(look, phase, scrapeMs).filter((ms) => !trouble(ms)).length < 2,
    }),
  };

  it.each(Object.entries(cases))(
    "%s: it fires when it must, is over when it must, and not a look sooner",
    (_, make) => {
      const setting = fc.record({
        share: fc.integer({ min: 5, max: 95 }).map((percent) => percent / 100),
        scrape: fc.constantFrom(5, 15, 30, 60),
        phase: fc.integer({ min: 0, max: 59 }),
        evaluation: fc.constantFrom(15, 30, 60),
        hold: fc.integer({ min: 60, max: 900 }),
      });
      fc.assert(
        fc.property(setting, ({ share, scrape, phase, evaluation, hold }) => {
          const { crossing, sees } = make(share, scrape * 1000);
          const oracle = firingTime(crossing, hold, { scrape: seconds(scrape), evaluation: seconds(evaluation) });
          const start = oracle.start("12:00");
          const run = (end: string) => looks(sees, { start, end, phase: phase % scrape, evaluation, hold });
          const late = oracle.lateEnough(start);
          const { fired, over } = run(late);
          expect(within(fired, oracle.fires(start)) && within(over, oracle.over(late))).toBe(true);
          const soon = oracle.tooSoon(start);
          if (soon !== undefined) expect(run(soon).fired).toBeUndefined();
        }),
        { numRuns: 200 },
      );
    },
  );
});

it("trouble fills no more and no less of a window than the samples of some scrape show", () => {
  const setting = fc.record({
    scrape: fc.constantFrom(5, 7, 15, 45, 60),
    phase: fc.integer({ min: 0, max: 59 }),
    lasts: fc.integer({ min: 1, max: 600 }),
    look: fc.integer({ min: 0, max: 900 }),
  });
  fc.assert(
    fc.property(setting, ({ scrape, phase, lasts, look }) => {
      const scrapes = scrapesIn(look * 1000, (phase % scrape) * 1000, scrape * 1000);
      const [last = 0, first = 0] = [scrapes[0], scrapes.at(-1)].map((ms = 0) => ms / 1000);
      const share = Math.max(0, Math.min(last, lasts) - Math.max(first, 0)) / (last - first);
      const [least, most] = filledShare(300, scrape, { sinceSeconds: look, endedSeconds: look - lasts });
      expect(share).toBeGreaterThanOrEqual(least - 1e-9);
      expect(share).toBeLessThanOrEqual(most + 1e-9);
    }),
    { numRuns: 500 },
  );
});

it("a window is as full as trouble lasts, give or take a second, where nothing is sampled", () => {
  const [least, most] = filledShare(300, 0, { sinceSeconds: 200, endedSeconds: 50 });
  expect([least * 300, most * 300].map(Math.round)).toEqual([148, 152]);
});

const within = (at: number | undefined, [from, to]: [string, string]): boolean =>
  at !== undefined && at >= (clockMs(from) ?? Infinity) && at <= (clockMs(to) ?? -Infinity);

interface Course {
  start: string;
  end: string;
  /** Seconds, all of them. */
  phase: number;
  evaluation: number;
  hold: number;
}

/** When an alert begins to fire and is over, looked at time and again. */
function looks(sees: Sees, { start, end, phase, evaluation, hold }: Course): { fired?: number; over?: number } {
  const [startMs, endMs] = [clockMs(start) ?? 0, clockMs(end) ?? 0];
  let since: number | undefined;
  let fired: number | undefined;
  for (let look = startMs - (startMs % 60_000); look < endMs + 2 * windowMs; look += evaluation * 1000) {
    const pending = sees(look, (ms) => ms >= startMs && ms < endMs, phase * 1000);
    since = pending ? (since ?? look) : undefined;
    if (fired !== undefined && !pending) return { fired, over: look };
    if (since !== undefined && look - since >= hold * 1000) fired ??= look;
  }
  return { fired };
}
