import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { runSuite } from "../../src/promtool/suite.ts";
import { realTool } from "../real-tools.ts";
import { sharedData } from "../shared-data.ts";
import { promtoolVerdicts, verdictLines } from "./real-promtool.ts";

const everyFile = "gives promtool's verdict on every file, good and bad, and on those that are no tests at all";
it(everyFile, { timeout: 300_000 }, async (context) => {
  const promtool = realTool("promtool", context);
  const engine = await loadEngine();
  for (const part of ["promtool", "thanos"]) {
    const folder = sharedData(part, context);
    const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
    const theirs = promtoolVerdicts(promtool, folder, files);
    const ours = files.map((file) => runSuite(engine, join(folder, file)));
    expect(verdictLines(files, ours)).toEqual(verdictLines(files, theirs));
  }
});
