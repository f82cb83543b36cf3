import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { planLiveDrill, standInService } from "../../src/live/live-plan.ts";
import { startStage } from "../../src/live/live-stage.ts";
import { findTool } from "../../src/local/real-servers.ts";
import { renderAlertmanager } from "../../src/render/alertmanager.ts";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import { samplePlatform } from "../sample-platform.ts";

const platform = samplePlatform();
const plan = planLiveDrill(platform, standInService(platform)!);

const folder = mkdtempSync(join(tmpdir(), "firedrill-stage-test-"));
const before = process.env.TMPDIR;
beforeAll(() => {
  process.env.TMPDIR = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(folder, { recursive: true, force: true });
});

it("leaves nothing behind when one of the servers does not start", { timeout: 90_000 }, async ({ skip }) => {
  const python = findTool("example-python")?.path;
  const alertmanager = findTool("alertmanager")?.path;
  if (!python || !alertmanager) return skip("not run: alertmanager or example-python is absent (npm run tools)");
  const artifacts = [renderPrometheus(platform), ...renderAlertmanager(platform)].map(({ path, text }) => ({
    path,
    text: path.endsWith(".tmpl") ? `${text}{{ end }}` : text,
  }));
  const steps: string[] = [];
  const log = { begin: () => {}, step: (text: string) => steps.push(text), configs: () => {} };
  await expect(startStage(plan, artifacts, 30, { python, alertmanager, prometheus: "none" }, log)).rejects.toThrow(
    /Alertmanager ended with exit code 1[\s\S]*unexpected \{\{end\}\}/,
  );
  const pid = Number(/pid (\d+)/.exec(steps.join("\n"))?.[1]);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(readdirSync(folder)).toEqual([]);
});

it("writes no file outside of its own folder", async () => {
  const artifacts = [{ path: "prometheus/../../escaped.txt", text: "" }];
  const log = { begin: () => {}, step: () => {}, configs: () => {} };
  await expect(startStage(plan, artifacts, 30, { python: "", alertmanager: "", prometheus: "" }, log)).rejects.toThrow(
    "is not below the folder",
  );
  expect(readdirSync(folder)).toEqual([]);
});
