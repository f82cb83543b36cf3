import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { githubAnnotations } from "../../src/review/github-annotations.ts";
import { withoutControls } from "../../src/review/printable.ts";
import type { ReportEntry } from "../../src/review/report.ts";
import fc from "../helpers/fast-check.ts";
import { hostileEntry } from "./hostile.ts";

const workspace = process.cwd();

/** Reads a line as GitHub's runner does (Runner.Common/ActionCommand.cs): split first, then unescape. */
function readCommand(line: string) {
  const [, command = "", given = "", message = ""] =
    /^::([a-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line) ?? [];
  const pairs = given.split(",").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
  const data = (text: string) => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n");
  const property = (text: string) => data(text).replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%25", "%");
  return {
    command,
    properties: Object.fromEntries(pairs.map(([key, value = ""]) => [key, property(value)])),
    message: data(message).replaceAll("%25", "%"),
  };
}

const failed = (more: Partial<ReportEntry>): ReportEntry => ({ kind: "drill", name: "n", outcome: "failed", ...more });

describe("GitHub annotations", () => {
  it("are one command each that says what was given, but for control characters, whatever the text", () => {
    fc.assert(
      fc.property(hostileEntry, (entry) => {
        const lines = githubAnnotations([entry], workspace);
        expect(lines).toHaveLength(entry.outcome === "passed" ? 0 : 1);
        for (const line of lines) {
          expect(line).not.toMatch(/[\r\n]/);
          const { command, properties, message } = readCommand(line);
          expect(command).toBe(entry.outcome === "not-run" ? "warning" : "error");
          expect(properties.title).toBe(withoutControls(entry.name));
          expect(properties.line).toBe(`${entry.place?.line}`);
          expect(message).toContain(withoutControls(entry.message ?? ""));
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("name files as the repository has them, from wherever the program runs", () => {
    const place = { file: "alert-rules/http.ts", line: 3, column: 7 };
    expect(githubAnnotations([failed({ place, message: "m" })], workspace)).toEqual([
      "::error file=alert-rules/http.ts,line=3,col=7,title=n::m",
    ]);
    expect(githubAnnotations([failed({ place })], join(workspace, ".."))[0]).toMatch(
      /file=[^,/]+\/alert-rules\/http\.ts,/,
    );
  });

  it("warn of what was not run and of findings that are only warnings", () => {
    const notRun = failed({ outcome: "not-run", message: "loki is absent" });
    expect(githubAnnotations([notRun], workspace)).toEqual(["::warning title=n::Not run: loki is absent"]);
    expect(githubAnnotations([failed({ data: { severity: "warning" } })], workspace)).toEqual(["::warning title=n::n"]);
  });

  it("say nothing twice: what sums up other entries is left out", () => {
    expect(githubAnnotations([failed({ kind: "check" }), failed({ kind: "alert" })], workspace)).toEqual([]);
  });

  it("are no more than GitHub shows, and then say how many more there are", () => {
    const lines = githubAnnotations(
      Array.from({ length: 25 }, () => failed({})),
      workspace,
    );
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toContain("… and 16 more");
  });
});
