import { describe, expect, it } from "vitest";
import type { Derived } from "../../src/boundaries/boundaries.ts";
import type { Boundary } from "../../src/drills/boundary.ts";
import { alertEntries, drillEntry } from "../../src/drills/drill-entries.ts";
import { leftOutLines, nameLines, overviewLines } from "../../src/drills/drill-overview.ts";
import type { About, DrillResult, ExpectationResult } from "../../src/drills/drill-result.ts";
import { leftOut } from "../../src/drills/left-out.ts";

import type { Severity } from "../../src/model/conventions.ts";

type Outcome = DrillResult["outcome"];

const slow = { alert: "HttpLatencyHigh", severity: "critical" } as const;
const mild = { alert: "HttpLatencyHigh", severity: "warning" } as const;
const down = { alert: "HttpTargetDown" } as const;

const result = (service: string, name: string, about: About[], outcome: Outcome = "passed"): DrillResult => ({
  ...{ name, service, about, outcome, pack: "http", place: { file: "a.ts", line: 3 } },
  expects: about.map((one): ExpectationResult => ({ ...one, kind: "quiet", service, outcome })),
  failures: outcome === "passed" ? [] : [{ expected: "It should.", happened: "It did not.", places: [] }],
});

const cell = (severity: Severity, boundary: Boundary, reason: string): Derived => ({
  service: "orders",
  alert: "HttpTargetDown",
  severity,
  boundary,
  reason,
});
const without = leftOut([
  cell("warning", "counter reset", "it is no counter"),
  cell("warning", "just below the guard", "it has no guard"),
  cell("warning", "just above the guard", "it has no guard"),
  cell("critical", "counter reset", "it is no counter"),
]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const plain = (lines: string[]) => lines.join("\n").replace(/\u001b\[\d+m/g, "");

describe("the overview of drills", () => {
  const results = [
    result("orders", "calm", [{ alert: "HttpLatencyHigh" }, down]),
    result("orders", "a", [slow, down]),
    result("orders", "b", [mild]),
    result("orders", "c", [slow], "failed"),
    result("checkout", "d", [down], "error"),
  ];

  it("has a line for each alert of each service, which counts its drills, and what is about none last", () => {
    expect(plain(overviewLines(results))).toBe(`\
orders
  ✗ HttpLatencyHigh  3 drills (2 critical, 1 warning), 1 of them not passed
  ✓ no alert at all  1 drill

checkout
  ‼ HttpTargetDown  1 drill, 1 of them not passed`);
  });

  it("names each drill where a few were asked for", () => {
    expect(plain(nameLines(results.slice(3)))).toBe("orders\n  ✗ c\n\ncheckout\n  ‼ d");
  });

  it("says of which boundaries an alert has no drill, and why, where it was asked for; else how to ask", () => {
    expect(plain(nameLines(results.slice(3), without))).toContain(
      "  ✗ c\n  · HttpTargetDown warning, critical has no drill of: counter reset. Why: it is no counter\n",
    );
    expect(plain(leftOutLines(without))).toBe(
      "4 possible boundary drills would make no sense: `--only HttpTargetDown` names those of an alert, and why.",
    );
    expect(leftOutLines([])).toEqual([]);
  });
});

describe("report entries of drills", () => {
  it("say of each severity of an alert what came of all expectations about it", () => {
    const both = result("orders", "both", [{ alert: "HttpLatencyHigh" }], "failed");
    const entries = alertEntries([result("orders", "a", [slow]), result("orders", "b", [mild]), both]);
    expect(entries).toMatchObject([
      { name: "http › orders › HttpLatencyHigh critical", outcome: "failed", message: "both", data: { quiet: 2 } },
      { name: "http › orders › HttpLatencyHigh warning", outcome: "failed", data: { quiet: 2, fires: 0, unmet: 1 } },
    ]);
  });

  it("keep services apart, and what is wrong with a drill from what is wrong with an alert", () => {
    const entries = alertEntries([result("orders", "a", [slow], "error"), result("checkout", "b", [slow])]);
    expect(entries.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      "http › orders › HttpLatencyHigh critical: error",
      "http › checkout › HttpLatencyHigh critical: passed",
    ]);
  });

  it("say of a severity of an alert which boundaries it has no drill of, and why", () => {
    const about = { alert: "HttpTargetDown", severity: "warning" } as const;
    const [entry] = alertEntries([result("orders", "a", [about])], without);
    expect(entry?.data?.leftOut).toEqual([
      { boundaries: ["counter reset"], reason: "it is no counter" },
      { boundaries: ["just below the guard", "just above the guard"], reason: "it has no guard" },
    ]);
  });

  it("tell a drill that did not pass by its first failure, and all of them in full", () => {
    const entry = drillEntry(result("orders", "c", [slow], "failed"));
    expect(entry).toMatchObject({ kind: "drill", name: "http › orders › c", message: "It should. It did not." });
    expect(entry.details).toContain("It did not.");
    expect(entry.data).toMatchObject({ service: "orders", about: [slow] });
  });
});
