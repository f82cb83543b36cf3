import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { loadEngine } from "../../src/engine/engine.ts";
import { parseQuantity } from "../../src/model/quantity.ts";
import { runSuite } from "../../src/promtool/suite.ts";
import fc from "../helpers/fast-check.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { randomSuite, withFault, withTruth } from "./random-suites.ts";
import { promtoolVerdicts, verdictLines } from "./real-promtool.ts";

const momentMs = (text: string): number => (text === "0" ? 0 : (parseQuantity("seconds", text)?.value ?? 0) * 1000);

it("agrees with promtool on every test of random suites, right and wrong ones", {
  timeout: 300_000,
}, async (context) => {
  const promtool = realTool("promtool", context);
  const engine = await loadEngine();
  const folder = writeArtifacts([]);
  const suites = fc.sample(randomSuite, { seed: 3150, numRuns: Number(process.env.FIREDRILL_RUNS ?? 30) });
  const files = suites.map(({ groups, suite, faults }, i) => {
    mkdirSync(join(folder, `${i}`));
    writeFileSync(join(folder, `${i}/rules.yml`), stringify({ groups }));
    const path = join(folder, `${i}/test.yml`);
    writeFileSync(path, stringify(suite));
    const found = runSuite(engine, path);
    expect(found.faults).toEqual([]);
    const tests = suite.tests.map((test, number) =>
      withFault(withTruth(test, found.groups[number]?.failures ?? [], momentMs), faults[number]),
    );
    writeFileSync(path, stringify({ ...suite, tests }));
    return `${i}/test.yml`;
  });
  const ours = files.map((file) => runSuite(engine, join(folder, file)));
  const theirs = promtoolVerdicts(promtool, folder, files);
  expect(verdictLines(files, ours)).toEqual(verdictLines(files, theirs));
  const tests = ours.flatMap(({ groups }) => groups);
  expect(tests.filter(({ passed }) => passed).length).toBeGreaterThan(tests.length / 6);
  expect(tests.filter(({ passed }) => !passed).length).toBeGreaterThan(tests.length / 6);
});
