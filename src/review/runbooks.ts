import { readdir, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine } from "../engine/engine.ts";
import { seriesOf } from "../model/exporter.ts";
import type { Finding } from "../model/finding.ts";
import { instrumentations } from "../model/instrumentation.ts";
import { exportersOf, isLogSignal, type Pack } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import type { Dashboard } from "../render/dashboard.ts";
import { watchdog } from "../render/heartbeat.ts";
import type { Page } from "../render/page.ts";

/** What a person at night looks for, in this order. */
export const runbookSections = ["Meaning", "Impact", "Diagnosis", "Mitigation", "Escalation"] as const;

/** What alerts are compared with; what is left out is not compared. */
export interface AlertSets {
  /** Packs that have runbooks though no service may use them. @default - those in use */
  known?: readonly Pack[];
  /** Names of the alerts that a service has: others need no drill. @default - all */
  promised?: ReadonlySet<string>;
  /** Names of the alerts that something else exists for. */
  drilled?: ReadonlySet<string>;
  drawn?: ReadonlySet<string>;
}

/** Reads every page below `runbooks/`, by its path in the repository. */
export async function readRunbooks(): Promise<Map<string, string>> {
  const folder = fileURLToPath(new URL("../../runbooks/", import.meta.url));
  const names = await readdir(folder, { recursive: true });
  const pages = names.map((name) => name.replaceAll("\\", "/")).filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(pages.sort().map((name) => readFile(`${folder}${name}`, "utf8")));
  return new Map(pages.map((name, index) => [`runbooks/${name}`, texts[index] ?? ""]));
}

/** Names of the alerts whose signal is a graph on a dashboard of their pack. */
export const drawnAlerts = (packs: readonly Pack[], dashboards: readonly (Dashboard | Page)[]): Set<string> =>
  new Set(
    packs.flatMap(({ name, alerts }) => {
      const graphs = dashboards
        .filter(({ pack }) => pack === name)
        .flatMap((one) => ("page" in one ? [] : [...one.panels, ...one.details]));
      return alerts
        .filter(({ signal }) => graphs.some((graph) => graph.name === signal.name))
        .map((alert) => alert.name);
    }),
  );

const pageOf = (pack: string, alert: string): string => `runbooks/${pack}/${alert}.md`;

/**
 * Whether every alert has its runbook, its drills and its graph, and each of these its alert; and whether the pages
 * are fit to be followed: sections filled, links alive, queries that parse and ask for series that exist.
 *
 * @param files text of each page by its path in the repository, as `readRunbooks` gives it
 */
export function runbookFindings(
  { packs }: Pick<Platform, "packs">,
  files: ReadonlyMap<string, string>,
  engine: Pick<Engine, "parse">,
  sets: AlertSets = {},
): Finding[] {
  const known = knownSeries(sets.known ?? packs);
  return [
    ...setFindings(packs, files, sets),
    ...[...files].flatMap(([file, text]) => [
      ...sectionFindings(file, text),
      ...linkFindings(file, text, files),
      ...queryFindings(file, text, engine, known),
    ]),
  ];
}

function setFindings(packs: readonly Pack[], files: ReadonlyMap<string, string>, sets: AlertSets): Finding[] {
  const alerts = packs.flatMap((pack) => pack.alerts);
  const known = (sets.known ?? packs).flatMap((pack) => pack.alerts);
  const names = new Set(known.map(({ name }) => name));
  const pages = new Map(known.map(({ pack, name }) => [pageOf(pack, name), name]));
  // It belongs to no pack: it asks for no series.
  const ofNoPack = new Set([pageOf("meta", watchdog)]);
  const missing = (what: string, rule: string, has: (name: string) => boolean, fix: (name: string) => string) =>
    alerts
      .filter(({ name }) => !has(name))
      .map(
        ({ pack, name }): Finding => ({
          rule,
          severity: "error",
          place: { file: `alert-rules/${pack}.ts` },
          summary: `${name} has no ${what}.`,
          fix: fix(name),
        }),
      );
  const pageNames = new Set([...pages].filter(([path]) => files.has(path)).map(([, name]) => name));
  const { drilled, drawn } = sets;
  return [
    ...missing(
      "runbook",
      "runbook/missing",
      (name) => pageNames.has(name),
      (name) => `Write runbooks/<pack>/${name}.md.`,
    ),
    ...(drilled
      ? missing(
          "drill",
          "drill/missing",
          (name) => drilled.has(name) || !(sets.promised?.has(name) ?? true),
          () => "Add one beside its pack.",
        )
      : []),
    ...(drawn
      ? missing(
          "graph",
          "dashboard/missing",
          (name) => drawn.has(name),
          () => "Add its signal to the pack's dashboard.",
        )
      : []),
    ...[...files.keys()]
      .filter((path) => !pages.has(path) && !ofNoPack.has(path))
      .map(
        (file): Finding => ({
          rule: "runbook/orphan",
          severity: "error",
          place: { file },
          summary: `There is no alert for the runbook ${file}.`,
          detail: `There are alerts ${[...names].sort().join(", ") || "none"}.`,
          fix: "Rename it after its alert, or remove it.",
        }),
      ),
    ...[...(drilled ?? [])]
      .filter((name) => !names.has(name))
      .map(
        (name): Finding => ({
          rule: "drill/orphan",
          severity: "error",
          place: { file: "alert-rules" },
          summary: `There is a drill for ${name}, which is no alert.`,
        }),
      ),
  ];
}

/** Each section of the page: its heading, the heading's line and the text up to the next one. */
function sections(text: string): { heading: string; line: number; body: string }[] {
  const found: { heading: string; line: number; body: string }[] = [];
  let inCode = false;
  text.split("\n").forEach((content, index) => {
    if (/^\s*```/.test(content)) inCode = !inCode;
    const heading = inCode ? undefined : /^## (.+)$/.exec(content)?.[1];
    const current = found.at(-1);
    if (heading !== undefined) found.push({ heading: heading.trim(), line: index + 1, body: "" });
    else if (current) current.body += `${content}\n`;
  });
  return found;
}

function sectionFindings(file: string, text: string): Finding[] {
  const found = sections(text);
  const headings = found.map(({ heading }) => heading);
  const faulty = (summary: string, line?: number): Finding => ({
    rule: "runbook/section",
    severity: "error",
    place: { file, line },
    summary,
    detail: `A runbook has the sections ${runbookSections.join(", ")}, in this order.`,
  });
  const expected = runbookSections.filter((section) => headings.includes(section));
  const actual = headings.filter((heading) => (runbookSections as readonly string[]).includes(heading));
  return [
    ...runbookSections
      .filter((section) => !headings.includes(section))
      .map((section) => faulty(`The section ${section} is missing.`)),
    ...found
      .filter(({ body }) => body.trim() === "")
      .map(({ heading, line }) => faulty(`The section ${heading} is empty.`, line)),
    ...(expected.join() === actual.join() ? [] : [faulty(`The sections are in the order ${actual.join(", ")}.`)]),
  ];
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/** Links to files must stay within `runbooks/`, the folder that is published, and lead to a page there. */
function linkFindings(file: string, text: string, files: ReadonlyMap<string, string>): Finding[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(({ 1: target = "", index }): Finding[] => {
    if (/^(https?:|mailto:|#)/.test(target)) return [];
    const path = posix.normalize(posix.join(posix.dirname(file), target.replace(/#.*$/, "")));
    if (files.has(path)) return [];
    return [
      {
        rule: "runbook/link",
        severity: "error",
        place: { file, line: lineAt(text, index) },
        summary: `The link ${target} leads to ${path}, which is no runbook.`,
        fix: "Link to another page below runbooks/, or to an http(s) address.",
      },
    ];
  });
}

function queryFindings(
  file: string,
  text: string,
  engine: Pick<Engine, "parse">,
  known: ReadonlySet<string>,
): Finding[] {
  return [...text.matchAll(/^[ \t]*```promql\n([\s\S]*?)^[ \t]*```/gm)].flatMap(
    ({ 1: query = "", index }): Finding[] => {
      const firstLine = lineAt(text, index) + 1;
      const { error, selectors = [] } = engine.parse(query.trimEnd());
      const finding = (line: number, summary: string, fix: string): Finding => ({
        rule: "runbook/query",
        severity: "error",
        place: { file, line },
        summary,
        fix,
      });
      if (error) {
        return [
          finding(
            firstLine + error.line - 1,
            `Not a PromQL expression: ${error.message}`,
            "Put one whole query into each block.",
          ),
        ];
      }
      return selectors
        .filter(({ metric }) => metric === undefined || !known.has(metric))
        .map(({ metric = "a selector without a name" }) =>
          finding(
            firstLine,
            `The query asks for ${metric}, which nothing here records.`,
            "Name a recorded series of the pack.",
          ),
        );
    },
  );
}

/** Series that Prometheus itself writes for every target. */
const scrapeSeries = ["up", "scrape_duration_seconds", "scrape_samples_scraped", "ALERTS"];

function knownSeries(packs: readonly Pack[]): Set<string> {
  const ofRequests = Object.values(instrumentations).flatMap(({ histogram, requests, inProgress }) => [
    requests,
    ...(inProgress ? [inProgress.metric] : []),
    ...["bucket", "sum", "count"].map((part) => `${histogram}_${part}`),
  ]);
  const exposed = [...ofRequests, ...exportersOf(packs).flatMap(({ metrics }) => metrics.flatMap(seriesOf))];
  return new Set([
    ...packs.flatMap(({ signals }) => signals.flatMap((one) => (isLogSignal(one) ? [] : [one.series]))),
    ...exposed,
    ...scrapeSeries,
  ]);
}
