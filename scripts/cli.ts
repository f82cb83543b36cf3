import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { didYouMean } from "../src/config/did-you-mean.ts";
import { type Duration, days, minutes, parseQuantity, quantityExample } from "../src/model/quantity.ts";
import { type Severities, suiteRules } from "../src/promtool/suite-findings.ts";
import { version } from "../src/version.ts";
import { type CommandOptions, complain, type ExitCode } from "./shared.ts";
import { userFault, writeFault } from "./user-fault.ts";

/** Loaded only when asked for: `--help` must not wait for the engine or cdktf. */
type CommandModule = { run(options: CommandOptions): Promise<ExitCode> };

type OptionName =
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

interface CommandEntry {
  name: string;
  summary: string;
  options: OptionName[];
  examples: string[];
  load: () => Promise<CommandModule>;
}

const commands: CommandEntry[] = [
  {
    name: "check",
    summary: "say everything that is wrong or doubtful in monitoring.yaml and what hangs on it",
    options: ["config", "report"],
    examples: ["firedrill check", "firedrill check --config staging.yaml --report findings.md"],
    load: () => import("./check.ts"),
  },
  {
    name: "generate",
    summary: "write every configuration file, rule and dashboard",
    options: ["config", "out", "check"],
    examples: ["firedrill generate", "firedrill generate --check   # in CI: are the committed files up to date?"],
    load: () => import("./generate.ts"),
  },
  {
    name: "test",
    summary: "drill every alert on synthetic series and log lines with Prometheus' own engine and Loki",
    options: ["config", "report", "limit", "only", "allowNotRun", "watch", "promtool", "severity", "relabel"],
    examples: [
      "firedrill test",
      'firedrill test --only orders-api --only "HttpLatencyHigh critical"',
      "firedrill test --watch --only HttpLatencyHigh",
      "firedrill test --report drills.xml --report drills.md",
      "firedrill test --promtool tests/*.yml --severity promtool/never-silent=warning",
      "firedrill test --relabel relabel-tests.yml   # tests of scrape configs, no monitoring.yaml needed",
    ],
    load: () => import("./test.ts"),
  },
  {
    name: "mutate",
    summary: "put small faults into the rules, one at a time, and say which of them no drill notices",
    options: ["config", "report", "limit", "only", "allowNotRun", "atLeast", "promtool"],
    examples: [
      "firedrill mutate",
      "firedrill mutate --only HttpLatencyHigh --at-least 100",
      "firedrill mutate --promtool tests/*.yml",
    ],
    load: () => import("./mutate.ts"),
  },
  {
    name: "export",
    summary: "write every drill as a unit test of promtool, with the rules that it tests",
    options: ["config", "testsOut", "only"],
    examples: ["firedrill export", "firedrill export --out tests/promtool --only orders-api"],
    load: () => import("./export.ts"),
  },
  {
    name: "measure",
    summary: "say at which value every alert really fires, and how soon, against what is promised",
    options: ["config", "report", "limit", "only", "allowNotRun"],
    examples: ["firedrill measure", "firedrill measure --only orders-api --report measured.md"],
    load: () => import("./measure.ts"),
  },
  {
    name: "live",
    summary: "drill the real thing: a FastAPI service, Prometheus and Alertmanager on this computer",
    options: ["config", "report", "speed"],
    examples: ["firedrill live", "firedrill live --speed 10"],
    load: () => import("./live.ts"),
  },
  {
    name: "slo-report",
    summary: "say how every SLO was kept over a period, from what a Prometheus has recorded",
    options: ["config", "prometheus", "period", "from", "to", "format"],
    examples: [
      "firedrill slo-report --prometheus http://127.0.0.1:9090",
      "firedrill slo-report --prometheus http://127.0.0.1:9090 --from 2026-10-01 --to 2026-11-01 --format json",
    ],
    load: () => import("./slo-report.ts"),
  },
  {
    name: "capacity-report",
    summary: "say where the signals go that are forecast and what runs out first, from what a Prometheus has recorded",
    options: ["config", "prometheus", "to", "format"],
    examples: [
      "firedrill capacity-report --prometheus http://127.0.0.1:9090",
      "firedrill capacity-report --prometheus http://127.0.0.1:9090 --to 2026-11-01 --format json",
    ],
    load: () => import("./capacity-report.ts"),
  },
  {
    name: "release-report",
    summary: "say how the newest version of every service compares with the one before it",
    options: ["config", "prometheus", "to", "format"],
    examples: [
      "firedrill release-report --prometheus http://127.0.0.1:9090",
      "firedrill release-report --prometheus http://127.0.0.1:9090 --to 2026-10-01T12:30Z --format json",
    ],
    load: () => import("./release-report.ts"),
  },
  {
    name: "experiment-report",
    summary: "say which variant of every experiment is better, and how sure that is",
    options: ["config", "prometheus", "to", "format"],
    examples: [
      "firedrill experiment-report --prometheus http://127.0.0.1:9090",
      "firedrill experiment-report --prometheus http://127.0.0.1:9090 --to 2026-10-01T12:30Z --format json",
    ],
    load: () => import("./experiment-report.ts"),
  },
  {
    name: "bottleneck-report",
    summary: "say what users of every journey wait for, which part grew and what to do first",
    options: ["config", "prometheus", "to", "format"],
    examples: [
      "firedrill bottleneck-report --prometheus http://127.0.0.1:9090",
      "firedrill bottleneck-report --prometheus http://127.0.0.1:9090 --to 2026-10-01T12:30Z --format json",
    ],
    load: () => import("./bottleneck-report.ts"),
  },
  {
    name: "start",
    summary: "check, generate, drill and synthesize in one go (what `npm start` does)",
    options: ["config", "out"],
    examples: ["firedrill start"],
    load: () => import("./start.ts"),
  },
];

const addOption: Record<OptionName, (command: Command) => void> = {
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

function buildProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command("firedrill")
    .description("Monitoring as code in which every alert has been drilled before it is deployed.")
    .version(version)
    .showHelpAfterError("(firedrill --help shows what there is)")
    .addHelpText(
      "after",
      "\nExit codes: 0 all well, 1 findings or failed drills, 2 wrong use, 3 something needed is missing.",
    )
    .addHelpText("after", "\nExamples:\n  $ npx firedrill check\n  $ npx firedrill test --report drills.md")
    .exitOverride();
  for (const { name, summary, options, examples, load } of commands) {
    const command = program.command(name).description(summary);
    for (const option of options) addOption[option](command);
    command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ npx ${example}`).join("\n")}`);
    command.action(async (given: CommandOptions) => {
      const { run } = given.watch ? { run: (await import("./watch.ts")).watchCommand } : await load();
      finish(await run(given));
    });
  }
  return program;
}

try {
  await buildProgram((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (userFault(error) ?? writeFault(error)) {
    complain(userFault(error) ?? writeFault(error) ?? "");
    process.exitCode = 1;
  } else {
    console.error(
      `firedrill: this is a bug in firedrill, not in your files: ${error instanceof Error ? error.message : error}`,
    );
    if (process.env.FIREDRILL_DEBUG && error instanceof Error) console.error(error.stack);
    else console.error("→ run it again with FIREDRILL_DEBUG=1 for the place in the code, and report it with that");
    process.exitCode = 1;
  }
}
