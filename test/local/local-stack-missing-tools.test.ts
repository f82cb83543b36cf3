import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { localStackFiles } from "../../src/local/local-plan.ts";
import { bringUp, MissingTools } from "../../src/local/local-stack.ts";
import { renderAll } from "../../src/render/render.ts";
import { samplePlatform } from "../sample-platform.ts";

// A computer on which only Prometheus was installed.
vi.mock("../../src/local/real-servers.ts", () => ({
  findTool: (name: string) => (name === "prometheus" ? { path: "/usr/bin/prometheus", version: "3.15.0" } : undefined),
}));

it("says every program that is missing and how to get them, and starts nothing", async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "firedrill-local-")), "stack");
  const refused = await bringUp(folder, localStackFiles(renderAll(samplePlatform()), 0)).catch((error) => error);
  expect(refused).toBeInstanceOf(MissingTools);
  expect(refused.message).toBe("Alertmanager, Loki, OpenTelemetry Collector are not installed. → npm run tools");
  expect(existsSync(folder)).toBe(false);
});
