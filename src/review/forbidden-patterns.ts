import type { Engine } from "../engine/engine.ts";
import type { Finding, Place } from "../model/finding.ts";
import { type ForbiddenPattern, forbiddenLine, nearMisses } from "../model/forbidden-pattern.ts";
import type { Platform } from "../model/platform.ts";
import { promqlString } from "../model/promql.ts";

type At = (string | number)[];

/**
 * Regular expressions of what must never be logged that RE2 cannot read, that are not found in their own example, or are
 * found where they should not be: in an empty line, or in what is only like one. It is Go's own RE2, in which Loki
 * looks for them, that is asked.
 */
export function forbiddenPatternFindings(
  { logs, services }: Platform,
  placeOf: (path: readonly (string | number)[]) => Place,
  engine: Pick<Engine, "evaluate" | "parse">,
): Finding[] {
  const all: [At, readonly ForbiddenPattern[]][] = [
    [["logs", "never"], logs?.never ?? []],
    ...services.map((service, s): [At, readonly ForbiddenPattern[]] => [
      ["services", s, "logs", "never"],
      service.logs?.never ?? [],
    ]),
  ];
  return all.flatMap(([at, patterns]) =>
    patterns.flatMap((pattern, index) =>
      pattern.pattern === undefined
        ? []
        : problemsOf(pattern, pattern.pattern, engine).map(
            ({ key, ...problem }): Finding => ({
              rule: "config/log-pattern",
              severity: "error",
              place: placeOf([...at, index, ...key]),
              ...problem,
            }),
          ),
    ),
  );
}

type Problem = Pick<Finding, "summary" | "detail" | "fix"> & { key: At };

function problemsOf(
  forbidden: ForbiddenPattern,
  pattern: string,
  engine: Pick<Engine, "evaluate" | "parse">,
): Problem[] {
  const { name } = forbidden;
  // By itself first: brackets that it lacks could be closed by what is put around it.
  const refused = [pattern, part(pattern)].map((regex) => engine.parse(selector(regex)).error).find(Boolean);
  if (refused) {
    const reason = /error parsing regexp: (.*)/.exec(refused.message)?.[1] ?? refused.message;
    return [
      {
        key: ["pattern"],
        summary: `RE2 cannot read the pattern ${name}: ${reason}.`,
        detail: "Loki looks for patterns with RE2.",
        fix: "Mend it; https://github.com/google/re2/wiki/Syntax says what there is.",
      },
    ];
  }
  const example = forbiddenLine(forbidden);
  const unlike = nearMisses(forbidden);
  const found = linesWith(pattern, ["", example, ...unlike], engine);
  return [
    ...(found.has("")
      ? [
          {
            key: ["pattern"],
            summary: `The pattern ${name} is found in an empty line, and so in every line.`,
            fix: "Let it need at least one character.",
          },
        ]
      : []),
    ...(found.has(example)
      ? []
      : [
          {
            key: ["example"],
            summary: `The pattern ${name} is not found in its own example.`,
            fix: "Mend the one or the other. It is looked for in any part of the line; upper and lower case differ.",
          },
        ]),
    ...unlike.flatMap((line, index) =>
      found.has(line)
        ? [
            {
              key: ["unlike", index],
              summary: `The pattern ${name} is found in a line in which it should not be.`,
              fix: "Mend the pattern, or remove the line.",
            },
          ]
        : [],
    ),
  ];
}

/** A matcher takes whole values; LogQL's filters take a part of a line. */
const part = (pattern: string): string => `(?s:.*)(?-s:${pattern})(?s:.*)`;
const selector = (regex: string): string => `line{text=~${promqlString(regex)}}`;

/** Which of the lines have the pattern in them; an empty one is a series without the label. */
function linesWith(pattern: string, lines: readonly string[], engine: Pick<Engine, "evaluate">): Set<string> {
  const { queries } = engine.evaluate({
    ruleFiles: [],
    series: [...new Set(lines)].map((text) => ({
      labels: { __name__: "line", ...(text !== "" && { text }) },
      timestampsMs: Float64Array.of(0),
      values: Float64Array.of(1),
    })),
    startMs: 0,
    endMs: 0,
    evaluationIntervalMs: 1000,
    queries: [{ id: "found", expr: selector(part(pattern)), startMs: 0, endMs: 0, stepMs: 1 }],
  });
  return new Set(queries.flatMap(({ series }) => series.map(({ labels }) => labels.text ?? "")));
}
