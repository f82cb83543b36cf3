import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { App, TerraformStack } from "../../stacks/cdktf.ts";

/** A resource as it is in the synthesized JSON. */
export type Resource = Record<string, unknown> & { "//": { metadata: { path: string } } };

export interface Synthesized {
  provider?: Record<string, Record<string, unknown>[]>;
  resource: Record<string, Record<string, Resource>>;
  variable?: Record<string, Record<string, unknown>>;
  output?: Record<string, { value: unknown }>;
}

/** A folder of its own for a test. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "firedrill-stacks-"));

/** Synthesizes one stack in a folder of its own and reads what was written. */
export function synthesizeStack(add: (scope: App) => TerraformStack): Synthesized {
  const outdir = join(temporaryFolder(), "out");
  const app = new App({ outdir, stackTraces: false });
  const { id } = add(app).node;
  app.synth();
  return readStack(outdir, id);
}

/** The same for constructs in a stack that has nothing else, not even providers. */
export function synthesizeConstructs(add: (stack: TerraformStack) => void): Synthesized {
  const outdir = join(temporaryFolder(), "out");
  const app = new App({ outdir, stackTraces: false, skipValidation: true });
  const stack = new TerraformStack(app, "test");
  add(stack);
  app.synth();
  return readStack(outdir, "test");
}

export const readStack = (outdir: string, id: string): Synthesized =>
  JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8"));

/** All resources of a type. */
export const resourcesOf = ({ resource }: Synthesized, type: string): Resource[] => Object.values(resource[type] ?? {});

/** The one resource of a type; throws when there is none or more than one. */
export function onlyResource(stack: Synthesized, type: string): Resource {
  const [first, ...others] = resourcesOf(stack, type);
  if (!first || others.length > 0) throw new Error(`there are ${others.length + (first ? 1 : 0)} of ${type}`);
  return first;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Runs a program of the repository as cdktf does, in any folder: JavaScript as it is, TypeScript through tsx. */
export function runProgram(program: string, env: Record<string, string>, cwd = root) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...(program.endsWith(".ts") ? ["--import", tsx] : []), join(root, program)],
    {
      cwd,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", ...env },
    },
  );
  return { status, stdout, stderr };
}
