import { join } from "node:path";
import { expect, it } from "vitest";
import { prometheusRuler, rulesNotLoaded } from "../../src/local/loaded-rules.ts";
import { freePort, startServer } from "../../src/local/real-servers.ts";
import { seconds } from "../../src/model/quantity.ts";
import { renderAll } from "../../src/render/render.ts";
import { renderRules } from "../../src/render/rules.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform } from "../sample-platform.ts";

it("tells which rules a real Prometheus has and which it should have", { timeout: 60_000 }, async (context) => {
  const command = realTool("prometheus", context);
  const folder = join(writeArtifacts(renderAll(samplePlatform())), "prometheus");
  const address = `127.0.0.1:${await freePort()}`;
  const server = await startServer({
    name: "Prometheus",
    command,
    cwd: folder,
    args: ["--config.file=prometheus.yml", "--storage.tsdb.path=data", `--web.listen-address=${address}`],
    readyUrl: `http://${address}/-/ready`,
    readyTimeoutMs: 30_000,
  });
  try {
    expect(await rulesNotLoaded(prometheusRuler(address), renderRules(samplePlatform()))).toEqual([]);
    const changed = samplePlatform({ thresholds: { HttpTargetDown: { for: seconds(90) } } });
    expect(await rulesNotLoaded(prometheusRuler(address), renderRules(changed))).toEqual([
      expect.stringMatching(/^it does not have HttpTargetDown: .* for 90 s$/),
      expect.stringMatching(/^it does not have HttpTargetDown: .* for 90 s$/),
      expect.stringMatching(/^it still has HttpTargetDown: .* for 180 s$/),
      expect.stringMatching(/^it still has HttpTargetDown: .* for 180 s$/),
    ]);
  } finally {
    await server.stop();
  }
});
