import type { Boundary } from "../drills/boundary.ts";
import type { ExpectedLabels } from "../drills/drill.ts";
import type { Level } from "../drills/drill-subject.ts";
import type { Alert } from "../model/pack.ts";
import type { World } from "../worlds/world.ts";
import { factProvocation } from "./fact-provocation.ts";
import type { Crossing, Span } from "./firing-time.ts";

/**
 * How a signal is made to have a value in a world: what is true then, told without PromQL. All that a pack says about
 * it; boundary drills and measurements are derived from it.
 */
export interface Provocation {
  /** In which it is tried: healthy, with so much traffic that whole requests move a crossing by less than a second. */
  world: World;
  /** What happens: `p95 of 2.4 s`. */
  words: (value: number) => string;
  /** The signal has this value from a time of day (else from the beginning) to another (else for good). */
  happens: (world: World, value: number, from?: string, to?: string) => World;
  /** What the trouble's labels are besides those of the service; empty when it is the whole service. */
  labels: ExpectedLabels;
  /** The same trouble elsewhere in the same service, with its labels; undefined where there is no such place. */
  elsewhere?: { happens: Provocation["happens"]; labels: ExpectedLabels };
  /** The value on a healthy day. */
  usual: number;
  /** The value that is furthest beyond the threshold, as far as a drill goes. */
  most: number;
  /**
   * What the signal is when this share (0 to 1) of its window has the value and the rest is as usual.
   * @default between the usual value and this one, in proportion: an average
   */
  truth?: (value: number, share: number) => number;
  /**
   * The same as the service's instrumentation can show it.
   * @default the truth
   */
  shown?: (value: number, share: number) => number;
  /** Values next to the threshold that can be told from it; `below` may be the threshold itself where that is quiet. */
  around?: { below: number; above: number };
  /** In which the signal is the threshold itself, to the last bit, whenever a rule looks; undefined where none is known. */
  exactly?: World;
  /** The smallest difference between two values, where there are few: one target of ten. @default - any value is possible */
  step?: number;
  /** How far the shown value may be from what it should be: what a request more or less makes. @default 0 */
  blur?: number;
  /** How far apart in seconds what the signal is made from is seen. @default the scrape interval */
  sampledEverySeconds?: number;
  /** How it fills with the value and empties of it. @default - in proportion to the time within its window */
  filling?: Filling;
  /** Its value is the rate of a counter, not a share of such rates. @default false */
  isRate?: boolean;
  /** How far apart what is counted comes, where one more or less decides. @default - so near that it does not matter */
  secondsApart?: (value: number) => number;
  /** It tells that there are no samples, instead of telling something by them. @default false */
  isAbsence?: boolean;
  /** Alerts that rightly speak as well. */
  others?: readonly Alert[];
  /** Boundaries that make no sense here, with the reason. */
  without?: Readonly<Partial<Record<Boundary, string>>>;
}

/** How a signal follows a value that sets in, where that is not in proportion to the time within its window. */
export interface Filling {
  /** When it passes what it is when this share (0 to 1) of its window has the value, and falls back below that. */
  crossing: (share: number) => Crossing;
  /** Which share of its window has the value at a look so long after the value set in, and ended (negative: not yet). */
  filled: (at: { sinceSeconds: number; endedSeconds: number }) => Span;
  /** When it is no longer there after the samples that it is made of have ended. */
  ends: Crossing;
}

/** Makes a provocation for one threshold of a service. */
export type Provoke = (level: Level) => Provocation;

/** Why no value of a signal can be provoked, so that its alerts have no boundary to drill; their drills are written by hand. */
export interface Unprovoked {
  reason: string;
}

/** The provocation of each signal that an alert compares or is guarded by, by the signal's name. */
export type Provocations = Readonly<Record<string, Provoke | Unprovoked>>;

/** Why there is no provocation of a level; undefined where there should be one. */
export function whyUnprovoked({ promise }: Pick<Level, "promise">, provocations: Provocations): string | undefined {
  const provoke = provocations[promise.alert.signal.name];
  return typeof provoke === "object" ? provoke.reason : undefined;
}

/**
 * How the signal of a level is provoked: as its pack says, or else by the fact that it tells. Throws an Error when there
 * is neither.
 */
export function provocationOf(level: Level, provocations: Provocations): Provocation {
  const { pack, signal } = level.promise.alert;
  const provoke = provocations[signal.name] ?? (signal.fact === undefined ? undefined : factProvocation);
  if (typeof provoke === "object") throw new Error(`the signal ${signal.name} cannot be provoked: ${provoke.reason}`);
  if (!provoke) throw new Error(`the pack ${pack} does not say how its signal ${signal.name} is provoked`);
  return provoke(level);
}
