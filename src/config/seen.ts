/** Where a run of letters and digits is this long and has both, nobody typed it by hand. */
const longRun = /[A-Za-z0-9]{20,}/g;

const secretShapes: readonly RegExp[] = [
  /hooks\.slack\.com\/|discord(app)?\.com\/api\/webhooks|webhook\.office\.com\/|chat\.googleapis\.com\/v1\//i,
  /api\.telegram\.org\/bot/i,
  /\b(xox[a-z]-|xapp-|gh[opsur]_|github_pat_|glpat-|glsa_|glc_|sk-|rk_live_|AKIA|ASIA|eyJ|-----BEGIN)/,
  /[?&#](access_?token|api_?key|auth|code|key|pass(word)?|secret|sig(nature)?|token)=[^&]/i,
  // Somebody's password between the scheme and the host.
  /:\/\/[^/?#\s]*@/,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i,
];

const hasShape = (text: string): boolean => secretShapes.some((shape) => shape.test(text));
const hasKeyRun = (text: string): boolean =>
  (text.match(longRun) ?? []).some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));

/** More is never looked at: what is longer is no value that anybody typed. */
const longestRead = 4000;

/** Whether a text is probably a credential, or an address that carries one. */
export function looksSecret(text: string): boolean {
  const start = text.slice(0, longestRead);
  return hasShape(start) || hasKeyRun(start);
}

/** Whether an address carries a credential. A host that looks like a key is none: clouds name their hosts so. */
export function urlCarriesSecret(url: string): boolean {
  const start = url.slice(0, longestRead);
  return hasShape(start) || hasKeyRun(start.replace(/^[a-z]+:\/\/[^/?#]*/i, ""));
}

const longest = 60;

/**
 * A text from a user as a message may show it: quoted, cut to 60 characters, whatever cannot be seen written as an
 * escape, and nothing at all of what looks like a credential.
 */
export function shown(text: string): string {
  if (looksSecret(text)) return "a value that looks like a secret and is not shown";
  const characters = [...text.slice(0, longest * 2)];
  const cut = characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : text;
  return JSON.stringify(cut).replace(
    /[\p{C}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

const mostWords = 25;

/** `a, b, c` for a message, with an end where it gets too long to be read; "none" for none. */
export function words(all: readonly string[]): string {
  const more = all.length - mostWords;
  const first = all.slice(0, mostWords).map((word) => (/^[\w./-]{1,63}$/.test(word) ? word : shown(word)));
  return (first.join(", ") || "none") + (more > 0 ? ` and ${more} more` : "");
}
