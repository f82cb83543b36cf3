import type { ForbiddenPattern } from "../model/forbidden-pattern.ts";
import type { Draft, PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown } from "./seen.ts";

type At = (string | number)[];
type Patterns = readonly (Draft<ForbiddenPattern> | undefined)[] | undefined;

/** What must never be logged: said in one way, provable, and told apart by its name. */
export function logFindings({ logs, services }: PlatformDraft): PlatformFinding[] {
  const all = named(logs?.never, ["logs", "never"]);
  return [
    ...listFindings(logs?.never, ["logs", "never"]),
    ...twice(all),
    ...(logs?.never ? unreadByAll(services) : []),
    ...(services ?? []).flatMap((service, s) => {
      const at = ["services", s, "logs", "never"];
      const own = service?.logs?.never;
      if (!own) return [];
      return [...listFindings(own, at), ...twice([...all, ...named(own, at)]), ...unread(service?.packs, s)];
    }),
  ];
}

const listFindings = (patterns: Patterns, at: At): PlatformFinding[] =>
  (patterns ?? []).flatMap((pattern, index) => (pattern ? patternFindings(pattern, [...at, index]) : []));

const error = (path: At, rest: Omit<PlatformFinding, "path" | "severity" | "rule">): PlatformFinding => ({
  path,
  rule: "config/log-pattern",
  severity: "error",
  ...rest,
});

function patternFindings({ contains, pattern, example, unlike }: Draft<ForbiddenPattern>, at: At): PlatformFinding[] {
  // What is written but cannot be used is told as such.
  const dependsOn = ["contains", "pattern", "example", "unlike"].map((key) => [...at, key]);
  if (contains === undefined && pattern === undefined) {
    return [
      error(at, {
        dependsOn,
        summary: "Nothing says what must never be logged.",
        detail: "Exactly one is needed: `contains` for a text, `pattern` for a regular expression.",
        fix: "Add `contains` or `pattern`.",
      }),
    ];
  }
  if (contains !== undefined && pattern !== undefined) {
    return [
      error([...at, "pattern"], {
        atKey: true,
        summary: "This has both `contains` and `pattern`.",
        detail: "Nobody could say whether one of them is enough or both are needed.",
        fix: "Remove one, or make two of it.",
      }),
    ];
  }
  if (pattern === undefined) {
    return (["example", "unlike"] as const).flatMap((key) =>
      (key === "example" ? example : unlike) === undefined
        ? []
        : [
            error([...at, key], {
              atKey: true,
              summary: `\`${key}\` belongs to \`pattern\`: of a text, drills know by themselves what has it.`,
              fix: "Remove it.",
            }),
          ],
    );
  }
  const unknown = beyondRe2(pattern);
  return [
    ...(unknown === undefined
      ? []
      : [
          error([...at, "pattern"], {
            summary: `RE2 has no ${unknown.what}, as in ${shown(unknown.text)}.`,
            detail:
              "Loki looks for patterns with RE2, whose time grows with the line only and which therefore looks at a line once.",
            fix: "Write it without, if need be as two patterns.",
          }),
        ]),
    ...(example === undefined
      ? [
          error(at, {
            dependsOn,
            summary: "This pattern has no `example`.",
            detail:
              "Drills log a line in which it must be found: a pattern that finds nothing looks like one that is never broken.",
            fix: "Add `example`, a line in which it is found.",
          }),
        ]
      : []),
  ];
}

const foreign: readonly (readonly [shape: RegExp, what: string])[] = [
  [/^\(\?<?[=!]/, "look-ahead and look-behind"],
  [/^\\([1-9]|k<)/, "back-references"],
  [/^\(\?>/, "atomic groups"],
];

/** What people know from other regular expressions and RE2 does not have; undefined where there is none. */
function beyondRe2(pattern: string): { what: string; text: string } | undefined {
  for (let at = 0; at < pattern.length; at += pattern[at] === "\\" ? 2 : 1) {
    const rest = pattern.slice(at);
    const found = foreign.find(([shape]) => shape.test(rest));
    if (found) return { what: found[1], text: rest.slice(0, 20) };
  }
  return undefined;
}

interface Named {
  name: string;
  path: At;
}

const named = (patterns: Patterns, at: At): Named[] =>
  (patterns ?? []).flatMap((one, index) =>
    one?.name === undefined ? [] : [{ name: one.name, path: [...at, index, "name"] }],
  );

/** The name is all that a message tells of a pattern. */
function twice(all: readonly Named[]): PlatformFinding[] {
  return all.flatMap(({ name, path }, index): PlatformFinding[] => {
    const other = all.slice(0, index).find((one) => one.name === name);
    if (!other) return [];
    const summary = `Two patterns have the name ${shown(name)}.`;
    return [
      {
        path,
        other: other.path,
        rule: "config/duplicate-name",
        severity: "error",
        summary,
        fix: "Rename or remove one.",
      },
    ];
  });
}

/** What is forbidden to all services, of which none is looked at. */
function unreadByAll(services: PlatformDraft["services"]): PlatformFinding[] {
  if (!services?.every((service) => service?.packs && !service.packs.includes(undefined))) return [];
  if (services.some((service) => service?.packs?.includes("logs"))) return [];
  return [
    {
      path: ["logs", "never"],
      atKey: true,
      rule: "config/not-shown",
      severity: "error",
      summary: "No service has the pack logs, so nobody looks for what must never be logged.",
      fix: "Add logs to the `packs` of the services whose lines are to be looked at, or remove this.",
    },
  ];
}

function unread(packs: readonly (string | undefined)[] | undefined, s: number): PlatformFinding[] {
  if (!packs || packs.includes(undefined) || packs.includes("logs")) return [];
  return [
    {
      path: ["services", s, "logs"],
      atKey: true,
      dependsOn: [
        ["services", s, "logs"],
        ["services", s, "packs"],
      ],
      rule: "config/not-shown",
      severity: "error",
      summary: "`logs` means nothing to a service without the pack logs.",
      detail: "Nobody looks at its lines.",
      fix: "Add logs to its `packs`, or remove this.",
    },
  ];
}
