import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * A file's text, or why there is none, as the end of a sentence that begins with its name. `isLimit`: promtool might
 * read it, Firedrill does not.
 */
export type FileText =
  | { text: string; fault?: undefined; isLimit?: undefined }
  | { text?: undefined; fault: string; isLimit?: true };

/** The largest file that is read: a text becomes many times as large in memory. Those in the wild are below 1 MB. */
export const maximumMegabytes = 16;
const maximumBytes = maximumMegabytes * 1_000_000;

/** Reads a file as YAML's own readers do: UTF-8, or UTF-16 with a byte order mark. Never throws and never waits. */
export function readText(path: string): FileText {
  let file: number | undefined;
  try {
    // Opening a named pipe would otherwise wait for somebody to write into it.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (stat.isDirectory()) return { fault: "is a folder, not a file" };
    if (stat.isFIFO()) return { fault: "is a pipe, not a file: write what comes out of it into a file first" };
    if (!stat.isFile()) return { fault: "is a device, not a file" };
    const bytes = readUpTo(file, maximumBytes + 1);
    if (bytes.length <= maximumBytes) return decode(bytes);
    const size = stat.size > maximumBytes ? `${Math.ceil(stat.size / 1_000_000)} MB` : "too large";
    return { fault: `has ${size}; at most ${maximumMegabytes} MB are read: split it`, isLimit: true };
  } catch (error) {
    return { fault: faultOf(error as NodeJS.ErrnoException) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Until its end or a limit, whatever size it says that it has: a file may grow, and some have none until they are read. */
function readUpTo(file: number, bytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let left = bytes; left > 0; ) {
    const chunk = Buffer.allocUnsafe(Math.min(left, 65_536));
    const count = readSync(file, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    left -= count;
  }
  return Buffer.concat(chunks);
}

const faultTexts: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "may not be read: its permissions do not let you",
  EPERM: "may not be read: its permissions do not let you",
  ELOOP: "is a link that leads back to itself",
  ENAMETOOLONG: "does not exist: the name is too long for a file",
  ENXIO: "is a socket or a device, not a file",
  EAGAIN: "has nothing to read now, and is not waited for: write it into a file first",
  EIO: "cannot be read: the disk or device gives an error (EIO)",
};

const faultOf = ({ code = "", message }: NodeJS.ErrnoException): string =>
  faultTexts[code] ?? `cannot be read: ${message}`;

function decode(bytes: Buffer): FileText {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    const fault = controlCharacterIn(text);
    return fault === undefined ? { text } : { fault };
  } catch {
    const place =
      encoding === "utf-8" ? `line ${firstBadLine(bytes)} has bytes that are no UTF-8` : `no valid ${encoding}`;
    return { fault: `is not a text: ${place}` };
  }
}

/** YAML's own reader refuses these, without saying where they are. */
function controlCharacterIn(text: string): string | undefined {
  const at = text.search(/[^\t\n\r\u0020-\u007e\u0085\u00a0-\ufffd]/);
  if (at < 0) return undefined;
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const wide = code === "0000" ? "; it may be UTF-16 without a byte order mark: save it as UTF-8" : "";
  return `is not a text: line ${text.slice(0, at).split("\n").length} has the control character U+${code}${wide}`;
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
