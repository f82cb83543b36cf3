const fields: Readonly<Record<string, readonly [what: string, names: string]>> = {
  RuleGroups: ["a rule file", "groups"],
  RuleGroup: ["a group", "name, interval, query_offset, limit, labels, rules"],
  Rule: ["a rule", "record, alert, expr, for, keep_firing_for, labels, annotations"],
};

/** Messages of Prometheus that speak of its Go types and of Go's memory, in words of the files. Others stay as they are. */
export function inPlainWords(message: string): string {
  const [, field, type = ""] = /^field (.*) not found in type rulefmt\.(\w+?)(?:Node)?$/s.exec(message) ?? [];
  const [what, names] = fields[type] ?? [];
  if (what !== undefined) return `unknown field ${JSON.stringify(field)}; ${what} has: ${names}`;
  if (message.endsWith("makeslice: len out of range"))
    return "it asks for more samples at once than any memory holds: shorten the range, or lengthen the step of the subquery";
  return message;
}
