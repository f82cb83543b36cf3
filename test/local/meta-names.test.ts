import { expect, it, type TestContext } from "vitest";
import { alertmanager } from "../../alert-rules/meta/alertmanager.exporter.ts";
import { otelCollector } from "../../alert-rules/meta/collector.exporter.ts";
import { loki } from "../../alert-rules/meta/loki.exporter.ts";
import { prometheusServer } from "../../alert-rules/meta/prometheus.exporter.ts";
import { freePort, startServer, type ToolName } from "../../src/local/real-servers.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import type { Exporter } from "../../src/model/exporter.ts";
import { renderLoki } from "../../src/render/loki.ts";
import { ordersApi, shop } from "../helpers/shop.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";

// Of Grafana there is no program here to ask: its names are from its source code, as its exporter says.

const longEnough = { timeout: 180_000 };

/** Names of labels of each series, by the metric's name. */
type Shown = Map<string, Set<string>[]>;

function read(exposition: string): Shown {
  const shown: Shown = new Map();
  for (const line of exposition.split("\n")) {
    const [, name, labels = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    const keys = new Set([...labels.matchAll(/([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g)].map(([, key = ""]) => key));
    shown.set(name, [...(shown.get(name) ?? []), keys]);
  }
  return shown;
}

/** Metrics of an exporter that are not shown, or not with its labels: `name{label}`. */
const notShown = ({ metrics }: Exporter, shown: Shown): string[] => {
  const asked = metrics.map(({ name, labels = {} }) => ({ name, keys: Object.keys(labels) }));
  const missing = asked.filter(
    ({ name, keys }) => !(shown.get(name) ?? []).some((labels) => keys.every((key) => labels.has(key))),
  );
  return missing.map(({ name, keys }) => `${name}{${keys.join(", ")}}`);
};

const metricsOf = async (address: string): Promise<Shown> => read(await (await fetch(`${address}/metrics`)).text());

interface Program {
  tool: ToolName;
  /** Written into the folder that it runs in, by its own address and port. */
  files: (port: number) => Artifact[];
  args: (port: number) => Promise<string[]>;
  ready: string;
}

/** Runs a program for as long as something is done with it. */
async function running(
  { tool, files, args, ready }: Program,
  context: TestContext,
  use: (address: string) => Promise<void>,
) {
  const command = realTool(tool, context);
  const port = await freePort();
  const cwd = writeArtifacts(files(port));
  const address = `http://127.0.0.1:${port}`;
  const server = await startServer({
    name: tool,
    command,
    cwd,
    args: await args(port),
    readyUrl: `${address}${ready}`,
    readyTimeoutMs: 90_000,
  });
  try {
    await use(address);
  } finally {
    await server.stop();
  }
}

/** Waits until it shows what is asked for. */
const showsAll = (exporter: Exporter, address: string) =>
  expect.poll(async () => notShown(exporter, await metricsOf(address)), { timeout: 60_000, interval: 500 }).toEqual([]);

const withLogs = shop({ services: [{ ...ordersApi, packs: ["http", "logs"] }] });
const nobody = "127.0.0.1:1";

it(
  "Prometheus shows what is known of it, where it has rules, an Alertmanager and a remote store",
  longEnough,
  (context) =>
    running(
      {
        tool: "prometheus",
        files: (port) => [
          {
            path: "prometheus.yml",
            text: [
              "global: { scrape_interval: 1s, evaluation_interval: 1s }",
              "rule_files: [rules.yml]",
              `alerting: { alertmanagers: [{ static_configs: [{ targets: ["${nobody}"] }] }] }`,
              `remote_write: [{ url: "http://${nobody}/api/v1/write" }]`,
              `scrape_configs: [{ job_name: self, static_configs: [{ targets: ["127.0.0.1:${port}"] }] }]`,
            ].join("\n"),
          },
          { path: "rules.yml", text: "groups: [{ name: one, rules: [{ record: one, expr: vector(1) }] }]" },
        ],
        args: async (port) => [
          "--config.file=prometheus.yml",
          "--storage.tsdb.path=data",
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        ready: "/-/ready",
      },
      context,
      (address) => showsAll(prometheusServer, address),
    ),
);

it(
  "Alertmanager shows what is known of it from its first second on, of used and unused integrations",
  longEnough,
  (context) =>
    running(
      {
        tool: "alertmanager",
        files: () => [{ path: "alertmanager.yml", text: "route: { receiver: none }\nreceivers: [{ name: none }]" }],
        args: async (port) => [
          "--config.file=alertmanager.yml",
          "--storage.path=data",
          `--web.listen-address=127.0.0.1:${port}`,
          `--cluster.listen-address=127.0.0.1:${await freePort()}`,
        ],
        ready: "/-/ready",
      },
      context,
      async (address) => {
        expect(notShown(alertmanager, await metricsOf(address))).toEqual([]);
        const text = await (await fetch(`${address}/metrics`)).text();
        for (const { name, labels = {} } of alertmanager.metrics.filter(({ labels }) => labels?.integration)) {
          expect(text).toContain(`${name}{integration="${labels.integration}"`);
        }
      },
    ),
);

it("Loki shows what is known of it; discarded lines only from the first one on", longEnough, (context) =>
  running(
    {
      tool: "loki",
      files: () => [
        {
          path: "loki.yml",
          text: renderLoki(withLogs)
            .text.replace("127.0.0.1:9093", nobody)
            .replace(/evaluation_interval: .*/, "evaluation_interval: 1s"),
        },
        {
          path: "rules/fake/one.yml",
          text: "groups: [{ name: one, rules: [{ alert: One, expr: 'sum(count_over_time({a=\"b\"}[1m])) or vector(1)' }] }]",
        },
      ],
      args: async (port) => [
        "-config.file=loki.yml",
        `-server.http-listen-port=${port}`,
        `-server.grpc-listen-port=${await freePort()}`,
      ],
      ready: "/ready",
    },
    context,
    async (address) => {
      expect([...(await metricsOf(address)).keys()]).not.toContain("loki_discarded_samples_total");
      const longAgo = "1500000000000000000";
      const { status } = await fetch(`${address}/loki/api/v1/push`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ streams: [{ stream: { service: "one" }, values: [[longAgo, "too old"]] }] }),
      });
      expect(status).toBe(400);
      await showsAll(loki, address);
    },
  ),
);

it(
  "a collector shows what is known of it, once there were data; failures to send from the first on",
  longEnough,
  async (context) => {
    const otlp = await freePort();
    await running(
      {
        tool: "otelcol",
        files: (port) => [
          {
            path: "collector.yml",
            text: JSON.stringify({
              receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } },
              exporters: { otlp_http: { endpoint: `http://${nobody}`, retry_on_failure: { enabled: false } } },
              service: {
                telemetry: {
                  metrics: { readers: [{ pull: { exporter: { prometheus: { host: "127.0.0.1", port } } } }] },
                },
                pipelines: Object.fromEntries(
                  ["logs", "metrics", "traces"].map((kind) => [
                    kind,
                    { receivers: ["otlp"], exporters: ["otlp_http"] },
                  ]),
                ),
              },
            }),
          },
        ],
        args: async () => ["--config=collector.yml"],
        ready: "/metrics",
      },
      context,
      async (address) => {
        expect([...(await metricsOf(address)).keys()]).not.toContain("otelcol_exporter_send_failed_log_records");
        const timeUnixNano = "1767225600000000000";
        const send = (path: string, body: unknown) =>
          fetch(`http://127.0.0.1:${otlp}/v1/${path}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          });
        const span = { traceId: "1".repeat(32), spanId: "1".repeat(16), name: "one", kind: 1 };
        await send("logs", {
          resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano, body: { stringValue: "one" } }] }] }],
        });
        await send("metrics", {
          resourceMetrics: [
            { scopeMetrics: [{ metrics: [{ name: "one", gauge: { dataPoints: [{ timeUnixNano, asDouble: 1 }] } }] }] },
          ],
        });
        await send("traces", {
          resourceSpans: [
            { scopeSpans: [{ spans: [{ ...span, startTimeUnixNano: timeUnixNano, endTimeUnixNano: timeUnixNano }] }] },
          ],
        });
        await showsAll(otelCollector, address);
      },
    );
  },
);
