import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { drill, fires } from "../../src/drills/drill.ts";
import { drillRequest } from "../../src/drills/drill-request.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { lokiRuler, rulesNotLoaded } from "../../src/local/loaded-rules.ts";
import { freePort, startServer } from "../../src/local/real-servers.ts";
import { askLoki } from "../../src/loki/log-answers.ts";
import { lokiClient } from "../../src/loki/loki-client.ts";
import { linesPerSecond, seconds } from "../../src/model/quantity.ts";
import { renderLogRules } from "../../src/render/log-rules.ts";
import { lokiTenant } from "../../src/render/loki.ts";
import { renderAll } from "../../src/render/render.ts";
import { logLines } from "../../src/worlds/log-lines.ts";
import { healthy } from "../../src/worlds/world.ts";
import { drillLoki, logRulesOf } from "../helpers/log-drills.ts";
import { ordersApi, serviceOf, shop } from "../helpers/shop.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";

interface SentAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const platform = shop({
  services: [{ ...ordersApi, packs: ["http", "logs"], thresholds: { LogErrorsHigh: { for: seconds(2) } } }],
  intervals: { evaluation: seconds(1) },
});
const failing = healthy(serviceOf(platform, "orders-api"), "production").logs(
  { level: "error", rate: linesPerSecond(20) },
  "12:00",
);

/** Only the value differs: it is that of another moment. */
const withoutNumbers = ({ labels, annotations }: SentAlert) =>
  JSON.stringify([Object.entries(labels).sort(), Object.entries(annotations).sort()]).replace(/\d+(\.\d+)?/g, "N");

/** An Alertmanager that only listens. */
async function alertmanagerOf(received: SentAlert[]) {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      received.push(...(JSON.parse(body || "[]") as SentAlert[]));
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

it("Loki's own ruler sends the alert that the drill saw, with the same labels and texts", {
  timeout: 180_000,
}, async (context) => {
  // GIVEN the deployed Loki with its rules, and lines of a failing service that are as old as the last minutes
  const command = realTool("loki", context);
  const received: SentAlert[] = [];
  const alertmanager = await alertmanagerOf(received);
  const folder = join(writeArtifacts(renderAll(platform)), "loki");
  const config = join(folder, "loki.yml");
  writeFileSync(config, readFileSync(config, "utf8").replace("127.0.0.1:9093", alertmanager.address));
  const address = `http://127.0.0.1:${await freePort()}`;
  const server = await startServer({
    name: "Loki",
    command,
    cwd: folder,
    args: [
      "-config.file=loki.yml",
      `-server.http-listen-port=${new URL(address).port}`,
      `-server.grpc-listen-port=${await freePort()}`,
    ],
    readyUrl: `${address}/ready`,
    readyTimeoutMs: 90_000,
  });
  try {
    const host = new URL(address).host;
    await expect.poll(() => rulesNotLoaded(lokiRuler(host), renderLogRules(platform)), { timeout: 30_000 }).toEqual([]);
    const changed = renderLogRules(shop({ services: [{ ...ordersApi, packs: ["http", "logs"] }] }));
    expect(await rulesNotLoaded(lokiRuler(host), changed)).toContainEqual(
      expect.stringMatching(/^it still has LogErrorsHigh: .* for 2 s$/),
    );
    const now = Date.now();
    const noon = Date.UTC(2026, 0, 5, 12);
    const recent = logLines(failing, { startMs: noon, endMs: noon + 240_000 }).map(({ resource, records }) => ({
      resource,
      records: records.map((record) => ({ ...record, ms: record.ms - noon + now - 240_000 })),
    }));
    await lokiClient(address).push(lokiTenant, recent);
    // WHEN its ruler evaluates them
    const isCritical = ({ labels }: SentAlert) => labels.severity === "critical";
    for (let left = 600; left > 0 && !received.some(isCritical); left -= 1) await wait(100);
    // THEN what it sends is what the engine makes of the same rules and of what Loki answers
    const expected = drill("errors", {
      world: failing,
      expect: [fires("LogErrorsHigh", "critical").between("12:00", "12:05")],
    });
    const { address: drillAddress } = await drillLoki(context);
    const answers = await askLoki(lokiClient(drillAddress), "ruler", expected, platform, logRulesOf(platform));
    const { alerts } = (await loadEngine()).evaluate(drillRequest(expected, platform, [], answers));
    const firing = alerts.filter(({ phases }) => phases.some(({ state }) => state === "firing"));
    expect(firing.map(({ labels }) => labels.severity).sort()).toEqual(["critical", "warning"]);
    expect(new Set(received.map(withoutNumbers))).toEqual(
      new Set(firing.map(({ labels, lastAnnotations }) => withoutNumbers({ labels, annotations: lastAnnotations }))),
    );
  } finally {
    await server.stop();
    alertmanager.close();
  }
});
