import type { Recorded } from "./foretell.ts";

/** Errors of one kind of forecast over all moments at which one was made. */
export interface Errors {
  forecasts: number;
  /** Mean of |error|, of what the forecast said and of what saying "as a week ago" did. */
  own: number;
  naive: number;
  /** Mean of |error| / |what came|, where something came. */
  relative: number;
  /** Share that came to lie within the margins; undefined where there are none. */
  covered?: number;
}

export interface Scored {
  /** Of the mean of an hour, against the same hour a week ago. */
  hour: Errors;
  /** Of the worst hour of a day so many days ahead, against the same weekday of the last week that is known. */
  ahead: ReadonlyMap<number, Errors>;
}

/** Days ahead that are scored. */
export const scoredDays = [1, 7, 30];
/** What numbers lose on the way. */
const rounding = 1e-9;
const perDay = 24;
const perWeek = 7 * perDay;

interface Point {
  said: number;
  naive: number;
  came: number;
  within?: { low: number; high: number };
}

/** What the rules said, hour by hour, against what came. */
export function score({ value, peak, trend, trendMargin, sureTrend, margin, expected }: Recorded): Scored {
  const hour = expected.flatMap((said, at): Point[] => {
    const [came, naive] = [value[at], value[at - perWeek]];
    return said === undefined || came === undefined || naive === undefined ? [] : [{ said, naive, came }];
  });
  const ahead = scoredDays.map((days): [number, Errors] => {
    const points = peak.flatMap((now, at): Point[] => {
      const [slope, slopeMargin, sure, around] = [trend[at], trendMargin[at], sureTrend[at], margin[at]];
      const came = peak[at + days * perDay];
      const naive = peak[at + days * perDay - perWeek * Math.ceil(days / 7)];
      if (now === undefined || sure === undefined || came === undefined || naive === undefined) return [];
      if (slope === undefined || slopeMargin === undefined || around === undefined) return [];
      const low = now - around + days * (slope - slopeMargin);
      const high = now + around + days * (slope + slopeMargin);
      return [{ said: now + days * sure, naive, came, within: { low, high } }];
    });
    return [days, errorsOf(points)];
  });
  return { hour: errorsOf(hour), ahead: new Map(ahead) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

function errorsOf(points: readonly Point[]): Errors {
  const withMargin = points.flatMap(({ within, came }) => (within ? [{ ...within, came }] : []));
  const some = points.filter(({ came }) => came !== 0);
  return {
    forecasts: points.length,
    own: mean(points.map(({ said, came }) => Math.abs(said - came))),
    naive: mean(points.map(({ naive, came }) => Math.abs(naive - came))),
    relative: mean(some.map(({ said, came }) => Math.abs((said - came) / came))),
    ...(withMargin.length > 0 && {
      covered: mean(withMargin.map(({ low, high, came }) => Number(came >= low - rounding && came <= high + rounding))),
    }),
  };
}

/** A row for each category: the median over its series, so that one wild series does not speak for all. */
export function scoreTable(all: readonly { category: string; scored: Scored }[]): string {
  const categories = [...new Set(all.map(({ category }) => category))];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = [
    "series",
    "of",
    "this hour",
    ...scoredDays.flatMap((days) => [`${days} d`, `${days} d, error`, `${days} d, within`]),
  ];
  return [
    row(head),
    row(head.map(() => "---")),
    ...categories.map((category) => {
      const own = all.filter((one) => one.category === category).map(({ scored }) => scored);
      return row([
        category,
        `${own.length}`,
        against(own.map(({ hour }) => hour)),
        ...scoredDays.flatMap((days) => {
          const errors = own.flatMap(({ ahead }) => ahead.get(days) ?? []);
          return [
            against(errors),
            percent(middle(errors.map(({ relative }) => relative))),
            percent(middle(errors.map(({ covered }) => covered ?? Number.NaN))),
          ];
        }),
      ]);
    }),
  ].join("\n");
}

/** Error as a share of the naive forecast's: below 1 is better than naive. */
const against = (errors: readonly Errors[]): string => {
  const ratio = middle(errors.map(({ own, naive }) => (naive === 0 && own < 1e-9 ? 1 : own / naive)));
  return Number.isNaN(ratio) ? "–" : ratio.toFixed(2);
};

const percent = (share: number): string => (Number.isNaN(share) ? "–" : `${(100 * share).toFixed(0)} %`);

/** Median of those that are numbers. */
export function middle(values: readonly number[]): number {
  const sorted = values.filter((one) => !Number.isNaN(one)).sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half)] ?? Number.NaN)) / 2;
}
