import { type Command, InvalidArgumentError, Option } from "commander";
import { didYouMean } from "../src/config/did-you-mean.ts";
import { type Duration, days, minutes, parseQuantity, quantityExample } from "../src/model/quantity.ts";
import { type Severities, suiteRules } from "../src/promtool/suite-findings.ts";

export type OptionName =
  | "allowNotRun"
  | "atLeast"
  | "check"
  | "config"
  | "format"
  | "from"
  | "limit"
  | "only"
  | "out"
  | "period"
  | "prometheus"
  | "promtool"
  | "relabel"
  | "report"
  | "severity"
  | "speed"
  | "testsOut"
  | "to"
  | "watch";

/** How each option is added to a command: its words, its check and its default. */
export const addOption: Record<OptionName, (command: Command) => void> = {
  config: (command) => command.option("--config <file>", "the file that describes the platform", "monitoring.yaml"),
  out: (command) => command.option("--out <dir>", "folder for the generated files", "generated"),
  testsOut: (command) => command.option("--out <dir>", "folder for promtool's tests", "promtool-tests"),
  report: (command) =>
    command.addOption(
      new Option("--report <file>", "also write a report: .json, .xml (JUnit) or .md; may be repeated")
        .argParser(collectReport)
        .default([], "none"),
    ),
  only: (command) =>
    command.addOption(
      new Option(
        "--only <text>",
        "only what has this in its name: service, alert, severity or title; may be repeated, each adds to it",
      )
        .argParser((text: string, earlier: string[]) => [...earlier, text])
        .default([], "everything"),
    ),
  allowNotRun: (command) =>
    command.option(
      "--allow-not-run",
      "exit with 0 also when something that is needed, such as Loki, is missing",
      false,
    ),
  watch: (command) => command.option("--watch", "run again whenever a file changes that matters; Ctrl-C ends", false),
  relabel: (command) =>
    command.option("--relabel <file...>", "instead of drills, run these files of relabelling tests"),
  check: (command) => command.option("--check", "write nothing; exit with 1 when a file is not up to date", false),
  speed: (command) =>
    command.option(
      "--speed <factor>",
      "divide every duration by this, so that minutes become seconds",
      positiveNumber,
      30,
    ),
  atLeast: (command) =>
    command.option("--at-least <percent>", "exit with 1 when fewer of the faults are noticed", percentage, 98),
  limit: (command) =>
    command.addOption(
      new Option("--limit <duration>", "end what takes longer than this, and call it an error")
        .argParser(duration)
        .default(minutes(1), "1m"),
    ),
  prometheus: (command) =>
    command.addOption(
      new Option("--prometheus <url>", "base address of the Prometheus that records")
        .argParser(address)
        .makeOptionMandatory(),
    ),
  period: (command) =>
    command.addOption(
      new Option("--period <duration>", "how long before --to it begins").argParser(duration).default(days(30), "30d"),
    ),
  from: (command) =>
    command.addOption(
      new Option("--from <date>", "when it begins, UTC: 2026-10-01 or 2026-10-01T06:00Z; instead of --period")
        .argParser(moment)
        .conflicts("period"),
    ),
  to: (command) =>
    command.addOption(
      new Option("--to <date>", "when it ends, or the moment that is told; without it: now").argParser(moment),
    ),
  format: (command) =>
    command.addOption(new Option("--format <format>", "Markdown or JSON").choices(["md", "json"]).default("md")),
  promtool: (command) =>
    command.option("--promtool <files...>", "run these tests of `promtool test rules` instead of the drills"),
  severity: (command) =>
    command.addOption(
      new Option(
        "--severity <finding=severity>",
        "how much a finding about promtool's tests matters: error, warning, info or off; may be repeated",
      )
        .argParser(collectSeverity)
        .default({}, "as docs/validator.md says"),
    ),
};

/** Adds one `rule=severity` to those given before it. */
function collectSeverity(text: string, earlier: Severities): Severities {
  const [rule = "", severity = "", ...more] = text.split("=");
  const rules = Object.keys(suiteRules);
  if (!rules.includes(rule)) {
    const meant = didYouMean(rule, rules);
    throw new InvalidArgumentError(meant ? `did you mean ${meant}?` : `there are: ${rules.join(", ")}.`);
  }
  const severities = ["error", "warning", "info", "off"];
  if (!severities.includes(severity) || more.length > 0) {
    const meant = didYouMean(severity, severities);
    const hint = meant && more.length === 0 ? `did you mean ${rule}=${meant}? ` : "";
    throw new InvalidArgumentError(`${hint}write ${rule}=error, =warning, =info or =off.`);
  }
  return { ...earlier, [rule]: severity };
}

function percentage(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError("give a number from 0 to 100.");
  return value;
}

function collectReport(file: string, earlier: string[]): string[] {
  if (!/\.(json|xml|md)$/.test(file)) throw new InvalidArgumentError("a report's name ends in .json, .xml or .md.");
  return [...earlier, file];
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value >= 1) || !Number.isFinite(value)) throw new InvalidArgumentError("give a number of 1 or more.");
  return value;
}

function address(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError("give a whole address, such as http://127.0.0.1:9090.");
  return text;
}

/** A day or a moment, in UTC. */
function moment(text: string): Date {
  const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text) ? new Date(text) : undefined;
  if (!time || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError("give a day or a moment in UTC: 2026-10-01, 2026-10-01T06:00Z.");
  return time;
}

function duration(text: string): Duration {
  const value = parseQuantity("seconds", text);
  if (!value?.value) throw new InvalidArgumentError(`give a duration: ${quantityExample("seconds")}.`);
  return value;
}
