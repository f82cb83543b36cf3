/** How many blocks of a template may lie inside one another: ten times as many take all of a thread's stack. */
const deepest = 500;

/**
 * What is wrong with a rule file in which blocks of a template (`{{if}}`, `{{range}}`, …) lie inside one another more
 * than 500 times, as the end of a sentence that begins with its name: the engine would break down without saying where.
 * An `{{else if}}` lies inside the `{{if}}` before it.
 */
export function nestedTemplates(text: string): string | undefined {
  /** of each open block: how many `{{end}}` it would have if each `{{else if}}` had one */
  const open: number[] = [];
  let depth = 0;
  for (const { 1: word = "", index } of text.matchAll(
    /\{\{(?:- )?\s*(if|range|with|block|define|else\s+(?:if|with)|end)\b/g,
  )) {
    if (word === "end") depth -= open.pop() ?? 0;
    else {
      depth += 1;
      if (word.startsWith("else") && open.length > 0) open.push((open.pop() ?? 0) + 1);
      else open.push(1);
    }
    if (depth <= deepest) continue;
    const line = text.slice(0, index).split("\n").length;
    return `nests templates too deeply on line ${line}: more than ${deepest} of {{if}}, {{else if}}, {{range}}, {{with}} lie inside one another; write less of them, or record parts by rules of their own`;
  }
  return undefined;
}
