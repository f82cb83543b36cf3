import type { PersonalKind } from "../model/platform-props.ts";

export type RedactedKind = PersonalKind | "card" | "secret";

/** One kind of thing that is masked wherever it stands in a line. */
export interface RedactionRule {
  kind: RedactedKind;
  /** RE2. */
  pattern: string;
  /** What stands in its place; `$1` is the first group, which is kept. */
  by: string;
}

/** What it is called in a line in place of what it was: `[email]`. JSON stays JSON, and a second look finds nothing. */
const mask = (kind: RedactedKind): string => `[${kind}]`;
const rule = (kind: RedactedKind, pattern: string, { before = "", after = "" } = {}): RedactionRule => ({
  kind,
  pattern,
  by: `${before}${mask(kind)}${after}`,
});
const keepsBefore = { before: "${1}" };
const keepsBoth = { before: "${1}", after: "${2}" };

/** Ends of names under which secrets stand: `db_password`, `X-Api-Key`, `refreshToken`. */
const secretName =
  "[\\w.-]*(?:password|passwd|passphrase|pwd|secret|credentials?|(?:api|access|private|secret|signing)[_-]?key(?:[_-]?id)?|token|session[_-]?id)";
/** Under these stands a secret only if it is as long as one: `session=3` is a number. */
const sessionName = "(?:[\\w.-]*session|[\\w.-]*sessid|sid|[\\w.-]*[._-]sid)";
const phoneName = "[\\w.-]*(?:phone|mobile|msisdn|telephone)(?:[_-]?(?:number|no|nr))?";

/** A value in quotes, in quotes of JSON within JSON, and bare; of each the name before it is kept. */
const valuesOf = (kind: RedactedKind, name: string): RedactionRule[] => [
  rule(kind, `(?i)(\\b${name}["']?\\s*[=:]\\s*")(?:[^"\\\\]|\\\\.)+(")`, keepsBoth),
  rule(kind, `(?i)(\\b${name}["']?\\s*[=:]\\s*')[^']+(')`, keepsBoth),
  rule(kind, `(?i)(\\b${name}\\\\"\\s*[=:]\\s*\\\\")[^"\\\\]+(\\\\")`, keepsBoth),
];

/** Country codes of the IBAN registry (SWIFT): any two letters would be too many. */
const ibanCountries =
  "AD|AE|AL|AT|AZ|BA|BE|BG|BH|BI|BR|BY|CH|CR|CY|CZ|DE|DJ|DK|DO|EE|EG|ES|FI|FK|FO|FR|GB|GE|GI|GL|GR|GT|HN|HR|HU|IE|IL|IQ|IS|IT|JO|KW|KZ|LB|LC|LI|LT|LU|LV|LY|MC|MD|ME|MK|MN|MR|MT|MU|NI|NL|NO|OM|PK|PL|PS|PT|QA|RO|RS|RU|SA|SC|SD|SE|SI|SK|SM|SO|ST|SV|TL|TN|TR|UA|VA|VG|XK|YE";

const octet = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
/** Not 10.x, 127.x, 172.16–31.x, 192.168.x and above 223: these are machines of one's own, or none. */
const publicIpv4 = [
  `(?:[1-9]|1[1-9]|[2-9]\\d|1[013-68]\\d|12[0-6]|12[89]|17[0-13-9]|19[013-9]|2[01]\\d|22[0-3])(?:\\.${octet}){3}`,
  `172\\.(?:\\d|1[0-5]|3[2-9]|[4-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])(?:\\.${octet}){2}`,
  `192\\.(?:\\d|[1-9]\\d|1[0-57-9]\\d|16[0-79]|2[0-4]\\d|25[0-5])(?:\\.${octet}){2}`,
].join("|");

/** Stand for a moment before what looks like a kind: it is known not to be of it, or known to be. No line keeps them. */
export const marks = { unlike: "\u0001", like: "\u0002" } as const;
const unlike = "\\x01";
/** Finds every mark. */
export const anyMark = "[\\x01\\x02]";

const cardNumber =
  "(?:4\\d{3}|5[1-5]\\d\\d|2[2-7]\\d\\d|35(?:2[89]|[3-8]\\d)|6(?:011|4[4-9]\\d|5\\d\\d))(?:[ -]?\\d{4}){3}|3[47]\\d\\d[ -]?\\d{6}[ -]?\\d{5}";

const areaBehindZero = "(?:\\(0[1-9]\\d{0,4}\\)[ /-]?|0[1-9]\\d{1,4}[ /-]|0[1-9]-)";

/** What is marked before the rules look: versions of four numbers look like addresses, but say what they are. */
export const unlikeRules: readonly Omit<RedactionRule, "kind">[] = [
  {
    pattern: `(?i)(\\b(?:version|driver|firmware|release|build|revision)["']?\\s*[=:]?\\s*["']?v?|\\bv)(\\d{1,3}(?:\\.\\d{1,3}){3}\\b)`,
    by: `\${1}${marks.unlike}\${2}`,
  },
];

/**
 * What the collector masks, in this order: what holds something else comes before it. Of the check digits only those
 * are looked at that `cardCheck` computes, so some numbers that only look like one are masked too; see docs/logs.md for
 * how many.
 */
export const redactionRules: readonly RedactionRule[] = [
  rule("secret", "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?"),
  rule("secret", `(://[^\\s/?#"':@]*:)[^\\s/?#"'@]+(@)`, keepsBoth),
  rule(
    "secret",
    `(?i)(\\bauthorization["']?\\s*[=:]\\s*["']?(?:bearer|basic|digest|token)\\s+)[^\\s"',]+`,
    keepsBefore,
  ),
  rule("secret", `(?i)(\\bauthorization["']?\\s*[=:]\\s*["']?(?:[a-z][\\w-]*\\s+)?)[^\\s"',]{12,}`, keepsBefore),
  rule("secret", "(?i)(\\b(?:bearer|basic)\\s+)[a-z0-9._~+/=-]{16,}", keepsBefore),
  ...valuesOf("secret", secretName),
  rule("secret", `(?i)(--[\\w-]*(?:password|passwd|secret|token|key)\\s+)[^\\s"'-][^\\s"']*`, keepsBefore),
  // The whole of what is sent with it: names of cookies tell little.
  rule(
    "secret",
    `(?i)(\\b(?:set-)?cookies?["'\\\\]{0,2}\\s*[:=]\\s*["'\\\\]{0,2})[\\w.%-]+=[^"'\\\\\\r\\n]*`,
    keepsBefore,
  ),
  rule("secret", `(?i)(\\b${sessionName}=)[\\w%.:~+/-]{12,}`, keepsBefore),
  rule("secret", `(?i)(\\b(?:password|passwd|passphrase|pwd)\\s*:\\s*)[^\\s"'&,;}\\])\\\\]+`, keepsBefore),
  // After a colon and a space mostly comes a sentence: `token: has expired`. What has a digit is no word.
  rule("secret", `(?i)(\\b${secretName}\\s*:\\s*)[a-z_.~+/-]{0,20}\\d[\\w.~+/=-]{6,}`, keepsBefore),
  rule("secret", `(?i)(\\bx-[\\w-]*(?:key|token|secret)\\s*:\\s*)[^\\s"',;]{6,}`, keepsBefore),
  rule("secret", `(?i)(\\b${secretName}=)[^\\s"'&,;}\\])\\\\]+`, keepsBefore),
  rule("secret", "\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"),
  rule("secret", "\\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\\b"),
  // Most providers put their name before a key: `ghp_`, `npm_`, `sk_live_`.
  rule("secret", "\\b[a-z]{2,10}_(?:[a-z0-9]{1,8}_)?[A-Za-z0-9]{30,}\\b"),
  rule(
    "secret",
    "\\b(?:glpat-[\\w-]{20}|xox[abeoprs]-[\\w-]{10,}|[rs]k_(?:live|test)_\\w{16,}|AIza[\\w-]{35}|sk-[\\w-]{20,}|SG\\.[\\w-]{16,}\\.[\\w-]{16,})",
  ),
  rule(
    "email",
    "[\\p{L}\\p{N}][\\p{L}\\p{N}._%+'-]{0,63}(?:@|%40)(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.)+\\p{L}{2,24}",
  ),
  rule("iban", `\\b(?:${ibanCountries})\\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\\b`),
  // In lower case many words would be one, so most of it must be digits.
  rule(
    "iban",
    `\\b(?:${ibanCountries.toLowerCase()})\\d{2}(?:[ -]?[a-z]{4})?(?:[ -]?\\d{4}){3,7}(?:[ -]?\\d{1,3})?\\b`,
  ),
  // A number of JSON becomes a text.
  rule("card", `(":\\s*)\\x02?(?:${cardNumber})(\\s*[,}\\]])`, { before: '${1}"', after: '"${2}' }),
  // Not behind a point: latencies have as many digits.
  rule("card", `(^|[^\\w.${unlike}])(?:${cardNumber})\\b`, keepsBefore),
  ...valuesOf("phone", phoneName),
  rule("phone", `(?i)(\\b${phoneName}"\\s*:\\s*)\\d{7,15}\\b`, { before: '${1}"', after: '"' }),
  rule(
    "phone",
    `(?i)(\\b(?:${phoneName}|tel|fax|cell)(?: number| no\\.?| nr\\.?)?\\.?(?:\\s*[=:]\\s*|\\s+)["']?)\\+?[\\d(][\\d ().-]{5,17}\\d\\b`,
    keepsBefore,
  ),
  rule("phone", "(^|[^\\w+])\\+[1-9](?:[ ().-]{0,2}\\d){7,14}\\b", keepsBefore),
  rule("phone", "(^|[^\\w+.:#-])00[1-9](?:[ ().-]{0,2}\\d){8,14}\\b", keepsBefore),
  // North America: neither the area nor the exchange begins with 0 or 1.
  rule("phone", "(^|[^\\w.-])(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[.-])[2-9]\\d{2}[.-]\\d{4}\\b", keepsBefore),
  // Elsewhere a zero stands before the area. Not dates, which have eight digits, and not `012 345 678`, which is an amount.
  rule(
    "phone",
    `(^|[^\\w.:#/(-])(?:${areaBehindZero}(?:\\d{5,8}|\\d{3,4}[ -]\\d{4}|\\d{2,3}[ -]\\d{2,3}[ -]\\d{2,3})|0[1-9]\\d{2,3}[ -]\\d{3}[ -]\\d{3})\\b`,
    keepsBefore,
  ),
  rule("phone", "(^|[^\\w.:#/-])0[1-9](?:(?: \\d{2}){4}|(?:\\.\\d{2}){4}|(?:-\\d{2}){4}|\\d{8,9})\\b", keepsBefore),
  // A slash behind a word is a version, as in `Chrome/120.0.0.0`, unless a port follows.
  rule("ip-address", `(^/?|[^\\w./${unlike}-]|[^\\w]/)(?:${publicIpv4})\\b`, keepsBefore),
  rule("ip-address", `(\\w/)(?:${publicIpv4})(:\\d{2,5})\\b`, keepsBoth),
  rule("ip-address", "(?i)\\b[23][0-9a-f]{3}(?::[0-9a-f]{1,4}){7}\\b"),
  rule("ip-address", "(?i)\\b[23][0-9a-f]{3}(?::[0-9a-f]{1,4}){0,6}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,5})?"),
  // Of a user of the Internet Computer; a canister's is shorter.
  rule("principal", "\\b[a-z2-7]{5}(?:-[a-z2-7]{5}){9}-[a-z2-7]{3}\\b"),
];
