import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, type TestContext } from "vitest";
import { findTool, type ToolName } from "../src/local/real-servers.ts";
import type { Artifact } from "../src/model/artifact.ts";

/** Path of a real program; where it is absent, the test is reported as not run, by name. */
export function realTool(name: ToolName, { skip }: Pick<TestContext, "skip">): string {
  const found = findTool(name);
  if (!found) skip(`not run: ${name} is absent (npm run tools)`);
  return found?.path ?? "";
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes artifacts into a folder of their own, which lives as long as the tests of the file, and gives its path. */
export function writeArtifacts(artifacts: readonly Artifact[]): string {
  const folder = mkdtempSync(join(tmpdir(), "firedrill-test-"));
  folders.push(folder);
  for (const { path, text } of artifacts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
