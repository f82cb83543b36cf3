import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { days } from "../../src/model/quantity.ts";
import { renderLoki } from "../../src/render/loki.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform } from "../sample-platform.ts";

const config = (change = {}) => parse(renderLoki(samplePlatform(change)).text);

test("logs are deleted after the platform's retention: the compactor is told to, and how long", () => {
  expect(config().limits_config.retention_period).toBe("90d");
  expect(config({ retention: { logs: days(7) } }).limits_config.retention_period).toBe("1w");
  expect(config().compactor).toEqual({ retention_enabled: true, delete_request_store: "filesystem" });
});

const verified = (path: string, change: object) =>
  spawnSync(path, ["-verify-config", "-config.file=loki.yml"], {
    cwd: join(writeArtifacts([renderLoki(samplePlatform(change))]), "loki"),
    encoding: "utf8",
  });

test("an environment's logs are kept as long as it says, which the real Loki accepts from a day on", {
  timeout: 120_000,
}, (context) => {
  const retention = { logs: days(120), logsIn: { staging: days(14), 'a"b': days(1) } };
  expect(config({ retention }).limits_config).toMatchObject({
    retention_period: "120d",
    retention_stream: [
      { selector: '{environment="staging"}', priority: 1, period: "2w" },
      { selector: '{environment="a\\"b"}', priority: 1, period: "1d" },
    ],
  });
  const loki = realTool("loki", context);
  expect(verified(loki, { retention })).toMatchObject({ status: 0 });
  expect(verified(loki, { retention: { logsIn: { staging: days(0.9) } } })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("retention period must be >= 24h"),
  });
});

test("it listens on this computer only and reports to nobody", () => {
  const { server, analytics } = config();
  expect([server.http_listen_address, server.grpc_listen_address]).toEqual(["127.0.0.1", "127.0.0.1"]);
  expect(analytics.reporting_enabled).toBe(false);
});
