import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those around it where they are missing. Node's own `recursive` never ends where the system makes no
 * folder in one that is there, and says ENOENT, as /proc does.
 */
export async function makeFolder(path: string): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isDirectory()) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    // Somebody else has made it meanwhile.
    if (entry || error.code !== "EEXIST") throw error;
  });
}
