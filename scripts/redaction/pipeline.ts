import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { startWebhookReceiver } from "../../src/live/webhook-receiver.ts";
import { freePort, startServer } from "../../src/local/real-servers.ts";
import type { Platform } from "../../src/model/platform.ts";
import { renderCollector } from "../../src/render/collector.ts";
import type { CorpusLine } from "./corpus.ts";

/** A line as it leaves the collector for Loki. */
export interface ArrivedLine {
  body: string;
  attributes: Record<string, string>;
}

const linesPerRequest = 250;
const number = "corpus.number";

/**
 * Sends lines through the real collector with the platform's own configuration, of which only addresses are changed.
 *
 * @param command path of the collector
 * @returns what arrives, in the order of the lines; undefined for what does not
 */
export async function throughCollector(
  command: string,
  platform: Platform,
  lines: readonly CorpusLine[],
): Promise<(ArrivedLine | undefined)[]> {
  const store = await startWebhookReceiver();
  const folder = mkdtempSync(join(tmpdir(), "firedrill-redaction-"));
  try {
    const [grpc, http, health] = [await freePort(), await freePort(), await freePort()];
    writeFileSync(join(folder, "collector.yml"), stringify(elsewhere(platform, { grpc, http, health }, store.port)));
    const server = await startServer({
      name: "OpenTelemetry Collector",
      command,
      args: ["--config=collector.yml"],
      cwd: folder,
      readyUrl: `http://127.0.0.1:${health}/`,
      readyTimeoutMs: 60_000,
    });
    try {
      for (let from = 0; from < lines.length; from += linesPerRequest) {
        const response = await fetch(`http://127.0.0.1:${http}/v1/logs`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(request(lines.slice(from, from + linesPerRequest), from)),
        });
        if (!response.ok) throw new Error(`the collector took no lines: ${await response.text()}`);
      }
      let arrived = arrivedLines(store.calls);
      for (let tries = 0; tries < 300 && arrived.size < lines.length; tries++) {
        await wait(100);
        arrived = arrivedLines(store.calls);
      }
      return lines.map((_, index) => arrived.get(`${index}`));
    } finally {
      await server.stop();
    }
  } finally {
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function elsewhere(platform: Platform, ports: { grpc: number; http: number; health: number }, store: number) {
  const [artifact] = renderCollector(platform);
  if (!artifact) throw new Error("this platform has no collector: its feature `otlp` is off");
  const config = parse(artifact.text);
  const { grpc, http, health } = ports;
  config.receivers.otlp.protocols = {
    grpc: { endpoint: `127.0.0.1:${grpc}` },
    http: { endpoint: `127.0.0.1:${http}` },
  };
  config.extensions.health_check.endpoint = `127.0.0.1:${health}`;
  config.exporters.otlp_http = { endpoint: `http://127.0.0.1:${store}`, encoding: "json", compression: "none" };
  config.service.telemetry = { metrics: { level: "none" } };
  return config;
}

const texts = (all: Readonly<Record<string, string>>) =>
  Object.entries(all).map(([key, value]) => ({ key, value: { stringValue: value } }));

/** OTLP over HTTP in JSON. */
const request = (lines: readonly CorpusLine[], from: number) => ({
  resourceLogs: [
    {
      resource: { attributes: texts({ "service.name": "corpus" }) },
      scopeLogs: [
        {
          logRecords: lines.map(({ body, attributes }, index) => ({
            timeUnixNano: "1790000000000000000",
            body: typeof body === "string" ? { stringValue: body } : { kvlistValue: { values: texts(body) } },
            attributes: texts({ ...attributes, [number]: `${from + index}` }),
          })),
        },
      ],
    },
  ],
});

interface OtlpText {
  stringValue?: string;
}
interface OtlpLogs {
  resourceLogs: {
    scopeLogs: { logRecords: { body: OtlpText; attributes: { key: string; value: OtlpText }[] }[] }[];
  }[];
}

function arrivedLines(calls: readonly { body: string }[]): Map<string, ArrivedLine> {
  const records = calls
    .flatMap(({ body }) => (JSON.parse(body) as OtlpLogs).resourceLogs)
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
  return new Map(
    records.map(({ body, attributes }) => {
      const { [number]: id = "", ...rest } = Object.fromEntries(
        attributes.map(({ key, value }) => [key, value.stringValue ?? JSON.stringify(value)]),
      );
      return [id, { body: body.stringValue ?? JSON.stringify(body), attributes: rest }];
    }),
  );
}
