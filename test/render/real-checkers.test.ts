import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import type { ToolName } from "../../src/local/real-servers.ts";
import type { Platform } from "../../src/model/platform.ts";
import { renderAll } from "../../src/render/render.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform } from "../sample-platform.ts";

/** The programs' own checks of what is rendered for them; each is started in its folder, as the program is. */
const checks: [tool: ToolName, what: string, folder: string, ...args: string[]][] = [
  ["promtool", "the configuration", "prometheus", "check", "config", "prometheus.yml"],
  ["promtool", "the rules", "prometheus", "check", "rules", "rules/http.yml"],
  ["amtool", "the configuration and its templates", "alertmanager", "check-config", "alertmanager.yml"],
  ["loki", "the configuration", "loki", "-verify-config", "-config.file=loki.yml"],
  ["otelcol", "the configuration", "collector", "validate", "--config=collector.yml"],
];

async function defaultPlatform(): Promise<Platform> {
  const { platform, findings } = await loadConfig("monitoring.yaml");
  if (!platform) throw new Error(JSON.stringify(findings));
  return platform;
}

const platforms = [
  ["a platform with one of everything", () => Promise.resolve(samplePlatform())],
  ["the default monitoring.yaml", defaultPlatform],
] as const;

describe.for(platforms)("of %s", ([, platform]) => {
  test.for(checks)("%s accepts %s", async ([tool, , folder, ...args], context) => {
    const path = realTool(tool, context);
    const cwd = join(writeArtifacts(renderAll(await platform())), folder);
    const { status, stdout, stderr } = spawnSync(path, args, { cwd, encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
  });
});
