import { describe, expect, test } from "vitest";
import { hasFormat, type TextFormatName, textFormats } from "../../src/config/value-formats.ts";

const names = Object.keys(textFormats) as TextFormatName[];

describe("every format", () => {
  test.each(names)("%s takes its own example", (name) => {
    expect(hasFormat(name, textFormats[name].example)).toBe(true);
  });

  test.each(names)("%s takes no control characters, nothing empty and nothing endless", (name) => {
    const { example } = textFormats[name];
    for (const text of ["", `${example}\0`, `${example}\u001b[31m`, `${example}\u202e`, example.repeat(500)]) {
      expect(hasFormat(name, text), JSON.stringify(text).slice(0, 80)).toBe(false);
    }
  });

  const prose: readonly TextFormatName[] = ["description", "logText", "logPattern"];
  test.each(names.filter((name) => !prose.includes(name)))(
    "%s takes no space, line end, quote or backslash",
    (name) => {
      const { example } = textFormats[name];
      for (const evil of ["\n", " ", '"', "'", "`", "\\", "\u200b", "\u00a0"]) {
        for (const text of [
          `${example}${evil}`,
          `${evil}${example}`,
          `${example.slice(0, 2)}${evil}${example.slice(2)}`,
        ]) {
          expect(hasFormat(name, text), JSON.stringify(text)).toBe(false);
        }
      }
    },
  );
});

describe("a format takes and refuses", () => {
  test.each<[TextFormatName, string[], string[]]>([
    ["name", ["a", "orders-api", "a".repeat(63)], ["A", "1a", "-a", "a_b", "a.b", "ä", "__proto__", "a".repeat(64)]],
    [
      "secretName",
      ["a", "0a", "teams/a.b_c-d", "a.b"],
      ["A", "/a", "a/", "../a", "a/../b", "a..b", "a//b", "-a", "a."],
    ],
    ["description", ["a", "two\nlines", "“x” – 🛒 👩‍💻"], [" ", "\n", "a\u0007", "\u2066a"]],
    [
      "url",
      ["http://localhost:3000", "https://a.example.com/b?c=d#e", "http://[::1]:9093/"],
      [
        "example.com",
        "ftp://a",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "data:text/html,a",
        "https://a/<b>",
        "HTTPS//a",
      ],
    ],
    [
      "target",
      ["a:1", "a_b.c-d:65535", "10.0.0.1:80", "[::1]:9100", "[2001:db8::1]:1"],
      ["a", "a:", ":1", "a:0", "a:65536", "a:08", "http://a:1", "a:1/metrics", "::1:80", "a b:1", "-a:1", "a-:1"],
    ],
    ["metricsPath", ["/", "/metrics", "/a/b-c_d.e"], ["metrics", "/a b", "/a?b", "/a#b", "http://a/b", "/{{ x }}"]],
    ["route", ["/", "/a/{b}", "/a/<int:b>", "/a/:b", "/größe", "none", "Checkout.Pay"], ["a b", "GET /a", "{a}", "1"]],
    ["email", ["a@b", "a.b+c@example.com"], ["a", "@b", "a@", "a@b@c", "A <a@b>", "a@b, c@d", "a@b;c@d"]],
    ["channel", ["#a", "@a", "C0123", "#größe"], ["#", "##a", "#a b", "# a"]],
    ["region", ["eu-west-1", "us-gov-west-1", "ap-southeast-5"], ["Frankfurt", "eu-west", "eu_west_1", "eu-west-0"]],
    ["telemetryName", ["checkout", "Shop/checkout.v2"], ["a b", "-a", "a/"]],
  ])("%s", (name, right, wrong) => {
    for (const text of right) expect(hasFormat(name, text), text).toBe(true);
    for (const text of wrong) expect(hasFormat(name, text), text).toBe(false);
  });
});
