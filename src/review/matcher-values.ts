import type { Engine } from "../engine/engine.ts";
import type { SampleSeries } from "../engine/evaluation.ts";
import type { Matcher } from "../engine/parsed-expr.ts";
import { promqlString } from "../model/promql.ts";

/** Which values a matcher takes, as Prometheus' own regular expressions say. */
export type MatcherValues = (matcher: Matcher) => { takes: (value: string) => boolean; takesNone: boolean };

/** A label that nothing else has. */
const probe = "__firedrill_probe__";

const key = ({ name, op, value }: Matcher): string => `${JSON.stringify(name)}${op}${promqlString(value)}`;

/**
 * Tries every matcher on every value of its label: one series for each value, one query for each matcher, all in one
 * evaluation. `takesNone`: it also takes series that do not have the label.
 */
export function matcherValues(
  engine: Pick<Engine, "evaluate">,
  matchers: readonly Matcher[],
  valuesOf: (label: string) => readonly string[],
): MatcherValues {
  const distinct = new Map(matchers.map((matcher) => [key(matcher), matcher]));
  const labels = [...new Set([...distinct.values()].map(({ name }) => name))];
  const probes = labels.flatMap((label) => valuesOf(label).map((value) => ({ [probe]: "one", [label]: value })));
  const { queries } = engine.evaluate({
    ruleFiles: [],
    series: [{ [probe]: "none" }, ...probes].map(sampleOf),
    startMs: 0,
    endMs: 0,
    evaluationIntervalMs: 1000,
    queries: [...distinct].flatMap(([id, { name }]) =>
      [`{${probe}="one", ${JSON.stringify(name)}!="", ${id}}`, `{${probe}="none", ${id}}`].map((expr) => ({
        id,
        expr,
        startMs: 0,
        endMs: 0,
        stepMs: 1,
      })),
    ),
  });
  const taken = new Map<string, { values: Set<string>; takesNone: boolean }>();
  for (const { id, series } of queries) {
    const entry = taken.get(id) ?? { values: new Set(), takesNone: false };
    for (const { labels: found } of series) {
      if (found[probe] === "none") entry.takesNone = true;
      else entry.values.add(found[distinct.get(id)?.name ?? ""] ?? "");
    }
    taken.set(id, entry);
  }
  return (matcher) => {
    const entry = taken.get(key(matcher));
    return { takes: (value) => entry?.values.has(value) ?? false, takesNone: entry?.takesNone ?? false };
  };
}

const sampleOf = (labels: Record<string, string>): SampleSeries => ({
  labels,
  timestampsMs: Float64Array.of(0),
  values: Float64Array.of(1),
});
