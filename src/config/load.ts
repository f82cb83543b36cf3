import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { packs } from "../../alert-rules/index.ts";
import type { Finding, Place } from "../model/finding.ts";
import type { Platform } from "../model/platform.ts";
import { resolvePlatform } from "../model/resolve-platform.ts";
import { type ParsedConfig, parseConfig } from "./config.ts";
import type { Fault } from "./fault.ts";
import { maximumBytes, tooLarge } from "./yaml-syntax.ts";

/** A monitoring.yaml that was read, with the platform it describes where it has no error. */
export type LoadedConfig = ParsedConfig & { platform?: Platform };

/** Reads a monitoring.yaml from the disk. Whatever is wrong with the file is a finding; never rejects. */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const read = await readText(file);
  if ("fault" in read) {
    const place: Place = { file, ...read.at };
    return { findings: [{ severity: "error", ...read.fault, place } satisfies Finding], placeOf: () => place };
  }
  const config = parseConfig(read.text, file);
  return config.props ? { ...config, platform: resolvePlatform(config.props, packs) } : config;
}

type Read = { text: string } | { fault: Fault; at?: Pick<Place, "line" | "column"> };

async function readText(file: string): Promise<Read> {
  try {
    // Before it is opened: opening a named pipe waits for somebody to write into it.
    const entry = await stat(file);
    if (!entry.isFile()) return { fault: notAFile(entry.isDirectory()) };
    if (entry.size > maximumBytes) return { fault: tooLarge(entry.size) };
    const chunks: Buffer[] = [];
    // One byte more than allowed: a file may grow meanwhile, and some have no size until they are read.
    for await (const chunk of createReadStream(file, { end: maximumBytes })) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    return bytes.length > maximumBytes ? { fault: tooLarge(bytes.length) } : decode(bytes);
  } catch (error) {
    return { fault: unreadable((error as NodeJS.ErrnoException).code ?? "") };
  }
}

/** UTF-8 and nothing else; the place of the first byte that is not. */
function decode(bytes: Buffer): Read {
  const wide = bytes.length > 1 && (bytes.readUInt16BE(0) === 0xfeff || bytes.readUInt16LE(0) === 0xfeff);
  if (wide || (bytes.length > 3 && bytes.includes(0) && looksWide(bytes))) {
    return {
      at: { line: 1, column: 1 },
      fault: {
        rule: "config/encoding",
        summary: "The file is UTF-16.",
        detail: "monitoring.yaml is read as UTF-8, as YAML is everywhere.",
        fix: "Save it as UTF-8.",
      },
    };
  }
  const text = bytes.toString("utf8");
  const again = Buffer.from(text, "utf8");
  if (again.equals(bytes)) return { text };
  const before = bytes.subarray(0, firstDifference(bytes, again)).toString("utf8").split("\n");
  return {
    at: { line: before.length, column: (before.at(-1) ?? "").length + 1 },
    fault: {
      rule: "config/encoding",
      summary: "The file is not UTF-8: a byte here belongs to no character.",
      detail: "It may have been saved in an older encoding, such as Latin-1, or be no text at all.",
      fix: "Save it as UTF-8.",
    },
  };
}

/** UTF-16 without a mark at its begin: every other byte of ASCII text is zero. */
function looksWide(bytes: Buffer): boolean {
  const [first, second, third, fourth] = bytes;
  return (first === 0 && third === 0 && second !== 0) || (second === 0 && fourth === 0 && first !== 0);
}

function firstDifference(a: Buffer, b: Buffer): number {
  const index = a.findIndex((byte, at) => byte !== b[at]);
  return index < 0 ? a.length : index;
}

const notAFile = (isFolder: boolean): Fault => ({
  rule: "config/not-a-file",
  summary: isFolder ? "This is a folder, not a file." : "This is neither a file nor a folder.",
  detail: "One file describes the platform.",
  fix: "Name the file itself, such as monitoring.yaml, with --config.",
});

/** By what the operating system says. */
const unreadableTexts: Readonly<Record<string, Fault>> = {
  ENOENT: {
    rule: "config/no-file",
    summary: "There is no such file.",
    fix: "Name it with --config, or run the command in the folder that has a monitoring.yaml.",
  },
  EACCES: {
    rule: "config/unreadable",
    summary: "The file may not be read: its permissions forbid it.",
    fix: "Allow it, for example with `chmod u+r`.",
  },
};

const unreadable = (code: string): Fault =>
  unreadableTexts[code] ?? {
    rule: "config/unreadable",
    summary: `The file cannot be read (${code || "unknown error"}).`,
  };
