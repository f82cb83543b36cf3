import type {
  FiredAlert,
  FoundSample,
  SignalAround,
  TestedRule,
  TestGroupResult,
  UnitTestFailure,
} from "../engine/unit-test.ts";
import { type Place, placeText } from "../model/finding.ts";
import { formatDuration, seconds } from "../model/quantity.ts";
import { compareAlerts, type Difference } from "./alert-differences.ts";
import { inPlainWords } from "./plain-words.ts";
import type { SuiteResult } from "./suite.ts";

/** A file as a terminal shows it, without colours: a line where it passed, else why not, test by test. */
export function explainSuite(suite: SuiteResult): string {
  const { file, passed, faults, groups, stopped } = suite;
  if (stopped !== undefined) return `‼ ${file}\n  There is no verdict: ${stopped}.`;
  if (faults.length > 0)
    return [`✗ ${file}`, ...faults.map((fault) => `  ${placeText(fault)}: ${messageText(fault.message)}`)].join("\n");
  if (passed) return `✓ ${file}`;
  return groups
    .filter((group) => !group.passed)
    .map((group) => explainGroup(suite, group))
    .join("\n");
}

const explainGroup = (suite: SuiteResult, { name, failures }: TestGroupResult): string =>
  [`✗ ${suite.file} › ${name}`, ...failures.map((failure) => indented(explainFailure(suite, failure)))].join("\n");

const indented = (text: string): string => text.replace(/^(?=.)/gm, "  ");

/** A failure as a paragraph: what should be, what is, what differs, and where it is written. */
export function explainFailure({ file, rules }: Pick<SuiteResult, "file" | "rules">, failure: UnitTestFailure): string {
  const { sentence, details } = told(failure, rules);
  const places: Place[] = [{ file, line: failure.line }];
  if ("ruleFile" in failure && failure.ruleFile) places.push({ file: failure.ruleFile, line: failure.ruleLine });
  if (failure.kind === "alert") {
    const named = rules.filter(({ alert }) => alert === failure.alert);
    places.push(...named.slice(0, shown));
  }
  return [sentence, ...details.map((line) => `  ${line}`), `  ${places.map(placeText).join("   ")}`].join("\n");
}

interface Told {
  sentence: string;
  details: string[];
}

function told(failure: UnitTestFailure, rules: readonly TestedRule[]): Told {
  switch (failure.kind) {
    case "alert":
      return tellAlert(failure, rules);
    case "expr":
      return tellExpression(failure);
    case "rule":
      return {
        sentence: `${failure.rule} cannot be evaluated at ${timeText(failure.evalTimeMs)}, which ends the test: ${messageText(failure.message)}.`,
        details: [],
      };
    case "load":
      return { sentence: `${aboutLoad(failure)}: ${messageText(failure.message)}.`, details: [] };
  }
}

type Failure<Kind> = Extract<UnitTestFailure, { kind: Kind }>;

function aboutLoad({ series, rule, ruleFile }: Failure<"load">): string {
  if (series !== undefined) return `The input series ${series} cannot be loaded`;
  if (rule) return `The rule ${rule} is wrong`;
  return ruleFile ? `The rule file ${ruleFile} is wrong` : "The test cannot be run";
}

/** How many alerts, samples or times are listed before the rest is only counted. */
const shown = 5;

function listed<Item>(items: readonly Item[], text: (item: Item) => string[]): string[] {
  const rest = items.length - shown;
  return [...items.slice(0, shown).flatMap(text), ...(rest > 0 ? [`… and ${rest} more`] : [])];
}

function tellAlert(failure: Failure<"alert">, rules: readonly TestedRule[]): Told {
  const { alert, evalTimeMs, expectedAlerts = [], gotAlerts = [], values = [] } = failure;
  const at = timeText(evalTimeMs);
  const { different, missing, unexpected } = compareAlerts(expectedAlerts, gotAlerts);
  const wanted = expectedAlerts.length === 0 ? `${alert} should be silent at ${at}.` : `${alert} should fire at ${at}.`;
  const details = [
    ...listed(different, ({ expected, differences }) => [
      `${labelsText(expected)} fires with other ${kindsOf(differences)}:`,
      ...differences.map(differenceText),
    ]),
    ...listed(missing, (one) => [`${labelsText(one)} does not fire. ${historyText(failure, one, rules)}`]),
    ...listed(unexpected, (one) => [
      `${labelsText(one)} fires, which is not expected. ${historyText(failure, one, rules)}`,
    ]),
  ];
  const concerned = [...missing, ...unexpected];
  if (concerned.length > 0) details.push(...values.flatMap((signal) => valueLines(signal, concerned)));
  return { sentence: wanted, details };
}

/** A line of values for each series that one of the alerts may be about; for any where none fits. */
function valueLines({ expr, comparison, threshold, series }: SignalAround, alerts: readonly FiredAlert[]): string[] {
  const limit = comparison === undefined ? "" : `   fires when ${comparison} ${threshold}`;
  const text = cut(expr);
  const about = series.filter(({ labels }) => alerts.some((alert) => agree(labels, alert.labels)));
  if (series.length === 0) return [`${text} has no value then.${limit}`];
  return [
    `${text}${limit}`,
    ...listed(about.length > 0 ? about : series, ({ labels, timestampsMs, values }) => {
      const points = timestampsMs.map((ms, i) => `${timeText(ms)} ${shortNumber(values[i])}`);
      return [`  ${labelsText({ labels })}   ${points.join("   ")}`];
    }),
  ];
}

/** Expressions and messages that quote them: whole regexes and lists of a thousand names are among them. */
const longestQuote = 300;
const cut = (text: string): string => (text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text);

const messageText = (message: string): string => cut(inPlainWords(message));

const agree = (a: Record<string, string>, b: Record<string, string>): boolean =>
  Object.entries(a).every(([name, value]) => b[name] === undefined || b[name] === value);

const shortNumber = (value: number | string | undefined): string =>
  typeof value === "number" ? `${Number(value.toPrecision(6))}` : `${value}`;

const kindsOf = (differences: readonly Difference[]): string =>
  [...new Set(differences.map(({ kind }) => `${kind}s`))].join(" and ");

function differenceText({ kind, name, expected, got }: Difference): string {
  const from = Math.max(0, firstDifference(expected ?? "", got ?? "") - shownBeforeDifference);
  return `  ${kind} ${cut(name)}: expected ${quoted(expected, from)}, got ${quoted(got, from)}`;
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

/** A text that is too long to be shown as a whole is shown from here on. */
const shownBeforeDifference = 60;

const quoted = (value: string | undefined, from = 0): string => {
  if (value === undefined) return "none";
  if (value.length <= longestQuote) return JSON.stringify(value);
  const start = Math.max(0, Math.min(from, value.length - longestQuote));
  return `${start > 0 ? "…" : ""}${JSON.stringify(value.slice(start, start + longestQuote))}${start + longestQuote < value.length ? `… (${value.length} characters)` : ""}`;
};

const labelsText = (alert: Pick<FiredAlert, "labels">): string => cut(wholeLabels(alert));

function wholeLabels({ labels }: Pick<FiredAlert, "labels">): string {
  const others = Object.entries(labels).filter(([name]) => name !== "alertname");
  return `{${others.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(", ")}}`;
}

/** When the alert with these labels was pending and firing, or when any of its name was. */
function historyText(
  { phases = [], evalTimeMs }: Failure<"alert">,
  { labels }: FiredAlert,
  rules: readonly TestedRule[],
): string {
  const { forMs = 0 } = rules.find((rule) => rule.alert === labels.alertname && agree(rule.labels, labels)) ?? {};
  const key = wholeLabels({ labels });
  const own = phases.find((one) => wholeLabels(one) === key);
  if (!own) {
    const first = Math.min(...phases.flatMap((one) => one.phases.filter(isFiring).map(({ fromMs }) => fromMs)));
    return first < Infinity
      ? `No alert with these labels ever does; one with other labels first fires at ${timeText(first)}.`
      : "It never does in this test.";
  }
  const now = own.phases.find(({ fromMs, toMs = Infinity }) => fromMs <= evalTimeMs && evalTimeMs < toMs);
  if (now) {
    const holds = isFiring(now) || forMs === 0 ? "" : `, and must hold for ${timeText(forMs)}`;
    return `It is ${now.state} since ${timeText(now.fromMs)}${holds}.`;
  }
  const fired = own.phases.filter(isFiring);
  if (fired.length === 0) return "It was only pending before.";
  return `It fires ${fired
    .slice(0, shown)
    .map(({ fromMs, toMs }) => `from ${timeText(fromMs)}${toMs === undefined ? "" : ` to ${timeText(toMs)}`}`)
    .join(", ")}.`;
}

const isFiring = ({ state }: { state: string }): boolean => state === "firing";

function tellExpression({ expr, evalTimeMs, message, expectedSamples = [], gotSamples = [] }: Failure<"expr">): Told {
  const at = timeText(evalTimeMs);
  const asked = cut(expr);
  if (message !== undefined)
    return { sentence: `${asked} at ${at} cannot be judged: ${messageText(message)}.`, details: [] };
  const got = new Set(gotSamples.map(sampleText));
  const expected = new Set(expectedSamples.map(sampleText));
  const different = (samples: readonly FoundSample[], others: Set<string>) =>
    samples.map(sampleText).filter((text) => !others.has(text));
  const nothing = (samples: readonly FoundSample[]) => (samples.length === 0 ? ["nothing"] : []);
  return {
    sentence: `${asked} at ${at} gives something else.`,
    details: [
      ...listed([...different(expectedSamples, got), ...nothing(expectedSamples)], (text) => [`expected ${cut(text)}`]),
      ...listed([...different(gotSamples, expected), ...nothing(gotSamples)], (text) => [`got      ${cut(text)}`]),
    ],
  };
}

const sampleText = ({ labels, value, histogram }: FoundSample): string => `${labels} ${histogram || value}`;

const timeText = (ms: number): string => (ms === 0 ? "0m" : formatDuration(seconds(ms / 1000)));
