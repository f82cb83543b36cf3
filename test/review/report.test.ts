import { describe, expect, it } from "vitest";
import { byKind, countOutcomes, findingEntry, type ReportEntry, summaryLine } from "../../src/review/report.ts";

const entries: ReportEntry[] = [
  { kind: "drill", name: "healthy day stays quiet", outcome: "passed" },
  { kind: "alert", name: "HttpLatencyHigh critical", outcome: "failed" },
  { kind: "live", name: "live drill", outcome: "not-run", message: "prometheus is absent" },
  { kind: "drill", name: "a slow route is critical", outcome: "error" },
];

describe("a report", () => {
  it("counts what passed, failed and was not run, each apart", () => {
    expect(summaryLine(countOutcomes(entries))).toBe("1 passed, 1 failed, 1 in error, 1 not run");
  });

  it("has kinds in the same order whatever the order of its entries", () => {
    const kinds = ["alert", "drill", "live"];
    expect(byKind(entries).map(([kind]) => kind)).toEqual(kinds);
    expect(byKind(entries.toReversed()).map(([kind]) => kind)).toEqual(kinds);
  });

  it("counts a finding that is only worth knowing as passed", () => {
    const finding = { rule: "a/b", place: { file: "x" }, summary: "s" };
    expect(findingEntry({ ...finding, severity: "info" }).outcome).toBe("passed");
    expect(findingEntry({ ...finding, severity: "warning" }).outcome).toBe("failed");
  });
});
