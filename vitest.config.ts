import { defineConfig } from "vitest/config";

/** They wait for real servers, processes and signals, and would be late beside others that take every core. */
const alone = ["test/live/**", "test/local/**", "test/stacks/local-deploy.test.ts", "test/{start,watch}.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    reporters: ["default", "./test/not-run-reporter.ts", ...(process.env.CI ? ["junit"] : [])],
    outputFile: { junit: "reports/tests.xml" },
    projects: [
      {
        extends: true,
        test: {
          name: "side by side",
          include: ["test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
          exclude: alone,
          testTimeout: 120_000,
          // vitest itself leaves a core to whoever edits meanwhile, which on two cores is half of all.
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "alone",
          include: alone.map((glob) => (glob.endsWith("**") ? `${glob}/*.test.ts` : glob)),
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
