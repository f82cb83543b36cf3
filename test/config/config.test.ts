import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packs } from "../../alert-rules/index.ts";
import { parseConfig } from "../../src/config/config.ts";
import { platformFindings } from "../../src/config/platform-findings.ts";
import { type Finding, isProblem } from "../../src/model/finding.ts";
import { percent, seconds } from "../../src/model/quantity.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import fc from "../helpers/fast-check.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const standard = read("monitoring.yaml");
const words = ({ summary, detail, fix }: Finding) => [summary, detail, fix].filter(Boolean).join(" ");
const isError = ({ severity }: Finding) => severity === "error";

describe("the default monitoring.yaml", () => {
  const { props, findings, placeOf } = parseConfig(standard, "monitoring.yaml");

  test("has no finding, and can be resolved", () => {
    expect(findings).toEqual([]);
    expect(resolvePlatform(props!, packs).services).toHaveLength(2);
  });

  test("becomes props in camel case, with quantities read", () => {
    const [orders, checkout] = props!.services;
    expect(orders?.instrumentation.latencyBucketsSeconds).toEqual([0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 5]);
    expect(checkout?.thresholds?.HttpLatencyHigh).toEqual({
      warning: seconds(2.5),
      critical: seconds(3),
      for: seconds(600),
    });
    expect(checkout?.otlp?.serviceName).toBe("checkout");
    expect(props!.teams[0]?.receivers[0]?.pagerduty?.routingKey.secret).toBe("orders-pagerduty-routing-key");
    expect(props!.thresholds).toEqual({ HttpErrorRatioHigh: { warning: percent(1) } });
  });

  test("has a comment above or beside every part", () => {
    for (const key of Object.keys(parse(standard))) {
      const lines = standard.split("\n");
      const line = lines.findIndex((text) => text.startsWith(`${key}:`));
      const near = lines.slice(line - 1, line + 2);
      expect(
        near.some((text) => /^\s*#/.test(text)),
        key,
      ).toBe(true);
    }
  });

  test("knows the place of a value, and of what is around one that is not there", () => {
    const before = standard.slice(0, standard.indexOf("3s, for: 10m")).split("\n");
    const latency = ["services", 1, "thresholds", "HttpLatencyHigh"];
    expect(placeOf([...latency, "critical"])).toEqual({
      file: "monitoring.yaml",
      line: before.length,
      column: before.at(-1)!.length + 1,
    });
    expect(placeOf([...latency, "keep", "on"])).toEqual(placeOf(latency));
    expect(placeOf(["nothing"])).toEqual(placeOf([]));
  });
});

describe("every file in test/good", () => {
  test.each(readdirSync(join(root, "test/good")))("%s has no finding", (name) => {
    const { props, findings } = parseConfig(read(`test/good/${name}`), name);
    expect(findings).toEqual([]);
    expect(resolvePlatform(props!, packs).services).toHaveLength(props!.services.length);
  });
});

interface Expected {
  line: number;
  column: number;
  rule: string;
  contains?: string[];
}

describe("every file in test/bad", () => {
  const files = readdirSync(join(root, "test/bad")).filter((name) => /^\d.*\./.test(name));
  const expected: Record<string, Expected[]> = parse(read("test/bad/expected.yaml"));

  test("has its expected findings, and every expectation its file", () => {
    expect(Object.keys(expected)).toEqual(files);
    expect(files.length).toBeGreaterThan(100);
  });

  test.each(files)("%s", (name) => {
    const { findings, props } = parseConfig(read(`test/bad/${name}`), name);
    const places = findings.map(({ place, rule }) => `${place.line}:${place.column} ${rule}`);
    expect(places).toEqual(expected[name]?.map(({ line, column, rule }) => `${line}:${column} ${rule}`));
    expected[name]?.forEach(({ contains = [] }, index) => {
      for (const part of contains) expect(words(findings[index]!)).toContain(part);
    });
    expect(props === undefined).toBe(findings.some(isError));
    expect(findings.every(isProblem)).toBe(true);
    for (const finding of findings) expectReadable(finding);
  });

  test("leads to rules that the documentation explains", () => {
    const page = read("docs/monitoring-yaml.md");
    for (const { rule } of Object.values(expected).flat()) expect(page).toContain(`| \`${rule}\` |`);
  });

  test("holds secrets that no message shows", () => {
    const secrets = ["hunter2", "12345678", "0123456789abcdef", "notarealsecret", "R0UTINGKEY", "a8f5f167f44f"];
    const texts = files.map((name) => ({ name, text: read(`test/bad/${name}`) }));
    for (const secret of secrets) {
      const holders = texts.filter(({ text }) => text.includes(secret));
      expect(holders.length, secret).toBeGreaterThan(0);
      for (const { name, text } of holders) {
        expect(JSON.stringify(parseConfig(text, name).findings), name).not.toContain(secret);
      }
    }
  });
});

/** One line each, whole sentences, nothing of a program's insides, nothing that a terminal would act on. */
function expectReadable({ summary, detail = "", fix = "" }: Finding): void {
  expect(summary).toMatch(/^.*[.?]$/);
  expect(fix, summary).toMatch(/^.+[.?]$/);
  const all = `${summary} ${detail} ${fix}`;
  expect(all).not.toMatch(/\p{Cc}|\p{Cf}|undefined|\[object|NaN|at .*\.[jt]s:\d|Error:|\.\.$/u);
  expect(summary.length).toBeLessThan(300);
}

describe("whatever is in the file", () => {
  /** Pieces of YAML that mean something to somebody. */
  const pieces = fc.constantFrom(
    ..."[ ] { } : - # & * ! | > ' \" % @ ` , ? << --- ... \t \n \r\n  &a *a !!js/function ~ null true 0x1F 1e400 .nan".split(
      " ",
    ),
    ..."__proto__ constructor {{ }} ${x} \u0000 \u202e \ud800 é ２s 5% 2s -5m services: owner: thresholds:".split(" "),
    "\n",
    "\n    ",
    " ",
  );
  const edit = fc.record({
    at: fc.nat(standard.length),
    remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(200)),
    insert: fc.oneof(
      pieces,
      fc.string({ maxLength: 5, unit: "binary" }),
      fc.nat(standard.length).map((from) => standard.slice(from, from + 80)),
    ),
  });
  const mutate = (edits: { at: number; remove: number; insert: string }[]) =>
    edits.reduce((text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove), standard);

  test("there are props or errors, and every finding has its place in the text", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        const text = mutate(edits);
        const { props, findings } = parseConfig(text, "x.yaml");
        expect(props === undefined).toBe(findings.some(isError));
        const lines = text.split(/\r\n|\n|\r/);
        for (const finding of findings) {
          const { line = 0, column = 0 } = finding.place;
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          expectReadable(finding);
        }
        if (!props) return;
        expect(platformFindings(props, packs).filter(({ severity }) => severity === "error")).toEqual([]);
        expect(() => resolvePlatform(props, packs)).not.toThrow();
      }),
      { numRuns: 600, seed: 20261121 },
    );
  });

  test("the same text gives the same findings", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const text = mutate(edits);
        expect(parseConfig(text, "x").findings).toEqual(parseConfig(text, "x").findings);
      }),
      { numRuns: 50, seed: 20261121 },
    );
  });

  test.each([
    ["brackets", "["],
    ["closing brackets", "]"],
    ["dashes", "- "],
    ["quotes", '"'],
    ["tags", "!a "],
    ["anchors", "&a "],
    ["documents", "---\n"],
    ["tabs", "\ta: 1\n"],
    ["the same key", "owner: 1\n"],
    ["bad indentation", "   a: 1\n  b: 2\n"],
    ["open brackets", "a: [\n"],
    ["list items", "- a\n"],
    ["digits", "1"],
    ["numbers with dots", "1.1"],
  ])("is read within the time of a test, however large: %s", (_, piece) => {
    // A hang would show here, and so would most of what grows with the square of the size.
    expect(parseConfig(piece.repeat(100_000 / piece.length), "x").findings.length).toBeGreaterThan(0);
  });

  test("values of any length are refused within the time of a test", () => {
    for (const piece of ["a", "1", "1.1", "a@", "1:", "a.", "a/", "-", " ", "%", "2s", "https://a/"]) {
      const long = JSON.stringify(piece.repeat(300_000 / piece.length));
      for (const key of [
        "platform",
        "smarthost",
        "to",
        "grafana",
        "path",
        "channel",
        "description",
        "logs",
        "warning",
      ]) {
        const at = standard.search(new RegExp(`\\b${key}: `));
        const text = standard.slice(0, at) + standard.slice(at).replace(/: [^\n,}]+/, `: ${long}`);
        expect(parseConfig(text, "x").findings.length).toBeGreaterThan(0);
      }
    }
  });
});
