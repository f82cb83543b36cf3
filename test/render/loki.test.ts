import { expect, test } from "vitest";
import { parse } from "yaml";
import { days } from "../../src/model/quantity.ts";
import { renderLoki } from "../../src/render/loki.ts";
import { samplePlatform } from "../sample-platform.ts";

const config = (change = {}) => parse(renderLoki(samplePlatform(change)).text);

test("logs are deleted after the platform's retention: the compactor is told to, and how long", () => {
  expect(config().limits_config.retention_period).toBe("90d");
  expect(config({ retention: { logs: days(7) } }).limits_config.retention_period).toBe("1w");
  expect(config().compactor).toEqual({ retention_enabled: true, delete_request_store: "filesystem" });
});

test("it listens on this computer only and reports to nobody", () => {
  const { server, analytics } = config();
  expect([server.http_listen_address, server.grpc_listen_address]).toEqual(["127.0.0.1", "127.0.0.1"]);
  expect(analytics.reporting_enabled).toBe(false);
});
