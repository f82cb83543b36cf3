import { describe, expect, it } from "vitest";
import type { ReportEntry } from "../../src/review/report.ts";
import { commentLimit, markdownReport } from "../../src/review/report-markdown.ts";
import fc from "../helpers/fast-check.ts";
import { hostileEntries } from "./hostile.ts";

const report = (entries: readonly ReportEntry[]) => markdownReport({ command: "test", entries });
const failing = (count: number, details: string): ReportEntry[] =>
  Array.from({ length: count }, (_, index) => ({ kind: "drill", name: `d${index}`, outcome: "failed", details }));

describe("a Markdown report", () => {
  it("holds no markup but its own, calls nobody by name and keeps its table's shape, whatever the text", () => {
    fc.assert(
      fc.property(hostileEntries, (entries) => {
        const page = report(entries);
        const bad = entries.filter(({ outcome }) => outcome !== "passed");
        const explained = [...page.matchAll(/<pre>(.*?)<\/pre>/gs)].map(([, inside = ""]) => inside);
        expect(explained).toHaveLength(bad.filter(({ details }) => details).length);
        for (const inside of explained) expect(inside).not.toMatch(/[<>"']|&(?!#\d+;)|[^\P{Cc}\n\t]/u);
        const own = /<pre>.*?<\/pre>|<\/?(?:details|summary|code)>|@<!-- -->/gs;
        expect(page.replace(own, "")).not.toMatch(/[<>"'\\`*_~[\]$]|&(?!#\d+;)|[^\P{Cc}\n\t]|@/u);
        const rows = page.split("\n").filter((line) => /^\| [✗‼–] /u.test(line));
        expect(rows.map((row) => row.split("|").length)).toEqual(bad.map(() => 6));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("counts each kind and says of all that is not well what, where and why", () => {
    const page = report([
      { kind: "drill", name: "a", outcome: "passed" },
      { kind: "alert", name: "b", outcome: "error", place: { file: "x.ts", line: 3 }, message: "m", details: "d\n\ne" },
      { kind: "drill", name: "c", outcome: "not-run", message: "loki is absent" },
    ]);
    expect(page).toContain("## firedrill test: not all is well");
    expect(page).toContain("| alert | 0 | 0 | 1 | 0 |\n| drill | 1 | 0 | 0 | 1 |");
    expect(page).toContain("| ‼ error | b | <code>x.ts:3</code> | m |\n| – not run | c |  | loki is absent |");
    expect(page).toContain("<details><summary>b</summary>\n\n<pre>d\n\ne</pre>\n\n</details>");
  });

  it("has one row for entries without an explanation that say the same of the same place", () => {
    const one = { kind: "mutant", outcome: "failed", place: { file: "a.yml", line: 3 }, message: "no test" } as const;
    const page = report([
      { ...one, name: "a" },
      { ...one, name: "b" },
      { ...one, name: "c", details: "d" },
      { ...one, name: "d", place: { file: "a.yml", line: 4 } },
    ]);
    expect(page.split("\n").filter((line) => line.startsWith("| ✗"))).toEqual([
      "| ✗ failed | a … and 1 more | <code>a.yml:3</code> | no test |",
      "| ✗ failed | c | <code>a.yml:3</code> | no test |",
      "| ✗ failed | d | <code>a.yml:4</code> | no test |",
    ]);
  });

  it("does not call it well that something was not run, nor ill", () => {
    expect(report([{ kind: "drill", name: "c", outcome: "not-run" }])).toContain("## firedrill test: all well");
  });

  it.each([
    ["very many rows", failing(5_000, "d")],
    ["very long explanations", failing(20, "x".repeat(50_000))],
    ["explanations that grow when escaped", failing(40, "<".repeat(7_000))],
    [
      "hostile names",
      failing(100, "d").map((entry) => ({ ...entry, name: "@|".repeat(5_000), message: "\\".repeat(9_000) })),
    ],
  ])("fits into a comment with %s, and says how much it left out", (_, entries) => {
    const page = report(entries);
    expect(page.length).toBeLessThanOrEqual(commentLimit);
    const rows = page.split("\n").filter((line) => line.startsWith("| ✗")).length;
    const left = Number(/… and (\d+) more entr/.exec(page)?.[1] ?? 0);
    expect(rows + left).toBe(entries.length);
    const shown = page.match(/<details>/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(0);
    expect(shown + Number(/… and (\d+) more explanation/.exec(page)?.[1] ?? 0)).toBe(entries.length);
  });
});
