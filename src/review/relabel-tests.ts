import { didYouMean } from "../config/did-you-mean.ts";
import type { Engine } from "../engine/engine.ts";
import type { Relabelled, RelabelResult, RelabelTrace } from "../engine/relabelling.ts";
import type { RuleFile } from "../engine/rules.ts";
import { compareText, type Place, placeText } from "../model/finding.ts";
import type { RelabelExpectation, RelabelTest } from "./relabel-test-file.ts";
import type { ReportEntry } from "./report.ts";

/** Sends every test's target through the scrape config and compares: one entry for each test, in order. */
export function runRelabelTests(
  engine: Pick<Engine, "relabel">,
  config: RuleFile,
  tests: readonly RelabelTest[],
): ReportEntry[] {
  let answer: RelabelResult;
  try {
    answer = engine.relabel(config, tests.map(discovered));
  } catch (error) {
    // Alone, each costs only itself.
    if (tests.length > 1) return tests.flatMap((test) => runRelabelTests(engine, config, [test]));
    return tests.map(({ name, place }) => brokenEntry(name, place, error));
  }
  const { errors, jobs, targets } = answer;
  if (errors.length > 0) {
    return errors.map(({ line, column, message }) => ({
      kind: "check",
      name: "the scrape config can be read",
      outcome: "error",
      place: { file: config.name, line, column },
      message,
      details: "None of its tests was run. `promtool check config` says the same and more.",
    }));
  }
  return tests.map((test, index) => entryOf(test, targets[index], config.name, jobs));
}

const discovered = ({ job, target, sample }: RelabelTest) => ({
  job,
  labels: { ...target },
  ...(sample && { sample: { ...sample } }),
});

function brokenEntry(name: string, place: Place, error: unknown): ReportEntry {
  const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  const details = "→ Look for a rule that repeats a label in its replacement, or gives it to ever more names.";
  const message = `What becomes of the target is too large for the engine: ${why}`;
  return { kind: "check", name, place, outcome: "error", message, details };
}

function entryOf(test: RelabelTest, result: Relabelled | undefined, config: string, jobs: string[]): ReportEntry {
  const { name, place, job = "", expect } = test;
  const head = { kind: "check", name, place } as const;
  if (!result || result.outcome === "unknown job") {
    const near = didYouMean(job, jobs);
    const message = job
      ? `There is no job_name ${JSON.stringify(job)} in ${config}.`
      : `${config} has ${jobs.length} scrape configs: the test must say which.`;
    const details = near === undefined ? `Write job: and one of ${jobs.join(", ")}.` : `→ Did you mean ${near}?`;
    return { ...head, outcome: "error", message, details };
  }
  const what = test.sample && result.outcome === "kept" ? "sample" : "target";
  const seen = what === "sample" && result.outcome === "kept" ? (result.sample ?? result) : result;
  if (seen.outcome === "unknown job") return { ...head, outcome: "error", message: "A sample has no job of its own." };
  const differences =
    test.sample && what === "target"
      ? [`the sample is never scraped: its target ${happened(seen, config)}`]
      : differencesOf(expect, seen, config);
  if (differences.length === 0) return { ...head, outcome: "passed" };
  const details = [...differences, ...traceText(seen, config)].join("\n");
  return { ...head, outcome: "failed", message: `The ${what} did not come out as expected.`, details };
}

type Outcome = Exclude<Relabelled, { outcome: "unknown job" }>;

function happened(result: Outcome, config: string): string {
  if (result.outcome === "kept") return "is kept";
  if (result.outcome === "dropped") return `is dropped by the rule at ${config}:${result.line}`;
  return `is refused: ${result.message}`;
}

const wanted = { labels: "kept", includes: "kept", dropped: "dropped", refused: "refused" } as const;

/** What is not as expected, a line each. */
function differencesOf(expect: RelabelExpectation, result: Outcome, config: string): string[] {
  if (wanted[expect.kind] !== result.outcome)
    return [`it should be ${wanted[expect.kind]}, but it ${happened(result, config)}`];
  if (expect.kind === "refused" && result.outcome === "refused" && !result.message.includes(expect.reason)) {
    return [`the reason should be ${JSON.stringify(expect.reason)}, is ${JSON.stringify(result.message)}`];
  }
  if (result.outcome !== "kept" || !("labels" in expect)) return [];
  const { url } = expect;
  const address = url === undefined || url === result.url ? [] : [`the url should be ${url}, is ${result.url}`];
  return [...labelDifferences(expect, result, config), ...address];
}

function labelDifferences(
  { kind, labels: expected }: Extract<RelabelExpectation, { labels: unknown }>,
  result: Extract<Outcome, { outcome: "kept" }>,
  config: string,
): string[] {
  const names = new Set([...Object.keys(expected), ...(kind === "labels" ? Object.keys(result.labels) : [])]);
  return [...names].sort(compareText).flatMap((name) => {
    const [wantedValue, seen] = [labelOf(expected, name), labelOf(result.labels, name)];
    if (wantedValue === seen) return [];
    const should = wantedValue === "" ? "should not be there" : `should be ${quoted(wantedValue)}`;
    const line = result.steps[changesOf(result).findLastIndex((changes) => changes.has(name))]?.line;
    const by = line === undefined ? "" : `, by the rule at ${config}:${line}`;
    return [`${name} ${should}, ${seen === "" ? "is not there" : `is ${quoted(seen)}`}${by}`];
  });
}

const labelOf = (labels: Readonly<Record<string, string>>, name: string): string =>
  (Object.hasOwn(labels, name) && labels[name]) || "";

/** Rules that repeat a label make values of a million characters. */
const longest = 300;
const quoted = (value: string): string =>
  value.length <= longest
    ? JSON.stringify(value)
    : `${JSON.stringify(value.slice(0, longest))}… (${value.length} characters)`;

/** Of each rule: the labels that it changed, with their new value, empty where it removed them. */
function changesOf({ before, steps }: RelabelTrace): Map<string, string>[] {
  return steps.map(({ labels = {} }, index) => {
    const earlier = steps[index - 1]?.labels ?? before;
    const names = [...new Set([...Object.keys(earlier), ...Object.keys(labels)])].sort(compareText);
    const changed = names.filter((name) => labelOf(earlier, name) !== labelOf(labels, name));
    return new Map(changed.map((name) => [name, labelOf(labels, name)]));
  });
}

/** The rules one by one, each with what it changed. */
function traceText(result: RelabelTrace, config: string): string[] {
  const changes = changesOf(result);
  return result.steps.map(({ line, action, labels }, index) => {
    const texts = [...(changes[index] ?? [])].map(([name, value]) =>
      value === "" ? `${name} removed` : `${name}=${quoted(value)}`,
    );
    return `  ${placeText({ file: config, line })} ${action}: ${labels ? texts.join(", ") || "changes nothing" : "drops it"}`;
  });
}
