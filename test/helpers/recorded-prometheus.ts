import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, type TestContext } from "vitest";
import { realTool } from "../real-tools.ts";

const folders: string[] = [];
const pids: number[] = [];
afterAll(() => {
  for (const pid of pids) process.kill(pid, "SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/**
 * A real Prometheus that has recorded this, until the end of the test file; the test is skipped where there is none here.
 *
 * @param openMetrics samples with their times, in the format OpenMetrics
 * @returns its address
 */
export async function recordedPrometheus(openMetrics: string, context: TestContext): Promise<string> {
  const [promtool, prometheus] = [realTool("promtool", context), realTool("prometheus", context)];
  const folder = mkdtempSync(join(tmpdir(), "firedrill-recorded-"));
  folders.push(folder);
  writeFileSync(join(folder, "recorded.txt"), openMetrics);
  writeFileSync(join(folder, "prometheus.yml"), "scrape_configs: []\n");
  const made = spawnSync(
    promtool,
    ["tsdb", "create-blocks-from", "openmetrics", join(folder, "recorded.txt"), join(folder, "data")],
    { encoding: "utf8" },
  );
  expect(made.status, made.stderr).toBe(0);
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(
    prometheus,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=${address}`,
    ],
    { stdio: "ignore" },
  );
  pids.push(server.pid ?? 0);
  await expect
    .poll(async () => (await fetch(`http://${address}/-/ready`).catch(() => undefined))?.status, { timeout: 60_000 })
    .toBe(200);
  return `http://${address}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
