import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    testTimeout: 30_000,
    reporters: ["default", "./test/not-run-reporter.ts", ...(process.env.CI ? ["junit"] : [])],
    outputFile: { junit: "reports/tests.xml" },
  },
});
