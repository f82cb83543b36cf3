/** Computes each value once. */
export function memo<T>(compute: (value: number) => T): (value: number) => T {
  const known = new Map<number, T>();
  return (value) => {
    const result = known.get(value) ?? compute(value);
    known.set(value, result);
    return result;
  };
}
