import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countOutcomes, findingEntry, type Report, reportWriters, summaryLine } from "../../src/review/report.ts";

const hostile = `<img src=x onerror="alert(1)"> | \`x\` ]]> & \u0000\u001b[31m\ud800`;

const report: Report = {
  command: "test",
  entries: [
    { kind: "drill", name: "healthy day stays quiet", outcome: "passed" },
    {
      kind: "drill",
      name: hostile,
      outcome: "failed",
      place: { file: "a.ts", line: 12 },
      message: hostile,
      details: hostile,
    },
    { kind: "live", name: "live drill", outcome: "not-run", message: "prometheus is absent" },
  ],
};

describe("reports", () => {
  it("count what passed, failed and was not run, each apart", () => {
    expect(summaryLine(countOutcomes(report.entries))).toBe("1 passed, 1 failed, 1 not run");
  });

  it("are well-formed XML whatever the text", () => {
    const xml = reportWriters[".xml"]!(report);
    expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1"');
    expect(xml).not.toMatch(/<img|[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/);
  });

  it("hold no HTML and no extra table cells in Markdown", () => {
    const table = reportWriters[".md"]!(report);
    expect(table).not.toContain("<img");
    const row = table.split("\n").find((line) => line.includes("a.ts:12"));
    expect(row?.replaceAll("\\|", "").split("|")).toHaveLength(6);
  });

  it("are JSON that carries every entry", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const entries = [{ kind: "check", name, outcome: "passed" }] as const;
        expect(JSON.parse(reportWriters[".json"]!({ command: "check", entries })).entries).toEqual(entries);
      }),
      { seed: 1 },
    );
  });

  it("count a finding that is only worth knowing as passed", () => {
    const finding = { rule: "a/b", place: { file: "x" }, summary: "s" };
    expect(findingEntry({ ...finding, severity: "info" }).outcome).toBe("passed");
    expect(findingEntry({ ...finding, severity: "warning" }).outcome).toBe("failed");
  });
});
