import type { PersonalKind } from "../model/platform-props.ts";
import { cardCheck } from "./card-check.ts";
import { text } from "./ottl.ts";
import { checkOfCards, type RedactionStage, type RedactionStep, redactionStages } from "./redaction.ts";

/** Where statements find what they mask: texts, and mappings of which they mask the values. */
interface Places {
  context: string;
  texts: readonly string[];
  attributes: string;
}

interface Statements {
  context: string;
  conditions?: string[];
  statements: string[];
}

/**
 * Statements that mask in some places. What a pattern needs is looked for once, as a text: most lines lack most of it,
 * and are done sooner.
 */
export function masking(places: Places, readable: readonly PersonalKind[]): Statements[] {
  return redactionStages(readable).map((stage) => maskingStage(places, stage));
}

function maskingStage({ context, texts, attributes }: Places, { needs, steps }: RedactionStage): Statements {
  const [words, all] = [`${context}.cache["words"]`, `${context}.cache["all"]`];
  const everything = `Concat([${[...texts, `String(${attributes})`].join(", ")}], " ")`;
  /** Each condition once, by what it says: where it holds, the cache says so. */
  const flags = new Map<string, string>();
  const flag = (condition: string): string => {
    const known = flags.get(condition) ?? `${context}.cache["${flags.size}"]`;
    flags.set(condition, known);
    return `${known} == true`;
  };
  const condition = ({ words: some, looks }: RedactionStep): string => {
    const has = some?.map((word) => `Index(${words}, ${text(word)}) >= 0`).join(" or ");
    const looked = looks === undefined ? undefined : `IsMatch(${all}, ${text(looks)})`;
    return flag([has && looked ? `(${has})` : has, looked].filter(Boolean).join(" and "));
  };
  const replace = (pattern: string, by: string): string[] => [
    ...texts.map((place) => `replace_pattern(${place}, ${pattern}, ${by})`),
    `replace_all_patterns(${attributes}, "value", ${pattern}, ${by})`,
  ];
  const apply = (step: (typeof steps)[number]): string[] => {
    if (step === checkOfCards)
      return [`set(${all}, ${everything})`, ...cardCheck(`${context}.cache`, all, text, replace)];
    const where = step.words || step.looks ? ` where ${condition(step)}` : "";
    return replace(text(step.pattern), text(step.by)).map((statement) => `${statement}${where}`);
  };
  const applied = steps.flatMap(apply);
  return {
    context,
    ...(needs && { conditions: [`IsMatch(${everything}, ${text(needs)})`] }),
    statements: [
      ...(flags.size > 0 ? [`set(${all}, ${everything})`, `set(${words}, ToLowerCase(${all}))`] : []),
      ...[...flags].map(([known, name]) => `set(${name}, true) where ${known}`),
      ...applied,
    ],
  };
}
