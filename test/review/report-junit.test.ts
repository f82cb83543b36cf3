import { describe, expect, it } from "vitest";
import { junitReport } from "../../src/review/report-junit.ts";
import fc from "../helpers/fast-check.ts";
import { hostileEntries } from "./hostile.ts";

interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
}

/** What XML 1.0 allows in a document; neither a surrogate of its own, nor most control characters. */
const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

const decoded = (text: string): string => {
  if (/[<]|&(?!#\d+;)/.test(text)) throw new Error(`not well-formed: ${text}`);
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
};

/** Reads the part of XML that a report uses, and takes nothing that is not well-formed. */
function readXml(xml: string): Element {
  if (!allowed.test(xml)) throw new Error("a character that XML cannot hold");
  const root: Element = { name: "", attributes: {}, text: "", children: [] };
  const open = [root];
  let at = 0;
  for (const tag of xml.matchAll(/<([/?]?)(\w+)((?:\s+\w+="[^"<]*")*)\s*([/?]?)>/g)) {
    const [whole, closing, name = "", attributes = "", empty] = tag;
    const parent = open.at(-1);
    if (!parent) throw new Error(`nothing is open at ${whole}`);
    parent.text += decoded(xml.slice(at, tag.index));
    at = tag.index + whole.length;
    if (closing === "?") continue;
    if (closing === "/") {
      if (open.pop()?.name !== name) throw new Error(`${whole} closes something else`);
      continue;
    }
    const pairs = [...attributes.matchAll(/(\w+)="([^"]*)"/g)];
    // A parser makes spaces of line ends and tabs in attributes, unless they are references.
    const element = {
      name,
      attributes: Object.fromEntries(
        pairs.map(([, key, value = ""]) => [key, decoded(value.replace(/[\t\n\r]/g, " "))]),
      ),
      text: "",
      children: [],
    };
    parent.children.push(element);
    if (empty !== "/") open.push(element);
  }
  if (open.length !== 1 || xml.slice(at).trim() !== "") throw new Error("not closed");
  return root;
}

/** The text as XML can hold it. */
const held = (text: string): string =>
  [...text].map((character) => (allowed.test(character) ? character : "\ufffd")).join("");

const suites = (xml: string) => readXml(xml).children[0]?.children ?? [];

describe("a JUnit report", () => {
  it("is well-formed and tells every text as it is, whatever it holds", () => {
    fc.assert(
      fc.property(hostileEntries, (entries) => {
        const cases = suites(junitReport({ command: "test", entries })).flatMap(({ children }) => children);
        expect(cases).toHaveLength(entries.length);
        for (const { name, outcome, message = "", details = "", place } of entries) {
          const one = cases.find(
            ({ attributes }) => attributes.name === held(name) && attributes.file === held(place!.file),
          );
          expect(one).toBeDefined();
          if (outcome === "passed" || entries.filter((other) => other.name === name).length > 1) continue;
          expect(one?.children[0]?.attributes.message).toBe(held(message));
          expect(one?.children[0]?.text.endsWith(held(details))).toBe(true);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("has a suite for each kind, with counts of its own, and no times", () => {
    const xml = junitReport({
      command: "test",
      entries: [
        { kind: "drill", name: "a", outcome: "failed", message: "m", place: { file: "a.ts", line: 3 } },
        { kind: "drill", name: "b", outcome: "passed" },
        { kind: "alert", name: "c", outcome: "not-run" },
      ],
    });
    const counts = ({ attributes: { name, tests, failures, errors, skipped } }: Element) =>
      `${name}: ${tests} ${failures} ${errors} ${skipped}`;
    expect(suites(xml).map(counts)).toEqual(["firedrill test: alert: 1 0 0 1", "firedrill test: drill: 2 1 0 0"]);
    expect(counts(readXml(xml).children[0]!)).toBe("firedrill test: 3 1 0 1");
    expect(xml).not.toContain("time=");
  });
});
