import { parse } from "yaml";
import type { RuleFile } from "../../src/engine/rules.ts";
import { parseQuantity } from "../../src/model/quantity.ts";

/** What rules cost that run on one series each, in an hour. */
export interface Cost {
  rules: number;
  /** Times that a rule is evaluated. */
  evaluations: number;
  /** Samples that these evaluations read at most: those of full windows. */
  samples: number;
}

interface Group {
  interval: string;
  rules: { record?: string; expr: string }[];
}

const hourSeconds = 3600;

/** @param inputSeconds how far apart samples are of what the rules do not record themselves */
export function costPerHour(files: readonly RuleFile[], inputSeconds: number): Cost {
  const groups = files.flatMap(({ yaml }) => (parse(yaml) as { groups: Group[] }).groups);
  const all = groups.flatMap(({ interval, rules }) =>
    rules.map((rule) => ({ ...rule, everySeconds: inSeconds(interval) })),
  );
  const recorded = new Map(all.flatMap(({ record, everySeconds }) => (record ? [[record, everySeconds]] : [])));
  const perHour = (everySeconds: number) => hourSeconds / everySeconds;
  return {
    rules: all.length,
    evaluations: all.reduce((sum, { everySeconds }) => sum + perHour(everySeconds), 0),
    samples: all.reduce((sum, { expr, everySeconds }) => {
      const read = [...expr.matchAll(/([a-z_]\w*:[\w:]+)(?:\{[^}]*\})?(?:\[(\w+)\])?/g)].map(([, name = "", range]) =>
        range === undefined ? 1 : Math.ceil(inSeconds(range) / (recorded.get(name) ?? inputSeconds)),
      );
      return sum + perHour(everySeconds) * read.reduce((total, one) => total + one, 0);
    }, 0),
  };
}

const inSeconds = (text: string): number => parseQuantity("seconds", text)?.value ?? Number.NaN;
