import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Code that users write: what goes wrong there is theirs to mend. */
const userFolders = ["alert-rules", "dashboards", "stacks"].map((name) =>
  fileURLToPath(new URL(`../${name}/`, import.meta.url)),
);

/**
 * `alert-rules/http.ts:208:17: Unexpected ";"` for an error in code that users write: TypeScript that cannot be read, or a
 * statement that throws there. Undefined for every other.
 */
export function userFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // esbuild tells of a file that it cannot read in its message, everybody else in the first line of the stack.
  const [, unread, line, column, what] = /^(.+?):(\d+):(\d+): ERROR: (.+)$/m.exec(error.message) ?? [];
  const [, thrownIn = "", thrownAt] =
    /^ +at (?:.*\()?(?:file:\/\/)?(\/.*?):(\d+:\d+)\)?$/m.exec(error.stack ?? "") ?? [];
  const file = unread ?? decodeURI(thrownIn);
  if (!userFolders.some((folder) => file.startsWith(folder))) return undefined;
  // esbuild counts columns from 0.
  const place = unread === undefined ? thrownAt : `${line}:${Number(column) + 1}`;
  return `${relative(process.cwd(), file)}:${place}: ${what ?? error.message}`;
}

const unwritable: Readonly<Record<string, string>> = {
  EACCES: "its permissions do not let you; allow it, or choose another place",
  EEXIST: "something that is no folder stands in its way; choose another place",
  EISDIR: "it is a folder; give the name of a file",
  ELOOP: "a link on the way leads back to itself",
  ENAMETOOLONG: "the name is too long for a file",
  ENOENT: "its folder cannot be made here; choose another place",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file, not a folder; choose another place",
  EPERM: "its permissions do not let you; allow it, or choose another place",
  EROFS: "the disk can only be read; choose another place",
};

const writingCalls = ["open", "lstat", "mkdir", "rename", "write", "unlink", "rm", "close"];

/** `reports/x.json cannot be written: …` for an error of the file system, which is nobody's bug. Undefined for every other. */
export function writeFault(error: unknown): string | undefined {
  const { code = "", syscall = "", path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  const why = unwritable[code];
  const file = dest ?? path?.replace(/\.partial-\d+$/, "");
  if (why === undefined || file === undefined || !writingCalls.includes(syscall)) return undefined;
  return `${file} cannot be written: ${why} (${code}).`;
}
