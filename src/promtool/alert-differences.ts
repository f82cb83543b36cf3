import type { FiredAlert } from "../engine/unit-test.ts";
import { compareText } from "../model/finding.ts";

/** A label or annotation that is not as expected; undefined where one side lacks it. */
export interface Difference {
  kind: "label" | "annotation";
  name: string;
  expected?: string;
  got?: string;
}

/** What two lists of alerts come to: each alert stands in one of the three. */
export interface ComparedAlerts {
  /** an expected alert and the one that most resembles it */
  different: { expected: FiredAlert; got: FiredAlert; differences: Difference[] }[];
  missing: FiredAlert[];
  unexpected: FiredAlert[];
}

/** Beyond so many pairs, alerts are no longer compared one with another: it would take longer than the tests. */
const mostPairs = 40_000;

/** Leaves out what is equal and pairs the others, the most alike first. */
export function compareAlerts(expected: readonly FiredAlert[], got: readonly FiredAlert[]): ComparedAlerts {
  const missing = new Set(expected);
  const unexpected = new Set(got);
  for (const wanted of expected) {
    const key = alertKey(wanted);
    for (const found of unexpected) {
      if (alertKey(found) !== key) continue;
      missing.delete(wanted);
      unexpected.delete(found);
      break;
    }
  }
  const different: ComparedAlerts["different"] = [];
  if (missing.size * unexpected.size <= mostPairs) {
    const pairs = [...missing].flatMap((wanted) =>
      [...unexpected].map((found) => ({ expected: wanted, got: found, differences: differencesOf(wanted, found) })),
    );
    for (const pair of pairs.sort((a, b) => weight(a.differences) - weight(b.differences))) {
      if (!missing.has(pair.expected) || !unexpected.has(pair.got)) continue;
      missing.delete(pair.expected);
      unexpected.delete(pair.got);
      different.push(pair);
    }
  }
  return { different, missing: [...missing], unexpected: [...unexpected] };
}

/** Labels are what an alert is; an annotation is only said of it. */
const weight = (differences: readonly Difference[]): number =>
  differences.reduce((sum, { kind }) => sum + (kind === "label" ? 100 : 1), 0);

const entriesOf = (values: Record<string, string>) => Object.entries(values).sort(([a], [b]) => compareText(a, b));
const alertKey = ({ labels, annotations }: FiredAlert): string =>
  JSON.stringify([entriesOf(labels), entriesOf(annotations)]);

function differencesOf(expected: FiredAlert, got: FiredAlert): Difference[] {
  return [
    ...differing("label", expected.labels, got.labels),
    ...differing("annotation", expected.annotations, got.annotations),
  ];
}

function differing(
  kind: Difference["kind"],
  expected: Record<string, string>,
  got: Record<string, string>,
): Difference[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])].sort(compareText);
  return names.flatMap((name) =>
    expected[name] === got[name] ? [] : [{ kind, name, expected: expected[name], got: got[name] }],
  );
}
