import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { type Artifact, jsonArtifact } from "../model/artifact.ts";
import { compareText } from "../model/finding.ts";
import { makeFolder } from "./make-folder.ts";

/** The list of what was generated, with hashes: what it names and a later run no longer renders is removed. */
const generatedManifest = "manifest.json";

export interface Change {
  path: string;
  change: "is missing" | "differs" | "is no longer generated";
}

function manifest(artifacts: readonly Artifact[], manifestPath: string): Artifact {
  const entries = artifacts.map(({ path, text }) => [path, createHash("sha256").update(text).digest("hex")] as const);
  return jsonArtifact(manifestPath, Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b))));
}

/** What writing the artifacts into the folder would change, by path. */
export async function changesIn(out: string, artifacts: readonly Artifact[]): Promise<Change[]> {
  const wanted = [...artifacts, manifest(artifacts, generatedManifest)];
  const changes = await Promise.all(
    wanted.map(async ({ path, text }): Promise<Change[]> => {
      const present = await readIfThere(join(out, path));
      if (present === text) return [];
      return [{ path, change: present === undefined ? "is missing" : "differs" }];
    }),
  );
  const stale = (await stalePaths(out, artifacts, generatedManifest)).map(
    (path): Change => ({ path, change: "is no longer generated" }),
  );
  return [...changes.flat(), ...stale].sort((a, b) => compareText(a.path, b.path));
}

/**
 * Writes all artifacts into the folder and removes what an earlier run wrote and this one does not. Every file is
 * written beside its place first, and only when all are there are they moved: a full disk leaves the old state.
 *
 * @param manifestPath each kind of output has its own, so that none removes what another wrote
 */
export async function writeArtifacts(
  out: string,
  artifacts: readonly Artifact[],
  manifestPath = generatedManifest,
): Promise<void> {
  const stale = await stalePaths(out, artifacts, manifestPath);
  const moves = [...artifacts, manifest(artifacts, manifestPath)].map(({ path, text }) => {
    const target = join(out, path);
    return { target, partial: `${target}.partial-${process.pid}`, text };
  });
  try {
    for (const { partial, text } of moves) {
      await makeFolder(dirname(partial));
      await writeFile(partial, text);
    }
    for (const { partial, target } of moves) await rename(partial, target);
  } catch (error) {
    await Promise.all(moves.map(({ partial }) => rm(partial, { force: true })));
    throw error;
  }
  await Promise.all(stale.map((path) => rm(join(out, path), { force: true })));
}

async function stalePaths(out: string, artifacts: readonly Artifact[], manifestPath: string): Promise<string[]> {
  const text = await readIfThere(join(out, manifestPath));
  const current = new Set(artifacts.map(({ path }) => path));
  return manifestPaths(text).filter((path) => !current.has(path));
}

/** Paths of a manifest that lie inside the folder: a damaged or hostile one must not delete anything else. */
function manifestPaths(text: string | undefined): string[] {
  try {
    const entries: unknown = JSON.parse(text ?? "{}");
    const paths = Object.keys(entries as object).map((path) => normalize(path));
    return paths.filter((path) => !path.startsWith("..") && !path.startsWith(sep) && path !== ".");
  } catch {
    return [];
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  // A named pipe in the place of a file must not be waited for.
  const flag = constants.O_RDONLY | constants.O_NONBLOCK;
  return readFile(path, { encoding: "utf8", flag }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}
