import { stripVTControlCharacters } from "node:util";
import colors from "picocolors";
import { describe, expect, it } from "vitest";
import { printable } from "../../src/review/printable.ts";
import fc from "../helpers/fast-check.ts";
import { hostileText } from "./hostile.ts";

describe("what is printed", () => {
  it("moves no cursor, turns no text around, and is no command to a GitHub workflow, whatever the names are", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = printable(text);
        const withoutColours = stripVTControlCharacters(shown);
        expect(withoutColours).not.toMatch(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/u);
        expect(shown.split("\n").filter((line) => /^\s*(::|##\[)/.test(line))).toEqual([]);
      }),
      { seed: 1 },
    );
  });

  it("keeps colours and all that can be seen", () => {
    const { red, dim } = colors.createColors(true);
    const text = `${red("✗")} a::b ${dim("é 🔥")}\n\t→ "x"\n`;
    expect(printable(text)).toBe(text);
  });

  it("keeps a name with a line end from beginning a line as a command does", () => {
    expect(printable("Down\n  ::error::x")).toBe("Down\n  › ::error::x");
    expect(printable("\u001b[2JDown\r")).toBe("\ufffd[2JDown\ufffd");
  });
});
