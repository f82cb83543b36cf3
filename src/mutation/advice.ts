/** What a test needs so that it notices a fault of an operator, by the operator's name as the engine gives it. */
const needs: Readonly<Record<string, string>> = {
  threshold: "Let the signal be just below the threshold once, and just above it once.",
  quantile: "Let the signal be just below the threshold once, and just above it once.",
  number: "Choose values for which this number decides: just below the threshold once, and just above it once.",
  "guard value":
    "Let the guard be just below its limit once, and just above it once, while the signal is beyond its own.",
  "comparison strictness": "Let the signal be exactly the threshold.",
  "comparison direction": "Let the signal be on either side of the threshold: quiet on one, firing on the other.",
  arithmetic: "Choose values for which the two operations differ by more than the distance to the threshold.",
  "operands swapped": "Choose operands that differ from each other, and look at the alert's value.",
  "set operator": "Give each side a series that the other side has not.",
  "clause dropped":
    "Let the alert depend on this clause: once where it lets it fire, and once where it keeps it quiet.",
  bool: "Let the comparison be false while its series are there.",
  for: "Look just before `for` has passed, when it is pending, and just after, when it fires.",
  keep_firing_for: "Let the trouble end, and look just before and just after keep_firing_for has passed.",
  window: "Let the trouble last for a part of the window only, and look when the alert must begin and be over.",
  offset: "Let the signal change, and look just before and just after the offset has passed.",
  aggregation: "Give it two series or more with different values.",
  "aggregation label": "Give it two series that differ in this label only, one of them beyond the threshold.",
  "vector matching": "Give it two series that differ in the matched labels only, one of them beyond the threshold.",
  matcher: "Add a series that this matcher keeps out, and that would change the outcome if it did not.",
  function: "Let the series be reset, grow unevenly or end, and look at the alert's value.",
  severity: "Name the severity where the alert is expected to fire.",
  label: "Name all labels where the alert is expected to fire.",
  annotation: "Name the annotations where the alert is expected to fire.",
  "template field":
    "Name the annotations where the alert is expected to fire, with the values that must stand in them.",
  "rule removed": "Expect the alert to fire once.",
};

/** What to do about a fault that nobody noticed, in the imperative; undefined for an operator that is not known. */
export const adviceFor = (operator: string): string | undefined => needs[operator];
