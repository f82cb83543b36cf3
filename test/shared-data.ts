import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";

/**
 * A folder or file of the real rules and tests that the suite is checked against; they lie beside this repository and
 * are not part of it. Where they are absent, the test says so and is not run.
 */
export function sharedData(path: string, context: TestContext): string {
  const found = join(process.env.FIREDRILL_SHARED ?? "../shared", "data", path);
  if (!existsSync(found)) context.skip(`not run: ${found} is not there`);
  return found;
}
