import type { Reporter, TestModule } from "vitest/node";

/**
 * Names every test that was not run, at the end, where it is seen: a check that needs a missing server is not a
 * check that passed.
 */
export default class NotRunReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    if (skipped.length === 0) return;
    console.log(`\nNot run (${skipped.length}):`);
    for (const test of skipped) {
      const result = test.result();
      const note = "note" in result && result.note ? `: ${result.note}` : "";
      console.log(`  – ${test.fullName}${note}`);
    }
    console.log("  → `npm run tools` provides the real servers that these need\n");
  }
}
