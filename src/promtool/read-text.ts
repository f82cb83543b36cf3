import { readFileSync, statSync } from "node:fs";

/** A file's text, or why there is none, as the end of a sentence that begins with its name. */
export type FileText = { text: string; fault?: undefined } | { text?: undefined; fault: string };

/** Reads a file as YAML's own readers do: UTF-8, or UTF-16 with a byte order mark. Never throws. */
export function readText(path: string): FileText {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return { fault: "is a folder, not a file" };
    if (stat.isCharacterDevice() || stat.isBlockDevice()) return { fault: "is a device, not a file" };
    return decode(readFileSync(path));
  } catch (error) {
    return { fault: faultOf(error as NodeJS.ErrnoException) };
  }
}

const faultTexts: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "may not be read: its permissions do not let you",
  EPERM: "may not be read: its permissions do not let you",
  ELOOP: "is a link that leads back to itself",
  ENAMETOOLONG: "does not exist: the name is too long for a file",
  ERR_FS_FILE_TOO_LARGE: "is larger than 2 GiB",
};

const faultOf = ({ code = "", message }: NodeJS.ErrnoException): string =>
  faultTexts[code] ?? `cannot be read: ${message}`;

function decode(bytes: Buffer): FileText {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    const place =
      encoding === "utf-8" ? `line ${firstBadLine(bytes)} has bytes that are no UTF-8` : `no valid ${encoding}`;
    return { fault: `is not a text: ${place}` };
  }
}

function firstBadLine(bytes: Buffer): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? undefined : end));
    } catch {
      break;
    }
    if (end < 0) break;
    start = end + 1;
  }
  return line;
}
