import { type Random, seededRandom } from "../../src/worlds/random.ts";

/** Draws values from a seed: the same seed gives the same corpus on every machine. */
export interface Draw {
  int: (from: number, to: number) => number;
  pick: <T>(all: readonly T[]) => T;
  /** So many characters of an alphabet. */
  of: (alphabet: string, length: number) => string;
  digits: (length: number) => string;
  hex: (length: number) => string;
}

export const digit = "0123456789";
export const lower = "abcdefghijklmnopqrstuvwxyz";
export const upper = lower.toUpperCase();
export const base62 = lower + upper + digit;

export function drawFrom(seed: number, stream: number): Draw {
  const random: Random = seededRandom(seed, stream);
  const int = (from: number, to: number) => from + Math.floor(random.uniform() * (to - from + 1));
  const pick = <T>(all: readonly T[]): T => all[int(0, all.length - 1)] as T;
  const of = (alphabet: string, length: number) => Array.from({ length }, () => pick([...alphabet])).join("");
  return { int, pick, of, digits: (length) => of(digit, length), hex: (length) => of("0123456789abcdef", length) };
}

/** A number with its check digit (ISO/IEC 7812-1, Luhn). */
export function withLuhn(body: string): string {
  const sum = [...body].reverse().reduce((total, character, index) => {
    const doubled = Number(character) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}
