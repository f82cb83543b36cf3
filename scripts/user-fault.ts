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
