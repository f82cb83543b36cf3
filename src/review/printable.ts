// Names come from files that others wrote: whoever prints them must not obey them.

/** Control characters, and those that turn the direction of a text. */
const controls = /[^\P{Cc}\t\n\r]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** With the replacement character in place of each control character but tabs and ends of lines. */
export const withoutControls = (text: string): string => text.replace(controls, "\ufffd");

/** The colours that the command line itself prints; nobody is harmed by more of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const colour = /(\u001b\[(?:0|1|2|22|3[0-9])m)/;

/** A line that a GitHub workflow takes for a command, also after spaces. */
const command = /^(\s*)(?=::|##\[)/gm;

/**
 * A text as a terminal or the log of a CI system may have it: what would move the cursor, clear the screen or hide
 * something becomes U+FFFD, and no line begins as a command to a GitHub workflow does.
 */
export const printable = (text: string): string =>
  text
    .split(colour)
    .map((part, number) => (number % 2 === 1 ? part : withoutControls(part.replaceAll("\r", "\ufffd"))))
    .join("")
    .replace(command, "$1› ");
