import type { Matcher, Selector } from "../engine/parsed-expr.ts";
import type { PlainSeries } from "./plain-series.ts";

type Labels = Record<string, string>;

const keyOf = (labels: PlainSeries["labels"]): string => JSON.stringify(Object.entries(labels).sort());

/** What Prometheus makes itself. */
const ownSeries = ["ALERTS", "ALERTS_FOR_STATE"];

/**
 * The labels of two instances of whatever is selected and not given.
 *
 * @param limits what the values of a metric are compared with: a histogram has buckets around them
 */
export function missingSeries(
  selectors: readonly Selector[],
  given: ReadonlySet<string | undefined>,
  limits: ReadonlyMap<string, readonly number[]>,
): Labels[] {
  const known = new Set([...given, ...ownSeries]);
  const found = new Map<string, Labels>();
  for (const { metric, matchers } of selectors) {
    if (metric === undefined || known.has(metric)) continue;
    const chosen = matchers.flatMap(({ name, op, value }) => (op.startsWith("!") ? [] : [[name, matching(op, value)]]));
    for (const instance of ["a", "b"]) {
      for (const le of metric.endsWith("_bucket") ? boundsAround(limits.get(metric) ?? []) : [undefined]) {
        const labels = { __name__: metric, instance, ...Object.fromEntries(chosen), ...(le !== undefined && { le }) };
        found.set(keyOf(labels), labels);
      }
    }
  }
  return [...found.values()];
}

/**
 * For every matcher a series (of a histogram, all its buckets) that it keeps out and no other does: without it, nobody
 * could see that a matcher is gone.
 */
export function outsiders(series: readonly PlainSeries[], selectors: readonly Selector[]): PlainSeries[] {
  const known = new Set(series.map(({ labels }) => keyOf(labels)));
  return selectors.flatMap(({ metric, matchers }) => {
    const selected = ({ labels }: PlainSeries) =>
      labels.__name__ === metric && matchers.every((one) => lets(one, labels[one.name] ?? ""));
    const [first, ...more] = series.filter(selected);
    if (!first) return [];
    const { le: _, ...rest } = first.labels;
    const ofOneHistogram = more.filter(({ labels: { le, ...others } }) => keyOf(others) === keyOf(rest));
    return matchers.flatMap(({ name, op, value }) =>
      [first, ...ofOneHistogram].flatMap((one) => {
        const labels = { ...one.labels, [name]: op.startsWith("!") ? matching(op, value) : "another" };
        const isNew = !known.has(keyOf(labels));
        known.add(keyOf(labels));
        return isNew ? [{ ...one, labels }] : [];
      }),
    );
  });
}

function lets({ op, value }: Matcher, label: string): boolean {
  const isMatch = op.endsWith("~") ? matchesRegex(value, label) : label === value;
  return isMatch !== op.startsWith("!");
}

/** Nearly as Prometheus does: the few patterns that only its engine reads match nothing here. */
function matchesRegex(pattern: string, label: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "s").test(label);
  } catch {
    return false;
  }
}

const matching = (op: Matcher["op"], value: string): string => (op.endsWith("~") ? oneOf(value) : value);

/** A text that a regular expression of the usual kind matches: its first alternative, with `.` and `.*` filled in. */
const oneOf = (regex: string): string =>
  (regex.replaceAll(/[()^$]|\?:/g, "").split("|")[0] ?? "")
    .replaceAll(/\.[*+]/g, "x")
    .replaceAll(/\[.*?\][*+]?/g, "1")
    .replaceAll(".", "0");

/** Buckets with bounds at every limit and on either side of it. */
function boundsAround(limits: readonly number[]): string[] {
  const around = limits
    .filter((limit) => limit > 0)
    .flatMap((limit) => [0.5, 0.9, 1, 1.1, 1.25, 2].map((factor) => factor * limit));
  const bounds = [...new Set([0.1, 1, 10, ...around])].sort((a, b) => a - b);
  return [...bounds.map(String), "+Inf"];
}
