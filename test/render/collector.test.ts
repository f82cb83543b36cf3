import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { startWebhookReceiver } from "../../src/live/webhook-receiver.ts";
import { freePort, startServer } from "../../src/local/real-servers.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { renderCollector } from "../../src/render/collector.ts";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

const config = (change = {}) => {
  const [artifact] = renderCollector(samplePlatform(change));
  return artifact && parse(artifact.text);
};

const scraped = sampleProps.services.filter(({ scrape }) => scrape);

test("there is no file where nothing would flow through it", () => {
  expect(config({ features: { otlp: false } })).toBeUndefined();
  expect(config({ services: scraped, features: { logging: false } })).toBeUndefined();
  expect(Object.keys(config({ services: scraped }).service.pipelines)).toEqual(["logs"]);
  expect(Object.keys(config({ features: { logging: false } }).service.pipelines)).toEqual(["metrics"]);
  const traces = { otlp: "http://tempo.internal:4318" };
  const spansOnly = config({ services: scraped, features: { logging: false }, traces });
  expect(Object.keys(spansOnly.service.pipelines)).toEqual(["traces"]);
});

test("it listens on this computer only", () => {
  const { receivers, extensions } = config();
  const endpoints = [...Object.values(receivers.otlp.protocols), extensions.health_check] as { endpoint: string }[];
  expect(endpoints.map(({ endpoint }) => endpoint.split(":")[0])).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1"]);
});

const otlp = (name: string, serviceName: string): ServiceProps => ({
  name,
  owner: "web",
  packs: ["http"],
  otlp: { serviceName, environments: ["production"] },
  instrumentation: { kind: "otel-http" },
});

/** Names that mean something to the collector's files and to its language, and one that is another's service name. */
const services = [
  otlp("chain-a", "chain-b"),
  otlp("chain-b", "chain-c"),
  otlp('${env:HOME} $$ "x" \\', 'a "b" $c ${d} \\'),
];

const resource = (serviceName: string, environmentKey = "deployment.environment.name", environment = "production") => ({
  attributes: Object.entries({
    "service.name": serviceName,
    [environmentKey]: environment,
    "service.instance.id": "1",
    service: "spoofed",
    team: "spoofed",
  }).map(([key, value]) => ({ key, value: { stringValue: value } })),
});

const senders = [
  resource("chain-b"),
  resource("chain-c", "deployment.environment"),
  resource('a "b" $c ${d} \\'),
  resource("chain-b", "deployment.environment.name", "elsewhere"),
  resource("unknown"),
];

/** The collector as rendered, but on free ports, at the addresses given. */
async function startCollector(path: string, prometheus: number, logs: number, spans: number) {
  const traces = { otlp: `http://127.0.0.1:${spans}` };
  const [artifact] = renderCollector(samplePlatform({ services, traces }));
  const own = parse(artifact?.text ?? "");
  const [grpc, http, health] = [await freePort(), await freePort(), await freePort()];
  own.receivers.otlp.protocols = { grpc: { endpoint: `127.0.0.1:${grpc}` }, http: { endpoint: `127.0.0.1:${http}` } };
  own.extensions.health_check.endpoint = `127.0.0.1:${health}`;
  own.exporters.prometheus_remote_write.endpoint = `http://127.0.0.1:${prometheus}/api/v1/write`;
  const readable = { encoding: "json", compression: "none" };
  own.exporters.otlp_http = { endpoint: `http://127.0.0.1:${logs}`, ...readable };
  Object.assign(own.exporters["otlp_http/tempo"], readable);
  own.service.telemetry = { metrics: { level: "none" } };
  const folder = writeArtifacts([{ path: "collector.yml", text: stringify(own) }]);
  const server = await startServer({
    name: "OpenTelemetry Collector",
    command: path,
    args: ["--config=collector.yml"],
    cwd: folder,
    readyUrl: `http://127.0.0.1:${health}/`,
    readyTimeoutMs: 30_000,
  });
  const send = (signal: string, body: unknown) =>
    fetch(`http://127.0.0.1:${http}/v1/${signal}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  return { server, send };
}

test("what a service sends arrives under its identity, and secrets in its logs and spans do not", async (context) => {
  const otelcol = realTool("otelcol", context);
  const prometheusPath = realTool("prometheus", context);
  const port = await freePort();
  const folder = writeArtifacts([renderPrometheus(samplePlatform({ services: [] }))]);
  const prometheus = await startServer({
    name: "Prometheus",
    command: prometheusPath,
    args: [
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=data",
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
    ],
    cwd: join(folder, "prometheus"),
    readyUrl: `http://127.0.0.1:${port}/-/ready`,
    readyTimeoutMs: 30_000,
  });
  const logs = await startWebhookReceiver();
  const spans = await startWebhookReceiver();
  const { server, send } = await startCollector(otelcol, port, logs.port, spans.port);
  try {
    const now = `${Date.now()}000000`;
    const point = {
      attributes: [{ key: "http.route", value: { stringValue: "/x" } }],
      startTimeUnixNano: now,
      timeUnixNano: now,
      count: "3",
      sum: 1,
      bucketCounts: ["1", "2"],
      explicitBounds: [0.5],
    };
    const metric = {
      name: "http.server.request.duration",
      unit: "s",
      histogram: { aggregationTemporality: 2, dataPoints: [point] },
    };
    await send("metrics", {
      resourceMetrics: senders.map((one) => ({ resource: one, scopeMetrics: [{ metrics: [metric] }] })),
    });
    const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    await send("logs", {
      resourceLogs: [
        {
          resource: resource("chain-b"),
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: now,
                  body: { stringValue: `GET /x with Authorization: Bearer ${token}` },
                  attributes: [
                    { key: "http.request.header.authorization", value: { stringValue: "Basic dXNlcjpwYXNz" } },
                    { key: "http.route", value: { stringValue: "/x" } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });

    const secret = (key: string) => ({ key, value: { stringValue: `Bearer ${token}` } });
    const nested = { key: "sent", value: { kvlistValue: { values: [secret("by")] } } };
    const span = {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      name: `GET /x?token=${token}`,
      startTimeUnixNano: now,
      endTimeUnixNano: now,
      attributes: [{ key: "http.route", value: { stringValue: "/x" } }, secret("told"), nested],
      events: [{ timeUnixNano: now, name: `failed with ${token}`, attributes: [secret("exception.message"), nested] }],
      status: { code: 2, message: `refused: ${token}` },
    };
    await send("traces", { resourceSpans: [{ resource: resource("chain-b"), scopeSpans: [{ spans: [span] }] }] });

    const query = `http://127.0.0.1:${port}/api/v1/query?query=http_server_request_duration_seconds_count`;
    let result: { metric: Record<string, string> }[] = [];
    for (let tries = 0; tries < 100; tries++) {
      if (result.length === senders.length && logs.calls.length > 0 && spans.calls.length > 0) break;
      await wait(100);
      result = ((await (await fetch(query)).json()) as { data: { result: typeof result } }).data.result;
    }
    const identified = result.map(({ metric: { service, team, environment, instrumentation, http_route } }) => ({
      service,
      team,
      environment,
      instrumentation,
      http_route,
    }));
    const known = { team: "web", environment: "production", instrumentation: "otel-http", http_route: "/x" };
    expect(identified.filter(({ service }) => service !== undefined)).toHaveLength(services.length);
    for (const { name } of services) expect(identified).toContainEqual({ service: name, ...known });
    expect(identified.filter(({ service }) => service === undefined)).toEqual([
      { http_route: "/x" },
      { http_route: "/x" },
    ]);

    const sent = logs.calls.map(({ body }) => body).join("\n");
    const traced = spans.calls.map(({ body }) => body).join("\n");
    type Attribute = { key: string; value: { stringValue: string } };
    const own = (attributes: Attribute[]) =>
      Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
    const identity = { "service.name": "chain-a", service: "chain-a", team: "web" };
    expect(own(JSON.parse(sent).resourceLogs[0].resource.attributes)).toMatchObject(identity);
    expect(own(JSON.parse(traced).resourceSpans[0].resource.attributes)).toMatchObject(identity);
    expect(sent).toContain("GET /x with Authorization:");
    expect(sent).not.toContain(token);
    expect(sent).not.toContain("dXNlcjpwYXNz");
    expect(traced).toContain("0af7651916cd43dd8448eb211c80319c");
    expect(traced).not.toContain(token);
  } finally {
    await Promise.all([server.stop(), prometheus.stop(), logs.stop(), spans.stop()]);
  }
}, 90_000);
