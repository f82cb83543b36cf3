import { expect, it } from "vitest";
import { rulesNeeded, rulesRecording } from "../../src/engine/needed-rules.ts";

const file = (name: string, ...rules: string[]) => ({
  name,
  yaml: ["groups:", `  - name: ${name}`, "    rules:", ...rules.map((rule) => `      - ${rule}`)].join("\n"),
});
const files = [
  file("deep", "{ record: 'a:deep', expr: up }"),
  file("recorded", "{ record: 'a:rate', expr: 'sum(a:deep)' }"),
  file("asked", "{ alert: Slow, expr: 'a:rate > 1' }"),
  file("told", "{ record: 'a:told', expr: up }"),
  file("telling", "{ alert: Broken, expr: up, annotations: { summary: '{{ query `a:told` }}' } }"),
  file("other", "{ record: 'b:rate', expr: up }", "{ alert: Other, expr: 'b:rate > 1' }"),
];
const needed = (...alerts: string[]) => rulesNeeded(files)(alerts).map(({ name }) => name);

it("an alert needs what records what it reads, however far back, in the order of the files", () => {
  expect(needed("Slow")).toEqual(["deep", "recorded", "asked"]);
});

it("an alert needs what its message asks for", () => {
  expect(needed("Broken")).toEqual(["told", "telling"]);
});

it("two alerts need what either of them needs, and an unknown one nothing", () => {
  expect(needed("Other", "Slow", "Nobody")).toEqual(["deep", "recorded", "asked", "other"]);
  expect(needed("Nobody")).toEqual([]);
});

it("a query needs what records what it names, however far back", () => {
  expect(rulesRecording(["a:rate > 3", "up"], files).map(({ name }) => name)).toEqual(["deep", "recorded"]);
  expect(rulesRecording(["up"], files)).toEqual([]);
});
