import { describe, expect, test } from "vitest";
import { looksSecret, shown, urlCarriesSecret, words } from "../../src/config/seen.ts";
import fc from "../helpers/fast-check.ts";

describe("shown", () => {
  test("is one short line that a terminal does not act on, whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const line = shown(text);
        expect(line).not.toMatch(/[\p{C}\u2028\u2029]/u);
        expect(line.length).toBeLessThanOrEqual(60 * 10 + 2);
      }),
      { numRuns: 500, seed: 20261121 },
    );
  });

  test("shows what was written, and its begin where it is long", () => {
    expect(shown("2 sec")).toBe('"2 sec"');
    expect(shown('a"b\n\u202e\u001b[31m')).toBe('"a\\"b\\n\\u{202e}\\u001b[31m"');
    expect(shown("- ".repeat(1000))).toBe(`"${"- ".repeat(1000).slice(0, 59)}…"`);
  });
});

/** Made up, and put together here so that nobody takes them for real ones. */
const secrets = [
  `https://hooks.slack.com/services/${"T0/B0/x"}`,
  `xoxb-${"1".repeat(12)}`,
  `ghp_${"a1".repeat(18)}`,
  `glsa_${"x".repeat(10)}`,
  `AKIA${"ABCD1234"}`,
  "https://user:password@example.com/",
  "https://token@example.com/",
  "https://example.com/hook?token=x",
  "https://example.com/hook?a=1&api_key=x",
  "0123456789abcdef0123456789abcdef",
  "0d5f7c2e-1a2b-4c3d-8e9f-0123456789ab",
];

describe("a secret", () => {
  test.each(secrets)("%s is known, and not shown", (secret) => {
    expect(looksSecret(secret)).toBe(true);
    expect(shown(`x ${secret}`.trim())).not.toContain(secret.slice(-6));
    expect(shown(secret)).toBe("a value that looks like a secret and is not shown");
  });

  test("that is random is known in any address", () => {
    const key = fc.array(fc.constantFrom(..."abcdefghijkmnpqrstuvwxyzABCDEFGH0123456789"), {
      minLength: 24,
      maxLength: 64,
    });
    fc.assert(
      fc.property(key, (letters) => {
        const secret = letters.join("");
        fc.pre(/\d/.test(secret) && /[a-z]/i.test(secret));
        expect(urlCarriesSecret(`https://example.com/v1/${secret}/enqueue`)).toBe(true);
      }),
      { numRuns: 200, seed: 20261121 },
    );
  });
});

test("ordinary names and addresses are no secrets", () => {
  const ordinary = [
    "orders-api",
    "#orders-alerts",
    "orders-api-1.production.internal:8000",
    "http://127.0.0.1:9099/alerts",
    "https://incidents.example.com/alertmanager/orders-and-payments-production",
    "https://internal-a1b2c3d4e5f6a7b8c9d0e1f2-1234.eu-west-1.elb.example.com/alerts",
    "https://n8n.example.com/webhook/alerts?environment=production",
    "fastapi-instrumentator",
    "HttpErrorRatioHigh",
  ];
  for (const text of ordinary) expect(urlCarriesSecret(text), text).toBe(false);
});

test("a long list of words has an end", () => {
  expect(words([])).toBe("none");
  expect(words(["a", "b c"])).toBe('a, "b c"');
  expect(words(Array.from({ length: 30 }, (_, index) => `n${index}`))).toMatch(/, n24 and 5 more$/);
});
