import type { ReportEntry } from "../../src/review/report.ts";
import fc from "../helpers/fast-check.ts";

/** Pieces of text that mean something to one of the readers of a report. */
const pieces = [
  ...["<img src=x onerror=alert(1)>", "]]>", "<!--", "-->", "</pre>", "</details>", "&amp;", "&#0;", '"', "'", "\\"],
  ...[
    "|",
    "\\|",
    "`",
    "**",
    "[x](javascript:y)",
    "![](z)",
    "@team",
    "#12",
    "$x$",
    "~~",
    "\n\n# head\n",
    "\n| a | b |\n",
  ],
  ...["\r", "\n", "\t", "\u0000", "\u001b[31m", "\u0085", "\u2028", "\ud800", "\ufffe", "🔥", "é"],
  ...["::error::", "\n::add-mask::x", "##[error]", "%", "%0A", "%25", ",title=x", ":", ",", "alert", " "],
];

/** Text that nobody means well with. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 8 })
  .map((parts) => parts.join(""));

export const hostileEntry: fc.Arbitrary<ReportEntry> = fc.record({
  kind: fc.constantFrom("drill", "finding", "mutant"),
  name: hostileText,
  outcome: fc.constantFrom("passed", "failed", "error", "not-run"),
  place: fc.record({ file: hostileText, line: fc.nat() }),
  message: hostileText,
  details: hostileText,
});

export const hostileEntries = fc.array(hostileEntry, { minLength: 1, maxLength: 6 });
