import { childOf, type LogqlNode, type LogqlOperation, nodesIn, operationOf, textOf } from "../../loki/logql-tree.ts";
import { bracketed, type Edit, fits, operandOutline, outline, removed, replaced, type Site } from "./site.ts";

// Faults of operators between two operands in LogQL.

type Table = Readonly<Record<string, readonly string[]>>;

const strictness: Table = { ">": [">="], ">=": [">"], "<": ["<="], "<=": ["<"] };
const direction: Table = { ">": ["<"], ">=": ["<="], "<": [">"], "<=": [">="], "==": ["!="], "!=": ["=="] };
const arithmetic: Table = { "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"] };
const sets: Table = { and: ["or", "unless"], or: ["and"], unless: ["and"] };

export const strictnessEdits = (site: Site): Edit[] => otherOperators(strictness, site);
export const directionEdits = (site: Site): Edit[] => otherOperators(direction, site);
export const arithmeticEdits = (site: Site): Edit[] => otherOperators(arithmetic, site);

function otherOperators(table: Table, { text, node }: Site): Edit[] {
  const operation = operationOf(node);
  const operator = operation ? operation.operator : childOf(node, "Gtr", "Gte", "Lss", "Lte", "Eql");
  // A filter compares, too: `| duration > 5s`.
  if (!operator || !(operation || node.kind.endsWith("Filter"))) return [];
  const written = textOf(text, operator);
  const where = operation ? outline(text, operation) : textOf(text, node);
  return (table[written] ?? []).map((other) => replaced(operator, `${written} → ${other} in ${where}`, other));
}

/** The only operators that bind more or less than what they are mistaken for. */
export const setOperatorEdits = (site: Site): Edit[] =>
  withOperation(site, (operation) => {
    const { text, node } = site;
    const { left, operator, modifier, right } = operation;
    const written = textOf(text, operator);
    return (sets[written] ?? []).map((other) => {
      const parts = [bracketed(text, left), other, textOf(text, modifier), bracketed(text, right)];
      const by = fits(site, parts.filter((part) => part !== "").join(" "));
      return replaced(node, `${written} → ${other} in ${outline(text, operation)}`, by);
    });
  });

export const boolEdits = ({ text, node }: Site): Edit[] =>
  node.kind === "Bool" ? [removed(text, node, "bool dropped")] : [];

/** The comparison of a vector with a number is left out, because its swap is another direction. */
export const swapEdits = (site: Site): Edit[] =>
  withOperation(site, (operation) => {
    const { text, node } = site;
    const { left, operator, modifier, right } = operation;
    const written = textOf(text, operator);
    const comparesVectors = written in direction && ![left, right].some(({ kind }) => kind === "LiteralExpr");
    if (written !== "-" && written !== "/" && !comparesVectors) return [];
    const parts = [bracketed(text, right), written, textOf(text, modifier), bracketed(text, left)];
    const by = fits(site, parts.filter((part) => part !== "").join(" "));
    return [replaced(node, `operands swapped in ${outline(text, operation)}`, by)];
  });

/** One side of and, or, unless forgotten. */
export const clauseEdits = (site: Site): Edit[] =>
  withOperation(site, ({ left, operator, right }) => {
    const { text, node } = site;
    const written = textOf(text, operator);
    if (!(written in sets)) return [];
    const without = (dropped: LogqlNode, kept: LogqlNode) =>
      replaced(node, `${written} clause dropped: ${operandOutline(text, dropped)}`, fits(site, textOf(text, kept)));
    return written === "or" ? [without(right, left), without(left, right)] : [without(right, left)];
  });

/** `on` and `ignoring` with a label too few or mistaken for each other; `group_left` on the wrong side, or forgotten. */
export const matchingEdits = (site: Site): Edit[] =>
  withOperation(site, (operation) => {
    const { text } = site;
    const { modifier } = operation;
    const where = outline(text, operation);
    const parts = nodesIn(modifier);
    const word = parts.find(({ kind }) => kind === "On" || kind === "Ignoring");
    const group = parts.find(({ kind }) => kind === "GroupLeft" || kind === "GroupRight");
    const [labels] = parts.filter(({ kind }) => kind === "GroupingLabelList");
    const swapped: Readonly<Record<string, string>> = {
      on: "ignoring",
      ignoring: "on",
      group_left: "group_right",
      group_right: "group_left",
    };
    const names = labels?.children.map((label) => textOf(text, label)) ?? [];
    const written = word ? textOf(text, word) : "";
    return [
      ...(word && labels
        ? names.map((name) => {
            const rest = names.filter((other) => other !== name).join(", ");
            return replaced(labels, `label ${name} dropped from ${written} in ${where}`, rest);
          })
        : []),
      ...[word, group].flatMap((one) => {
        const other = one && swapped[textOf(text, one)];
        return !one || other === undefined ? [] : [replaced(one, `${textOf(text, one)} → ${other} in ${where}`, other)];
      }),
      ...(group
        ? [removed(text, { from: group.from, to: modifier.to }, `${textOf(text, group)} dropped in ${where}`)]
        : []),
    ];
  });

function withOperation({ node }: Site, editsOf: (operation: LogqlOperation) => Edit[]): Edit[] {
  const operation = operationOf(node);
  return operation ? editsOf(operation) : [];
}
