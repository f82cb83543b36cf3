import { childOf, type LogqlNode, textOf } from "../../loki/logql-tree.ts";
import { about, type Edit, parentOf, removed, replaced, type Site } from "./site.ts";

// Faults of what chooses lines in LogQL: stream matchers, line filters, parsers, label filters.

type Table = Readonly<Record<string, string>>;

const oppositeMatch: Table = { "=": "!=", "!=": "=", "=~": "!~", "!~": "=~" };
const literalMatch: Table = { "=~": "=", "!~": "!=" };
const oppositeFilter: Table = { "|=": "!=", "!=": "|=", "|~": "!~", "!~": "|~", "|>": "!>", "!>": "|>" };
const literalFilter: Table = { "|~": "|=", "!~": "!=" };
/** A filter for a text, as one that does not mind upper and lower case. */
const looseFilter: Table = { "|=": "|~", "!=": "!~" };

/** Which streams are read: a matcher forgotten, the opposite, or = written where =~ was meant. */
export function matcherEdits(site: Site): Edit[] {
  const { text, node } = site;
  const list = parentOf(site);
  if (node.kind !== "Matcher" || list?.kind !== "Matchers") return [];
  const rest = list.children.filter((one) => one !== node).map((one) => textOf(text, one));
  const matcher = `matcher ${textOf(text, node)}`;
  return [
    replaced(list, about(`${matcher} removed`, "from", text, linesOf(site)), rest.join(", ")),
    ...otherMatches("matcher", site, node),
  ];
}

/** Which lines count by their labels: a filter forgotten, the opposite, literal, too narrow or too wide; and for or. */
export function labelFilterEdits(site: Site): Edit[] {
  const { text, node } = site;
  const parent = parentOf(site);
  if (node.kind !== "LabelFilter" || !parent) return [];
  const [left, operator, right] = node.children;
  if (left?.kind === "LabelFilter" && operator && right?.kind === "LabelFilter") {
    const word = textOf(text, operator);
    const kept = [left, right].map((one) => replaced(node, `all but ${textOf(text, one)} dropped`, textOf(text, one)));
    const other = { and: "or", or: "and" }[word];
    const swap = other === undefined ? [] : [replaced(operator, `${word} → ${other} in ${textOf(text, node)}`, other)];
    return [...kept, ...swap];
  }
  const written = textOf(text, node);
  const matcher = childOf(node, "Matcher");
  return [
    ...stageRemoved(site, parent, about(`label filter ${written} removed`, "from", text, linesOf(site))),
    ...(matcher ? [...otherMatches("label filter", site, matcher), ...wider(text, matcher)] : []),
  ];
}

/** A filter that is all of its stage goes with its pipe. */
function stageRemoved({ text, node }: Site, parent: LogqlNode, description: string): Edit[] {
  if (parent.kind === "PipelineStage") return [removed(text, parent, description)];
  const pipe = parent.children[parent.children.indexOf(node) - 1];
  if (parent.kind !== "UnwrapExpr" || pipe?.kind !== "Pipe") return [];
  return [removed(text, { from: pipe.from, to: node.to }, description)];
}

/** Another operator between a label and its value, and a regular expression with one alternative too few. */
function otherMatches(what: string, site: Site, matcher: LogqlNode): Edit[] {
  const { text } = site;
  const [, operator, value] = matcher.children;
  if (!operator || !value) return [];
  const written = textOf(text, operator);
  const literal = isRegex(written, text, value) ? literalMatch[written] : undefined;
  const others = [oppositeMatch[written], literal].filter((other) => other !== undefined);
  const changed = (description: string) => about(`${what} ${description}`, "in", text, linesOf(site));
  const name = text.slice(matcher.from, operator.from);
  return [
    ...others.map((other) => {
      const after = `${name}${other}${textOf(text, value)}`;
      return replaced(operator, changed(`${textOf(text, matcher)} → ${after}`), other);
    }),
    ...(written in literalMatch ? alternativesDropped(text, value, changed) : []),
  ];
}

const linesOf = ({ node, above }: Site): LogqlNode => above.find(({ kind }) => kind === "LogRangeExpr") ?? node;

function alternativesDropped(text: string, value: LogqlNode, changed: (description: string) => string): Edit[] {
  const { quote, inner } = quoted(textOf(text, value));
  const alternatives = inner.split("|");
  if (alternatives.length < 2 || !alternatives.every((one) => /^[\w .*+-]+$/.test(one))) return [];
  return alternatives.map((dropped) => {
    const rest = alternatives.filter((one) => one !== dropped).join("|");
    return replaced(value, changed(`${inner}: ${dropped} dropped`), `${quote}${rest}${quote}`);
  });
}

/** A value that only has to be in the label's, not all of it. */
function wider(text: string, matcher: LogqlNode): Edit[] {
  const [, operator, value] = matcher.children;
  if (!operator || !value) return [];
  const { quote, inner } = quoted(textOf(text, value));
  if (!["=", "=~"].includes(textOf(text, operator)) || !/^[\w |-]+$/.test(inner)) return [];
  const by = `=~${quote}.*(${inner}).*${quote}`;
  const name = text.slice(matcher.from, operator.from);
  const description = `label filter ${textOf(text, matcher)} → ${name}${by}`;
  return [{ description, at: { from: operator.from, to: value.to }, by }];
}

/** Which lines count by their text: a filter forgotten, the opposite, literal, or one that does not mind upper case. */
export function lineFilterEdits({ text, node }: Site): Edit[] {
  if (node.kind !== "LineFilter") return [];
  const filter = childOf(node, "Filter");
  const value = childOf(node, "String");
  const more = childOf(node, "OrFilter");
  const written = textOf(text, node);
  const gone = removed(text, node, `line filter ${written} removed`);
  if (!filter || !value) return [gone];
  const operator = textOf(text, filter);
  const { quote, inner } = quoted(textOf(text, value));
  const literal = isRegex(operator, text, value) ? literalFilter[operator] : undefined;
  const others = [oppositeFilter[operator], literal].filter((other) => other !== undefined);
  const loose = looseFilter[operator];
  const changed = (from: LogqlNode, to: LogqlNode, by: string): Edit => {
    const at = { from: from.from, to: to.to };
    const after = `${text.slice(node.from, at.from)}${by}${text.slice(at.to, node.to)}`;
    return { description: `line filter ${written} → ${after}`, at, by };
  };
  return [
    gone,
    ...others.map((other) => changed(filter, filter, other)),
    ...(loose !== undefined && /^[\w ]*[a-z][\w ]*$/i.test(inner)
      ? [changed(filter, value, `${loose} ${quote}(?i)${inner}${quote}`)]
      : []),
    ...(more ? [changed(value, more, textOf(text, value)), changed(value, more, textOf(text, more))] : []),
  ];
}

const otherParser: Table = { json: "logfmt", logfmt: "json" };

/** A stage that changes lines or labels forgotten, or a parser mistaken for another. */
export function stageEdits({ text, node }: Site): Edit[] {
  const stage = node.children.find(({ kind }) => kind !== "Pipe");
  if (node.kind !== "PipelineStage" || !stage || ["LineFilters", "LabelFilter"].includes(stage.kind)) return [];
  const written = textOf(text, stage);
  const other = otherParser[written];
  return [
    removed(text, node, `stage ${written} removed`),
    ...(other === undefined ? [] : [replaced(stage, `stage ${written} → ${other}`, other)]),
  ];
}

const isRegex = (operator: string, text: string, value: LogqlNode): boolean =>
  operator.endsWith("~") && /[^\w \-/:,;@#%&=<>!'~]/.test(quoted(textOf(text, value)).inner);

/** A string without its quotation marks, as it is written. */
const quoted = (written: string): { quote: string; inner: string } => ({
  quote: written.slice(0, 1),
  inner: written.slice(1, -1),
});
