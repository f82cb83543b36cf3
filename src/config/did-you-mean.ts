import { quantityPattern, type Unit } from "../model/quantity.ts";

/**
 * Letters of other scripts that look like ASCII ones, each followed by the ASCII letter. Full-width and other
 * compatibility forms are not here: Unicode's own NFKC folds them.
 */
const lookAlikePairs =
  "аa вb сc ԁd еe ѐe ёe һh іi їi јj кk ӏl мm нh оo рp ԛq ѕs тt уy хx ԝw ѵv АA ВB СC ЕE НH ІI ЈJ КK МM ОO РP ЅS ТT УY ХX " +
  "αa βb εe ηn ιi κk νv οo ρp τt υu χx ΑA ΒB ΕE ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ΖZ " +
  "ıi ɑa ɡg ꞌ' –- —- −- ‐- ‑- ‘' ’' “\" ”\" ∶: ։: ⁄/ ∕/ ٪%";

const lookAlikes = new Map(lookAlikePairs.split(" ").map((pair) => [pair.slice(0, 1), pair.slice(1)]));

/** Characters that take no room or the room of a space, by what they are called. */
const invisible = /[\p{Cf}\p{Cc}\u00a0\u2000-\u200a\u202f\u205f\u3000]/u;

/** The text as a reader sees it: look-alikes as the ASCII letters they pretend to be, invisible characters gone. */
export function asSeen(text: string): string {
  let seen = "";
  for (const character of text) {
    if (!invisible.test(character)) seen += lookAlikes.get(character) ?? character.normalize("NFKC");
  }
  return seen;
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** Says which character of the text only looks like ASCII, or cannot be seen at all; undefined where none does. */
export function lookAlikeNote(text: string): string | undefined {
  for (const character of text.slice(0, 1000)) {
    if ((character >= " " && character <= "~") || character === "\t") continue;
    if (invisible.test(character)) return `It contains ${codePoint(character)}, which cannot be seen.`;
    const ascii = asSeen(character);
    if (/^[!-~]+$/.test(ascii))
      return `It contains ${codePoint(character)} (${character}), which only looks like ${ascii}.`;
  }
  return undefined;
}

/** What does not count when two names are compared: case, and how words are joined. */
const plain = (text: string): string =>
  (/^[ -~]*$/.test(text) ? text : asSeen(text)).toLowerCase().replace(/[\s_-]/g, "");

/** Longer texts are no slips of the pen, and comparing them costs their product. */
const maximumLength = 80;
/** Beyond as many candidates the search would take longer than it is worth. */
const maximumCandidates = 1000;

/**
 * The candidate that was probably meant, undefined where none is near: at most one slip in three characters, a slip
 * being a character too many, too few, wrong, or swapped with its neighbour. The first of equally near ones. Where none is
 * near, the only candidate that begins with the text.
 */
export function didYouMean(text: string, names: Iterable<string>): string | undefined {
  const candidates = [...names];
  if (text.length > maximumLength || candidates.length > maximumCandidates) return undefined;
  const wanted = plain(text);
  if (wanted === "") return undefined;
  let best: string | undefined;
  let limit = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === text || candidate.length > maximumLength) continue;
    const distance = slips(wanted, plain(candidate), limit);
    if (distance < limit) [best, limit] = [candidate, distance];
  }
  if (best !== undefined || wanted.length < 3) return best;
  const [begun, ...others] = candidates.filter((candidate) => plain(candidate).startsWith(wanted));
  return others.length === 0 && begun !== text ? begun : undefined;
}

/** Optimal string alignment distance (Damerau-Levenshtein without repeated edits), or `limit` when not below it. */
function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    if (Math.min(...row) >= limit) return limit;
    [before, last] = [last, row];
  }
  return Math.min(last[b.length]!, limit);
}

/** How people write units, and how monitoring.yaml has them; read in this order. */
const unitWords: Readonly<Record<Unit, readonly (readonly [RegExp, string])[]>> = {
  seconds: [
    [/(milliseconds?|millis|msecs?)/g, "ms"],
    [/(seconds?|secs?)/g, "s"],
    [/(minutes?|mins?)/g, "m"],
    [/(hours?|hrs?)/g, "h"],
    [/days?/g, "d"],
    [/(weeks?|wks?)/g, "w"],
  ],
  ratio: [[/(percent|pct)$/, "%"]],
  "requests/second": [[/(requests?|reqs?|r)?(\/seconds?|\/secs?|\/s|persecond|ps)$/, "/s"]],
  "lines/second": [[/(lines?)?(\/seconds?|\/secs?|\/s|persecond|ps)$/, "/s"]],
  "events/second": [[/(events?|times)?(\/seconds?|\/secs?|\/s|persecond|ps)$/, "/s"]],
  // What people write as GB is hardly ever meant to be told from GiB.
  bytes: [
    [/(bytes?|b)$/, "B"],
    [/k(i?)B$/, "KiB"],
    [/m(i?)B$/, "MiB"],
    [/g(i?)B$/, "GiB"],
    [/t(i?)B$/, "TiB"],
  ],
  count: [],
  times: [[/(times|×)$/, "x"]],
  score: [],
};

/** The quantity that was probably meant: `2s` for `2 sec`, `5%` for `0.05`; undefined where nobody can know. */
export function didYouMeanQuantity(unit: Unit, text: string): string | undefined {
  if (text.length > maximumLength) return undefined;
  let guess = asSeen(text)
    .toLowerCase()
    .replace(/\s/g, "")
    .replace(/^[+-]/, "")
    .replace(/^(\d+),(\d)/, "$1.$2");
  for (const [word, suffix] of unitWords[unit]) guess = guess.replace(word, suffix);
  if (/^\d+(\.\d+)?$/.test(guess)) guess = withUnit(unit, Number(guess));
  return guess !== text && quantityPattern(unit).test(guess) ? guess : undefined;
}

/** A bare number is most likely a share below 1, percent above; seconds and minutes are equally likely. */
function withUnit(unit: Unit, value: number): string {
  if (unit === "ratio") return `${Number((value <= 1 ? value * 100 : value).toPrecision(12))}%`;
  if (unit === "requests/second" || unit === "lines/second" || unit === "events/second") return `${value}/s`;
  if (unit === "times") return `${value}x`;
  if (unit === "score") return `${value}`;
  return unit === "count" ? `${Math.round(value)}` : "";
}
