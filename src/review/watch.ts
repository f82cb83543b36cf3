import { type FSWatcher, readdirSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What matters. */
export interface Watched {
  files: readonly string[];
  /** With everything below them. */
  folders: readonly string[];
  /** With the files in them, not what is below. */
  flatFolders?: readonly string[];
}

/** Editors write many small changes; what comes within this time is one. */
const settleMs = 200;

/**
 * Calls `onChange` once for each burst of changes, with the file that changed first. Folders are watched, not files: most
 * editors put a new file in the place of the old one.
 *
 * @returns ends it
 */
export function watchFiles(
  { files, folders, flatFolders = [] }: Watched,
  onChange: (file: string) => void,
): () => void {
  const wanted = new Map<string, Set<string> | "all">();
  for (const file of files) {
    const names = wanted.get(dirname(file)) ?? new Set();
    wanted.set(dirname(file), names === "all" ? names : names.add(basename(file)));
  }
  for (const folder of [...folders.flatMap(foldersFrom), ...flatFolders]) wanted.set(folder, "all");

  let first: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const changed = (file: string) => {
    first ??= file;
    clearTimeout(timer);
    timer = setTimeout(() => {
      onChange(first ?? file);
      first = undefined;
    }, settleMs);
  };
  const watchers = [...wanted].flatMap(([folder, names]) =>
    watchFolder(folder, (name) => {
      if (names === "all" ? matters(name) : names.has(name)) changed(join(folder, name));
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const one of watchers) one.close();
  };
}

/** Neither hidden files nor what editors keep beside a file while it is being written. */
const matters = (name: string): boolean => !/^[.#]|~$|\.(sw[a-z]|tmp|bak)$|^\d+$/.test(name);

function foldersFrom(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap(({ name }) => foldersFrom(join(folder, name)))];
}

/** A folder that is not there cannot be watched; whoever needs it says so. */
function watchFolder(folder: string, onName: (name: string) => void): FSWatcher[] {
  try {
    const watcher = watch(folder, (_, name) => onName(name ?? ""));
    return [watcher.on("error", () => watcher.close())];
  } catch {
    return [];
  }
}
