import { expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { logForbiddenLines } from "../../alert-rules/logs.ts";
import { platformFindings } from "../../src/config/platform-findings.ts";
import { hasFormat } from "../../src/config/value-formats.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { lokiClient } from "../../src/loki/loki-client.ts";
import type { ForbiddenPattern } from "../../src/model/forbidden-pattern.ts";
import { streamSelector } from "../../src/model/logql.ts";
import { forbiddenPatternFindings } from "../../src/review/forbidden-patterns.ts";
import fc from "../helpers/fast-check.ts";
import { drillLoki } from "../helpers/log-drills.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

const withLogs = (never: readonly ForbiddenPattern[]) => ({
  logs: { never },
  services: sampleProps.services.map((service, index) =>
    index > 0 ? service : { ...service, packs: [...service.packs, "logs"] },
  ),
});

/** Pieces that mean something to LogQL, Go's strings, regular expressions, templates, JSON, YAML or Grafana. */
const pieces = [
  '"',
  "`",
  "\\",
  "\\n",
  "\\x24",
  "$__interval",
  "${service}",
  "[[y]]",
  "{{ .x }}",
  "}",
  "|~",
  " or ",
  "#",
];
const hostile = fc
  .array(
    fc.oneof(fc.constantFrom(...pieces, "(?i)", ".*", "[", "'", "%", "é", "😀", "a"), fc.string({ maxLength: 3 })),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(""))
  .filter((text) => hasFormat("logText", text));

it("counts the lines with a text and no others, whatever the text says", { timeout: 120_000 }, async (context) => {
  const loki = lokiClient((await drillLoki(context)).address);
  const texts = [...new Set(fc.sample(hostile, { numRuns: 60, seed: 7 }))];
  const never = texts.map((contains, index) => ({ name: `text-${index}`, contains }));
  const findings = platformFindings({ ...sampleProps, ...withLogs(never) }, packs);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const ms = 1_760_000_000_000;
  const lines = texts.flatMap((text) => [text, `before ${text} behind`, [...text].reverse().join("")]);
  const resource = { service: "gallery", environment: "production", team: "web", "service.name": "gallery" };
  await loki.push("hostile", [{ resource, records: lines.map((body, index) => ({ ms: ms + index, body })) }]);
  const logql = logForbiddenLines.logql(streamSelector(), samplePlatform(withLogs(never)));
  const at = { startMs: ms + 60_000, endMs: ms + 60_000, stepMs: 1000 };
  const found = new Map((await loki.query("hostile", logql, at)).map(({ labels, values }) => [labels.pattern, values]));
  for (const { name, contains } of never) {
    expect(found.get(name), contains).toEqual([lines.filter((line) => line.includes(contains)).length]);
  }
});

it("tells of patterns that Go cannot read or that do not find what they are for", async () => {
  const never: ForbiddenPattern[] = [
    { name: "fine", pattern: "(?i)^card=\\d+$", example: "Card=12", unlike: ["a card=12"] },
    { name: "open", pattern: "card=[0-9", example: "card=1" },
    { name: "closes-what-is-around-it", pattern: "a)(b", example: "ab" },
    { name: "too-often", pattern: "a{1001}", example: "a" },
    { name: "everything", pattern: "(card)?", example: "card" },
    { name: "elsewhere", pattern: "Card", example: "card" },
    { name: "too-wide", pattern: "card", example: "card", unlike: ["car", "cardholder"] },
  ];
  const platform = samplePlatform(withLogs(never));
  const placeOf = (path: readonly (string | number)[]) => ({ file: path.join("/") });
  const findings = forbiddenPatternFindings(platform, placeOf, await loadEngine());
  expect(findings.map(({ place, summary }) => `${place.file}: ${summary}`)).toEqual([
    expect.stringMatching(/^logs\/never\/1\/pattern: RE2 cannot read the pattern open: missing closing \]/),
    expect.stringMatching(/^logs\/never\/2\/pattern: RE2 cannot read .*: unexpected \)/),
    expect.stringMatching(/^logs\/never\/3\/pattern: RE2 cannot read .*: invalid repeat count/),
    expect.stringMatching(/^logs\/never\/4\/pattern: .* is found in an empty line/),
    expect.stringMatching(/^logs\/never\/5\/example: .* is not found in its own example/),
    expect.stringMatching(/^logs\/never\/6\/unlike\/1: .* is found in a line in which it should not be/),
  ]);
});
