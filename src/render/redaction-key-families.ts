import type { RedactedKind } from "./redaction-rule.ts";

/** Names under which one kind of value stands, in whatever format a line has. */
export interface KeyFamily {
  name: string;
  kind: RedactedKind;
  /** What the names say. */
  meaning: string;
  example: string;
  /** RE2, upper and lower case alike: how the name ends. */
  names: string;
  /** In lower case; a line without any of them has no such name. @default - not looked for */
  words?: readonly string[];
  /** RE2, cheap to look for, which each line with such a value has as well. */
  looks?: string;
  /** How values look, in RE2, without quotes. @default - any text in quotes, or a word */
  shapes?: readonly string[];
  /** How a value without quotes looks that may have blanks; what it ends with, in a group, is kept. @default - a word */
  bare?: string;
  /** How a number of JSON looks that is a value. @default - none is */
  numbers?: string;
  /** RE2: words of what looks like a value and is none. */
  except?: string;
  /** Whether words may be values: sentences are not, or neither is a word alone. */
  isWord?: "alone" | "not alone";
  /** RE2: names of attributes of which the whole value is masked. @default - none */
  attributes?: string;
}

/** A name that begins here: `dob` in `user_dob`, not in `adobe`. */
export const begins = "(?:\\b|_)";

/** What may stand behind a name: `phone number`, `card_no`. */
export const number = "(?:[ _-]?(?:number|no|nr|num|nummer))?\\.?";

export const secretFamilies: readonly KeyFamily[] = [
  {
    name: "password by its name",
    kind: "secret",
    meaning:
      "password, passwd, passphrase, passcode, pwd, Passwort, Kennwort, contraseña, mot_de_passe, with whatever before it",
    example: "level=info db_password=hunter2 retries=2",
    names:
      "(?:pass(?:word|wd|phrase|code|wort)|[_-]pass|pwd|kennwort|contrase(?:n|ñ)a|mot_?de_?passe)(?:[_-]?(?:hash|value|confirm(?:ation)?|again|new|old|\\d))?",
    words: ["pass", "pwd", "kennwort", "contrase"],
    numbers: "-?\\d[\\d.]{2,}",
    isWord: "alone",
    attributes: "passw(or)?d|passphrase|passcode|pwd",
  },
  {
    name: "secret by its name",
    kind: "secret",
    meaning:
      "secret, token, credential, jwt, and key behind api, access, account, private, secret, signing, encryption, shared, master, license, storage, subscription, webhook, deploy or auth",
    example: '{"apiKey" : "k3y-9f2c"}',
    names:
      "(?:secret|token|credentials?|jwt|(?:api|access|account|auth|deploy|encryption|license|master|private|secret|service|shared|signing|storage|subscription|webhook)[ _.-]?key(?:[_-]?(?:id|base))?)(?:[_-]?(?:hash|value|\\d))?",
    words: ["secret", "token", "credential", "jwt", "key"],
    numbers: "\\d{6,}",
    isWord: "not alone",
    attributes: "secret|token|credentials?|jwt|(api|access|account|private|signing|encryption)[._-]?key",
  },
  {
    name: "code that is used once",
    kind: "secret",
    meaning:
      "otp, totp, pin, cvv, cvc, csc, mfa, and code behind security, verification, recovery, backup, auth, login, sms or access",
    example: '{"otp":482913,"cvv":"123"}',
    names: `${begins}(?:t?otp|pin|cvv2?|cvc2?|csc|mfa|2fa|(?:security|verification|recovery|backup|auth(?:entication)?|login|sms|access|confirmation|activation|unlock)[ _-]?code)(?:[ _-]?(?:code|is|was))?`,
    words: ["otp", "pin", "cvv", "cvc", "csc", "mfa", "2fa", "code"],
    shapes: ["(?:[\\w-]*\\d[\\w-]{2,}|[\\w-]{2,}\\d[\\w-]*)"],
    numbers: "\\d{3,}",
    attributes: "otp|pin|cvv2?|cvc2?|mfa[._-]?code",
  },
  {
    name: "session by its name",
    kind: "secret",
    meaning:
      "session, sid, JSESSIONID, csrf, auth, signature, sig, hmac, assertion, SAMLResponse, ticket; twelve characters or more",
    example: "JSESSIONID=8F2C1D4B77AE3390 opened",
    names: `(?:session(?:[_-]?(?:id|key|token))?|sess(?:ion)?id|${begins}sid|[._-]sid|csrf|xsrf|remember[_-]?me|${begins}auth|${begins}sig(?:nature)?|hmac|${begins}assertion|saml(?:response|request)|${begins}ticket)`,
    words: ["sess", "sid", "csrf", "xsrf", "remember", "auth", "sig", "hmac", "assertion", "saml", "ticket"],
    shapes: ["(?:[\\w.%:~+/-]*\\d[\\w.%:~+/=-]{11,}|[\\w.%:~+/-]{11,}\\d[\\w.%:~+/=-]*|[\\w.%:~+/-]{20,})"],
  },
  {
    name: "card by its name",
    kind: "card",
    meaning: "card, card_number, credit_card, pan, cc",
    example: "<CardNumber>4111.1111.1111.1112</CardNumber>",
    names: `(?:(?:credit|debit|payment|bank)?[ _-]?card${number}|kartennummer|${begins}(?:pan|cc|ccnum|track_?[12])${number})`,
    words: ["card", "karten", "pan", "cc", "track"],
    shapes: ["%?B?\\d(?:[ ._-]?\\d){11,18}"],
    numbers: "\\d{12,19}",
    attributes: "card[._-]?(number|no)|pan",
  },
];
