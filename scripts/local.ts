import { readdir, readFile, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { bringUp, MissingTools, takeDown } from "../src/local/local-stack.ts";
import type { Artifact } from "../src/model/artifact.ts";
import { compareText } from "../src/model/finding.ts";

/**
 * Starts, reloads and stops the local stack; `cdktf deploy local` and `cdktf destroy local` call it. Folders come in
 * the environment, where no shell reads them: where the files to run with are, and where the stack keeps its own.
 */
const files = process.env.FIREDRILL_LOCAL_FILES ?? "cdktf.out/stacks/local/files";
const folder = process.env.FIREDRILL_LOCAL_FOLDER ?? ".firedrill/local";

const [command, ...rest] = process.argv.slice(2);
const commands: Record<string, () => Promise<void>> = { up, reload: up, down };
const run = rest.length === 0 ? commands[command ?? ""] : undefined;
if (!run) {
  console.error("usage: node --import tsx scripts/local.ts up|reload|down");
  process.exit(2);
}
try {
  await run();
} catch (error) {
  console.error(`The local stack: ${error instanceof Error ? error.message : error}`);
  process.exit(error instanceof MissingTools ? 3 : 1);
}

async function up(): Promise<void> {
  for (const { process: program, did, pid } of await bringUp(folder, await readFiles())) {
    const where = Object.entries(program.ports).map(([use, port]) => `127.0.0.1:${port} (${use})`);
    console.log(`${program.title} ${did}: ${where.join(", ")}; pid ${pid}, log ${folder}/${program.folder}/output.log`);
  }
}

async function down(): Promise<void> {
  for (const { process: program, pid } of await takeDown(folder)) {
    console.log(pid === undefined ? `${program.title} did not run` : `${program.title} stopped (pid ${pid})`);
  }
}

async function readFiles(): Promise<Artifact[]> {
  const names = await readdir(files, { recursive: true }).catch(() => {
    throw new Error(`there are no files to run with at ${files}. → npx cdktf synth`);
  });
  const artifacts: Artifact[] = [];
  for (const name of names.sort(compareText)) {
    const path = join(files, name);
    if ((await stat(path)).isFile()) {
      artifacts.push({ path: name.replaceAll(sep, "/"), text: await readFile(path, "utf8") });
    }
  }
  return artifacts;
}
