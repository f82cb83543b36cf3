import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { HttpErrorRatioHigh, HttpLatencyHigh } from "../../alert-rules/http.ts";
import { drill, fires, quiet } from "../../src/drills/drill.ts";
import { alertEntries, drillEntry } from "../../src/drills/drill-entries.ts";
import { seconds } from "../../src/model/quantity.ts";
import { findingEntry, reportKinds } from "../../src/review/report.ts";
import { jsonReport } from "../../src/review/report-json.ts";
import { route } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import { run } from "../helpers/drills.ts";
import fc from "../helpers/fast-check.ts";
import { serviceOf, shop } from "../helpers/shop.ts";
import { hostileEntries } from "./hostile.ts";

const schema = JSON.parse(readFileSync("docs/report.schema.json", "utf8"));
const page = readFileSync("docs/reports.md", "utf8");
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
const faultsOf = (report: unknown) => (validate(report) ? [] : validate.errors);

describe("a JSON report", () => {
  it("carries every entry as it is, whatever the text, and keeps to its schema", () => {
    fc.assert(
      fc.property(hostileEntries, (entries) => {
        const others = entries.map((entry) => ({ ...entry, place: { ...entry.place!, line: entry.place!.line! + 1 } }));
        const report = JSON.parse(jsonReport({ command: "test", entries: others }));
        expect(report.entries).toEqual(others);
        expect(faultsOf({ ...report, entries: others })).toEqual([]);
      }),
      { seed: 1 },
    );
  });

  it("keeps to its schema with real drills that pass, fail and are wrong", () => {
    const platform = shop();
    const world = healthy(serviceOf(platform, "orders-api")).from(
      "12:00",
      route("/orders").withLatency({ p95: seconds(2.4) }),
    );
    const never = fires(HttpErrorRatioHigh, "critical").between("12:05", "12:11");
    const results = run(platform, [
      drill("passes", { world, expect: [fires(HttpLatencyHigh, "critical").between("12:05", "12:11")] }),
      drill("fails", { world, expect: [never, quiet(HttpLatencyHigh)] }),
      drill("is wrong", { world, expect: [] }),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["passed", "failed", "error"]);
    const finding = { rule: "a/b", severity: "warning", place: { file: "x", line: 1 }, summary: "s" } as const;
    const entries = [...alertEntries(results), ...results.map(drillEntry), findingEntry(finding)];
    expect(faultsOf(JSON.parse(jsonReport({ command: "test", entries })))).toEqual([]);
  });

  it("is shown in the documentation as it is", () => {
    const [, example = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
    // What the page leaves out stands there as "…".
    const shown = JSON.parse(example, (_, value) =>
      Array.isArray(value) ? value.filter((item) => item !== "…") : value,
    );
    expect(faultsOf(shown)).toEqual([]);
  });

  it("has each of its fields and kinds explained in the documentation", () => {
    const unexplained = [...fieldsOf(schema), ...reportKinds].filter((field) => !page.includes(`\`${field}\``));
    expect(unexplained).toEqual([]);
    expect(schema.definitions.kind.enum).toEqual(reportKinds);
  });
});

/** Names of all properties, at any depth. */
function fieldsOf(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  const { properties, ...rest } = part as { properties?: Record<string, unknown> };
  return [
    ...Object.keys(properties ?? {}),
    ...Object.values(properties ?? {}).flatMap(fieldsOf),
    ...Object.values(rest).flatMap(fieldsOf),
  ];
}
