import type { PersonalKind } from "../model/platform-props.ts";
import { harmlessRules } from "./redaction-harmless.ts";
import { keyFamilies, keyRules, nothingSaid, valueRules } from "./redaction-keys.ts";
import { anyMark, type RedactedKind, type RedactionRule } from "./redaction-rule.ts";
import { secretRules } from "./redaction-secrets.ts";
import { accountRules, firstRules, shapeRules } from "./redaction-shapes.ts";

/** What is replaced by what, in this order: first what marks, then what masks. */
export type RedactionStep = Pick<RedactionRule, "pattern" | "by" | "words" | "looks">;

/** Nobody else may mark anything, and no mark stays. */
const unmark: RedactionStep = { pattern: anyMark, by: "" };

/**
 * The steps of masking, before the check digits of numbers are looked at and after: what holds something else comes
 * before it, and a name tells more of what stands behind it than its looks.
 */
export function redactionSteps(readable: readonly PersonalKind[]): { before: RedactionStep[]; after: RedactionStep[] } {
  const masked = ({ kind }: { kind: RedactedKind }) => !(readable as readonly RedactedKind[]).includes(kind);
  return {
    before: [
      unmark,
      ...firstRules,
      ...keyRules.filter(masked),
      ...nothingSaid,
      ...valueRules.filter(masked),
      ...harmlessRules,
      ...accountRules.filter(masked),
    ],
    after: [...secretRules, ...shapeRules.filter(masked), unmark],
  };
}

/** Every rule that has an example of what it masks. */
export const exampleRules: readonly RedactionRule[] = [
  ...firstRules,
  ...keyRules,
  ...accountRules,
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
