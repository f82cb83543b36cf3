/** A value, where it is, and what is in it. Aliases share the children of what they stand for. */
export interface Located {
  value: unknown;
  offset: number;
  keyOffset: number;
  /** Begin and end of a scalar's text; of an alias, of what it stands for. */
  span?: readonly [number, number];
  children?: Map<string | number, Located>;
  /** Values in it, itself included. */
  size: number;
}

/** Where a value and the key before it begin; of list items and of the whole text the two are the same. */
export type At = Pick<Located, "offset" | "keyOffset">;

export const locatedScalar = (value: unknown, at: At, span: readonly [number, number]): Located => ({
  value,
  offset: at.offset,
  keyOffset: at.keyOffset,
  span,
  size: 1,
});

export const locatedList = (items: readonly Located[], { offset, keyOffset }: At): Located => ({
  value: items.map(({ value }) => value),
  offset,
  keyOffset,
  children: new Map(items.entries()),
  size: total(items),
});

/** The object has no prototype: no key can be mistaken for something that every object has. */
export function locatedMapping(children: Map<string, Located>, { offset, keyOffset }: At): Located {
  const value = Object.create(null);
  for (const [name, child] of children) value[name] = child.value;
  return { value, offset, keyOffset, children, size: total(children.values()) };
}

function total(children: Iterable<Located>): number {
  let size = 1;
  for (const child of children) size += child.size;
  return size;
}
