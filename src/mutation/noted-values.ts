import type { Engine } from "../engine/engine.ts";

/** Labels of a series as promtool's `input_series` names it; undefined where it is none. */
export function seriesLabels(series: string, engine: Engine): Record<string, string> | undefined {
  const [selector, ...more] = engine.parse(series).selectors ?? [];
  if (!selector || more.length > 0) return undefined;
  const labels = Object.fromEntries(selector.matchers.map(({ name, value }) => [name, value]));
  return selector.metric === undefined ? labels : { __name__: selector.metric, ...labels };
}

/** `3`, `3x5`, `3+0.5x5`, `3-1x5`: a value, and how often another comes that is greater by a step. */
const step = /^([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|Inf|NaN))(?:([-+]\d[\d.]*(?:e[-+]?\d+)?))?(?:x(\d+))?$/i;

/**
 * Reads promtool's notation of values as far as random worlds need it: numbers, `_` for none (undefined) and `stale`
 * (null). What else there is, such as native histograms, is left out.
 *
 * @param most samples after which no more are read
 */
export function notedValues(notation: string, most: number): (number | null | undefined)[] {
  const values: (number | null | undefined)[] = [];
  for (const token of notation.trim().split(/\s+/)) {
    const [, missing] = /^_(?:x(\d+))?$/.exec(token) ?? [];
    const [, start, by, times] = step.exec(token) ?? [];
    if (token === "stale") values.push(null);
    else if (/^_/.test(token)) values.push(...Array<undefined>(Math.min(most, Number(missing ?? 1))).fill(undefined));
    else if (start !== undefined) {
      const count = Math.min(most, Number(times ?? 0));
      for (let n = 0; n <= count; n += 1) values.push(toNumber(start) + n * Number(by ?? 0));
    }
    if (values.length >= most) return values.slice(0, most);
  }
  return values;
}

const toNumber = (text: string): number => Number(text.replace(/inf/i, "Infinity"));
