import type { PersonalKind } from "../model/platform-props.ts";
import { harmlessRules } from "./redaction-harmless.ts";
import { keyFamilies, keyRules, nothingSaid, valueRules } from "./redaction-keys.ts";
import { anyMark, markPattern, named, type RedactedKind, type RedactionRule } from "./redaction-rule.ts";
import { secretRules } from "./redaction-secrets.ts";
import { accountRules, cardRules, firstRules, shapeRules } from "./redaction-shapes.ts";

/** What is replaced by what, in this order: first what marks, then what masks. */
export type RedactionStep = Pick<RedactionRule, "pattern" | "by" | "words" | "looks">;

/** Nobody else may mark anything, and no mark stays. */
const unmark: RedactionStep = { pattern: anyMark, by: "" };

/** Steps that are taken together, and what a line must have for them: a text (RE2) that is cheap to look for. */
export interface RedactionStage {
  needs?: string;
  steps: readonly (RedactionStep | typeof checkOfCards)[];
}
/** Not a step but many: the check digits of numbers are looked at. */
export const checkOfCards = "check of cards";

/**
 * The stages of masking, in their order: what holds something else comes before it, and a name tells more of what stands
 * behind it than its looks.
 */
export function redactionStages(readable: readonly PersonalKind[]): RedactionStage[] {
  const masked = ({ kind }: { kind: RedactedKind }) => !(readable as readonly RedactedKind[]).includes(kind);
  return [
    { steps: [unmark] },
    { steps: [...firstRules, ...keyRules.filter(masked)] },
    { needs: markPattern(named), steps: [...nothingSaid, ...valueRules.filter(masked)] },
    { steps: [...harmlessRules, ...accountRules.filter(masked)] },
    { needs: "\\d{4}[ ._-]?\\d{4}[ ._-]?\\d\\d", steps: [checkOfCards, ...cardRules] },
    { steps: [...secretRules, ...shapeRules.filter(masked), unmark] },
  ];
}

/** Every rule that has an example of what it masks. */
export const exampleRules: readonly RedactionRule[] = [
  ...firstRules,
  ...keyRules,
  ...accountRules,
  ...cardRules,
  ...secretRules,
  ...shapeRules,
];

/** RE2, names of attributes whose whole values are masked, whatever these look like. */
export function keyedAttributes(readable: readonly PersonalKind[]): string[] {
  const names = keyFamilies.flatMap(({ kind, attributes }) =>
    attributes && !(readable as readonly RedactedKind[]).includes(kind) ? [attributes] : [],
  );
  const secret = "(?i)(^|[._-])(authorization|cookie|password|passwd|secret|token|api[._-]?key)($|[._-])";
  return [secret, ...names.map((one) => `(?i)(^|[._-])(${one})$`)];
}
