import type { OptionName } from "./options.ts";
import type { CommandOptions, ExitCode } from "./shared.ts";

/** Loaded only when asked for: `--help` must not wait for the engine or cdktf. */
type CommandModule = { run(options: CommandOptions): Promise<ExitCode> };

interface CommandEntry {
  name: string;
  summary: string;
  options: OptionName[];
  examples: string[];
  load: () => Promise<CommandModule>;
}

export const commands: CommandEntry[] = [
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
