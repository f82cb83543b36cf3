import { didYouMean } from "../config/did-you-mean.ts";

/** How many names a complaint shows. */
const shownNames = 12;

export interface Selection<T> {
  /** In the order in which they were given. */
  selected: T[];
  /** Why `--only` is of no use as it is, with the way out: then a command ends with 2. */
  complaint?: string;
}

/**
 * What `--only` chooses: each thing of which a name holds one of the texts, whatever its case. All of them where
 * there is no text. A text that chooses nothing is a complaint, whatever the others choose: it is misspelt.
 *
 * @param namesOf everything a thing can be chosen by, short names first: its alert, its service, its title
 * @param noun what the things are, for the complaint: `drill`
 */
export function selectByName<T>(
  all: readonly T[],
  only: readonly string[],
  noun: string,
  namesOf: (one: T) => readonly string[],
): Selection<T> {
  if (only.length === 0) return { selected: [...all] };
  const named = all.map((one) => ({ one, names: namesOf(one) }));
  const has = (text: string) => (name: string) => name.toLowerCase().includes(text.toLowerCase());
  const lost = only.find((text) => !named.some(({ names }) => names.some(has(text))));
  if (lost !== undefined) return { selected: [], complaint: complaintOf(lost, noun, named) };
  return {
    selected: named.filter(({ names }) => only.some((text) => names.some(has(text)))).map(({ one }) => one),
  };
}

function complaintOf(text: string, noun: string, named: readonly { names: readonly string[] }[]): string {
  const lines = [`--only ${JSON.stringify(text)} chooses no ${noun}: none has that in its name.`];
  const names = [...new Set(named.flatMap(({ names }) => names))];
  const meant = didYouMean(text, names);
  const shortest = names.toSorted((a, b) => a.length - b.length).slice(0, shownNames);
  const more = names.length > shownNames ? `, … (${names.length - shownNames} more)` : "";
  if (meant !== undefined) lines.push(`→ Did you mean ${JSON.stringify(meant)}?`);
  else if (names.length === 0) lines.push(`→ There is no ${noun} at all.`);
  else lines.push(`→ Names that there are: ${shortest.join(", ")}${more}`);
  return lines.join("\n");
}
