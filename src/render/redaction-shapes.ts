import { fourNumbers, keeps, like, mask, type RedactionRule, rule, unlike } from "./redaction-rule.ts";
import { leadingSecretRules } from "./redaction-secrets.ts";

export const firstRules = leadingSecretRules;

/**
 * Lengths of the accounts of the registry of IBANs (SWIFT), without country and check digits: any two letters, or any
 * length, would be too many.
 */
const ibanLengths: Readonly<Record<number, string>> = {
  11: "NO",
  12: "BE",
  14: "DK|FI|FK|FO|GL|NL|SD",
  15: "MK|SI",
  16: "AT|BA|EE|KZ|LT|LU|MN|XK",
  17: "CH|CR|HR|LI|LV",
  18: "BG|BH|DE|GB|GE|IE|ME|RS|VA",
  19: "AE|GI|IL|IQ|OM|SO|TL",
  20: "AD|CZ|ES|MD|PK|RO|SA|SE|SK|TN|VG",
  21: "LY|PT|ST",
  22: "IS|TR",
  23: "BI|DJ|FR|GR|IT|MC|MR|SM",
  24: "AL|AZ|BY|CY|DO|GT|HN|HU|LB|NI|PL|SV",
  25: "BR|EG|PS|QA|UA",
  26: "JO|KW|MU",
  27: "MT|SC",
  28: "LC",
  29: "RU",
};
/** Groups of four, and what is left. */
const ibanOf = (countries: string, length: number, character: string): string =>
  `(?:${countries})[ ]?\\d{2}(?:[ -]?${character}{4}){${Math.floor(length / 4)}}${length % 4 === 0 ? "" : `[ -]?${character}{${length % 4}}`}\\b`;
const iban = (lengths: typeof ibanLengths, character: string): string =>
  `\\b(?:${Object.entries(lengths)
    .map(([length, countries]) => ibanOf(countries, Number(length), character))
    .join("|")})`;

const octet = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
/** Not 10.x, 127.x, 172.16–31.x, 192.168.x and above 223: these are machines of one's own, or none. */
const publicIpv4 = [
  `(?:[1-9]|1[1-9]|[2-9]\\d|1[013-68]\\d|12[0-6]|12[89]|17[0-13-9]|19[013-9]|2[01]\\d|22[0-3])(?:\\.${octet}){3}`,
  `172\\.(?:\\d|1[0-5]|3[2-9]|[4-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])(?:\\.${octet}){2}`,
  `192\\.(?:\\d|[1-9]\\d|1[0-57-9]\\d|16[0-79]|2[0-4]\\d|25[0-5])(?:\\.${octet}){2}`,
].join("|");

/**
 * Payment cards by the first digits of their networks: Visa, Mastercard, Discover, JCB, UnionPay, Maestro, Mir and
 * RuPay in groups of four or without, American Express and Diners in theirs.
 */
export const cardNumber =
  "(?:(?:4\\d{3}|5(?:[1-5]\\d\\d|0(?:18|20|38)|612|893)|2[2-7]\\d\\d|35(?:2[89]|[3-8]\\d)|6(?:0\\d\\d|304|4[4-9]\\d|5\\d\\d|7(?:0\\d|59|6[1-3]|71))|9792)(?:[ ._-]?\\d{4}){3}|62\\d\\d(?:[ ._-]?\\d{4}){3}(?:[ ._-]?\\d{1,3})?|3[47]\\d\\d(?:[ ._-]?\\d){11}|3(?:0[0-59]|[689]\\d)\\d(?:[ ._-]?\\d){10})";

/** Domains with letters of any script; a point may be written out, and so may the sign. */
const at = "(?:@|%40|%2540|&#64;|\\\\u0040| ?[(\\[{] ?(?:at|AT|@) ?[)\\]}] ?)";
const domain = "(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?(?:\\.|%2E| ?[(\\[]dot[)\\]] ?))+\\p{L}{2,24}";
const atWords = ["@", "%40", "%2540", "&#64;", "u0040", "(at)", "[at]", "{at}", "(@)", "[@]", "( at", "[ at"];

/** Between the digits of a number that begins with its country's code. */
const gap = `(?:[ ().${unlike}/-]|%20){0,3}`;
const areaBehindZero = "(?:\\(0[1-9]\\d{0,4}\\)[ /-]{0,2}|0[1-9]\\d{0,4} ?[/-] ?|0[1-9]\\d{0,3} )";
/** What stands before a number that stands for itself. */
const alone = `(^|[^\\w.:#/${unlike}(-]|[A-Za-z]:|=\\()`;

/** What holds numbers that look like a card's: masked before these are looked at. */
export const accountRules: readonly RedactionRule[] = [
  rule("IBAN", "iban", "paid to DE89 3704 0044 0532 0130 00", iban(ibanLengths, "[A-Z0-9]"), {
    looks: "\\b[A-Z]{2} ?\\d{2}[ -]?[A-Z\\d]{4}[ -]?[A-Z\\d]{4}",
  }),
  // In lower case many words would be one, so most of it must be digits.
  rule(
    "IBAN in lower case",
    "iban",
    "paid to gb29nwbk60161331926819",
    `\\b(?:${Object.values(ibanLengths).join("|").toLowerCase()})\\d{2}(?:[ -]?[a-z]{4})?(?:[ -]?\\d{4}){2,7}(?:[ -]?\\d{1,3})?\\b`,
    { looks: "\\b[a-z]{2}\\d{2}[ -]?[a-z\\d]{4}[ -]?\\d{4}" },
  ),
];

/** Numbers that look like a card's and are not marked as of none. */
export const cardRules: readonly RedactionRule[] = [
  // A number of JSON becomes a text.
  {
    ...rule("card as a number of JSON", "card", '{"p":4111111111111111}', `(":\\s*)${like}?${cardNumber}(\\s*[,}\\]])`),
    by: `\${1}"${mask("card")}"\${2}`,
  },
  // Not behind a point: latencies have as many digits.
  rule("card", "card", "paid with 4111 1111 1111 1111", `(^|[^\\w.${unlike}])${cardNumber}\\b`, keeps.before),
];

/** What is known by its look wherever it stands. */
export const shapeRules: readonly RedactionRule[] = [
  rule(
    "address of mail",
    "email",
    "user o'brien+news@mail.example.org signed in",
    `[\\p{L}\\p{N}][\\p{L}\\p{N}._%+'-]{0,63}${at}${domain}`,
    { words: atWords },
  ),
  rule(
    "address of mail in quotes",
    "email",
    'to "anna schmidt"@example.com',
    `\\\\?"[^"\\\\@\\s][^"\\\\@]{0,62}\\\\?"@${domain}`,
    { words: ['"@'] },
  ),
  rule(
    "name before an address of mail",
    "name",
    "From: Anna Schmidt <anna@example.com>",
    `((?:^|[^\\p{L}]))\\p{Lu}[\\p{L}'’.-]*(?:,? [\\p{L}'’.-]+){1,4}(["'\\\\]{0,3} ?(?:<|&lt;|%3C|\\()(?:mailto:)?\\[email\\])`,
    { ...keeps.both, words: atWords },
  ),
  rule(
    "number that was called",
    "phone",
    "sms sent to 612345678",
    "(?i)(\\b(?:sms|mms|whats?app|call(?:ed|ing|s|back)?|dial(?:led|ed|ing)?|text(?:ed)?|phone|tel|mobile|cell|fax|reach(?:able)?)\\b(?: (?:number|no\\.?|nr\\.?|message|msg|code|otp|was|is|sent|delivered|to|from|for|at|on|us|me|user|customer))*\\.?[ :]+[\"']?)\\+?\\(?\\d(?:[ ()./-]{0,2}\\d){6,14}\\b",
    {
      ...keeps.before,
      words: ["sms", "mms", "app", "call", "dial", "text", "phone", "tel", "mobile", "cell", "fax", "reach"],
    },
  ),
  rule(
    "phone with its country",
    "phone",
    "call +44 (0)20 7946 0123",
    `(^|[^\\w+])(?:\\+|%2[Bb])(?:%20| )?[1-9](?:${gap}\\d){6,14}\\b`,
    { ...keeps.before, words: ["+", "%2b"] },
  ),
  rule(
    "phone with its country behind zeros",
    "phone",
    "call 0049 30 1234567",
    `${alone}00[1-9](?:[ ()${unlike}/-]{0,2}\\d){8,13}\\b`,
    { ...keeps.before, words: ["00"] },
  ),
  rule(
    "phone with its country behind 011",
    "phone",
    "call 011 44 20 7946 0123",
    `${alone}011[ -][1-9](?:${gap}\\d){8,13}\\b`,
    { ...keeps.before, words: ["011"] },
  ),
  rule(
    "phone of North America",
    "phone",
    "call (555) 123-4567",
    `(^|[^\\w.${unlike}-])(?:1[ .-]?)?(?:\\([2-9]\\d{2}\\)[ .-]?\\d{3}[ .-]\\d{4}|[1-9]\\d{2}-\\d{3}-\\d{4}|[2-9]\\d{2}\\.\\d{3}\\.\\d{4})\\b`,
    keeps.before,
  ),
  // Elsewhere a zero stands before the area. Not `012 345 678`, which is an amount.
  rule(
    "phone with its area",
    "phone",
    "call (030) 12 34-567",
    `${alone}${areaBehindZero}(?:\\d{5,9}|\\d{4}[ -]\\d{3,4}|\\d{3}[ -]\\d{4}|\\d{2,4}(?:[ -]\\d{2,3}){2,3})\\b`,
    keeps.before,
  ),
  rule(
    "phone with its area in groups of three",
    "phone",
    "call 0412 345 678",
    `${alone}0[1-9]\\d{2,3}[ -]\\d{3}[ -]\\d{3}\\b`,
    keeps.before,
  ),
  rule(
    "phone with its area in brackets",
    "phone",
    "call (11) 91234-5678",
    "(^|[^\\w])(?:\\(0[1-9]\\d{0,4}\\)[ /-]{0,2}\\d(?:[ -]?\\d){4,9}|\\(0\\) ?[1-9]\\d{1,4}[ /-]?\\d{4,9}|\\([1-9]\\d\\) ?9?\\d{4}[ -]\\d{4})\\b",
    { ...keeps.before, words: ["("] },
  ),
  rule(
    "phone in pairs",
    "phone",
    "call 06 12 34 56 78",
    `${alone}0[1-9](?:(?: \\d{2}){4}|(?:\\.\\d{2}){4}|(?:-\\d{2}){4}|\\d{8,9}|[15-7]\\d{9})\\b`,
    keeps.before,
  ),
  // A slash behind a word is a version, as in `Chrome/120.0.0.0`, unless a port follows.
  rule("IPv4", "ip-address", "peer 203.0.113.9 closed", `(^/?|[^\\w./${unlike}-]|[^\\w]/)(?:${publicIpv4})\\b`, {
    ...keeps.before,
    looks: fourNumbers,
  }),
  rule("IPv4 with its port", "ip-address", "host/203.0.113.9:443 refused", `(\\w/)(?:${publicIpv4})(:\\d{2,5})\\b`, {
    ...keeps.both,
    looks: fourNumbers,
  }),
  rule(
    "IPv4 with hyphens",
    "ip-address",
    "ip-203-0-113-9.compute.example.net left",
    `(?i)(\\b(?:ip|ec2|host|client|dsl|cpe|pool|dyn)-)(?:${publicIpv4.replaceAll("\\.", "-")})\\b`,
    { ...keeps.before, words: ["ip-", "ec2-", "host-", "client-", "dsl-", "cpe-", "pool-", "dyn-"] },
  ),
  rule("IPv6", "ip-address", "peer 2001:db8:1:2:3:4:5:6 closed", "(?i)\\b[23][0-9a-f]{3}(?::[0-9a-f]{1,4}){7}\\b", {
    words: [":"],
  }),
  rule(
    "IPv6, shortened",
    "ip-address",
    "peer [2a02:908::1]:443",
    "(?i)\\b[23][0-9a-f]{3}(?::[0-9a-f]{1,4}){0,6}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,5})?",
    { words: ["::"] },
  ),
  // Of a user of the Internet Computer; a canister's is shorter.
  rule(
    "principal of a user",
    "principal",
    "caller k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae",
    "\\b[a-z2-7]{5}(?:-[a-z2-7]{5}){9}-[a-z2-7]{3}\\b",
    { words: ["-"] },
  ),
  rule(
    "social security number of the United States",
    "id-number",
    "holder 078-05-1120 checked",
    `(^|[^\\w.${unlike}-])(?:[0-8]\\d{2}-\\d{2}-\\d{4})\\b`,
    keeps.before,
  ),
  rule(
    "codice fiscale, CPF and CURP",
    "id-number",
    "holder RSSMRA85T10A562S checked",
    "\\b(?:[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]|\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}|[A-Z]{4}\\d{6}[HMX][A-Z]{5}[A-Z0-9]\\d)\\b",
  ),
  rule("geo address", "location", "at geo:52.520008,13.404954", "(\\bgeo:)-?\\d{1,3}\\.\\d+,-?\\d{1,3}\\.\\d+", {
    ...keeps.before,
    words: ["geo:"],
  }),
  rule(
    "person in a sentence",
    "name",
    "order of customer Anna van der Berg shipped",
    "(\\b(?i:customer|patient|passenger|employee|cardholder|recipient|client|guest|user|Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|Dear|Hello)\\.?,? )\\p{Lu}[\\p{L}'’-]+(?: (?:van|von|de|der|den|del|la|el|bin|\\p{Lu}\\.))* \\p{Lu}[\\p{L}'’-]*\\p{Ll}\\b",
    {
      ...keeps.before,
      words: [
        "customer ",
        "patient ",
        "passenger ",
        "employee ",
        "holder ",
        "recipient ",
        "client ",
        "guest ",
        "user ",
        "mr",
        "ms",
        "dr",
        "prof",
        "herr",
        "frau",
        "dear",
        "hello",
      ],
      looks: "\\p{Lu}\\p{L}.* \\p{Lu}",
    },
  ),
  rule(
    "day of birth in a sentence",
    "birth-date",
    "Anna, born on 1984-03-12",
    `(?i)(\\b(?:born|geboren)(?: on| am)? )${unlike}?(?:\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4}|\\d{1,2}\\.? \\p{L}+ \\d{4}|\\p{L}+ \\d{1,2}, \\d{4})`,
    { ...keeps.before, words: ["born", "geboren"] },
  ),
];
