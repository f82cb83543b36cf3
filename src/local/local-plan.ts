import { type Artifact, jsonArtifact, yamlArtifact } from "../model/artifact.ts";
import { alertmanagerAddress } from "../render/alertmanager.ts";
import { lokiAddress } from "../render/loki.ts";
import { prometheusAddress } from "../render/prometheus.ts";

/** Metrics in which a program says when it last read its configuration and whether the last attempt succeeded. */
export interface ReloadMetrics {
  time: string;
  success: string;
}

/** One program of the local stack, started in the folder of its files. */
export interface LocalProcess {
  tool: "prometheus" | "alertmanager" | "loki" | "otelcol";
  /** What messages call it. */
  title: string;
  /** Its folder among the artifacts; data, log and pid are kept there too. */
  folder: string;
  args: readonly string[];
  /** Ports of 127.0.0.1 that it listens on, by what they are for. */
  ports: Readonly<Record<string, number>>;
  /** Where people and other programs reach it. */
  address: string;
  /** Answers 2xx once it works. */
  readyUrl: string;
  /** How to see that it took changed files after SIGHUP. @default - it does not read files again: it is restarted */
  reload?: ReloadMetrics;
}

/** Name of the file that says what to run with the files beside it. */
export const planFile = "local.json";

/** The programs that a folder of local stack files is for. */
export function plannedProcesses(files: readonly Artifact[]): LocalProcess[] {
  const plan = files.find(({ path }) => path === planFile);
  return plan ? (JSON.parse(plan.text) as LocalProcess[]) : [];
}

const portOf = (address: string): number => Number(address.split(":")[1]);

/** Ports that the rendered files name, and those that their programs would take by themselves. */
const ports = {
  prometheus: portOf(prometheusAddress),
  alertmanager: portOf(alertmanagerAddress),
  loki: portOf(lokiAddress),
  lokiGrpc: 9096,
  otlpGrpc: 4317,
  otlpHttp: 4318,
  collectorHealth: 13133,
};

/**
 * What the local stack consists of: the configuration files of its programs, and the plan that says how each is
 * started. Programs for which nothing was rendered (a feature is off) are left out.
 *
 * @param portOffset added to every port, so that a second stack or another program can have the usual ones
 */
export function localStackFiles(artifacts: readonly Artifact[], portOffset: number): Artifact[] {
  const processes = localProcesses(portOffset).filter(({ folder }) =>
    artifacts.some(({ path }) => path.startsWith(`${folder}/`)),
  );
  const files = [...artifacts, collectorSettings];
  const own = files.filter(({ path }) => processes.some(({ folder }) => path.startsWith(`${folder}/`)));
  return [
    ...own.map(({ path, text }) => ({ path, text: movePorts(text, portOffset) })),
    jsonArtifact(planFile, processes),
  ];
}

/** The collector would serve its own metrics on port 8888, where nobody reads them here. */
const collectorSettings = yamlArtifact("collector/local.yml", {
  service: { telemetry: { metrics: { level: "none" } } },
});

const address = (port: number): string => `127.0.0.1:${port}`;

const ownAddress = new RegExp(`\\b127\\.0\\.0\\.1:(${Object.values(ports).join("|")})\\b`, "g");

/** Moves the stack's own addresses within a file; every other address stays. */
const movePorts = (text: string, offset: number): string =>
  text.replace(ownAddress, (_, port) => address(Number(port) + offset));

function localProcesses(offset: number): LocalProcess[] {
  const at = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, port + offset])) as typeof ports;
  const reload = (program: string): ReloadMetrics => ({
    time: `${program}_config_last_reload_success_timestamp_seconds`,
    success: `${program}_config_last_reload_successful`,
  });
  return [
    {
      tool: "alertmanager",
      title: "Alertmanager",
      folder: "alertmanager",
      args: [
        "--config.file=alertmanager.yml",
        "--storage.path=data",
        `--web.listen-address=${address(at.alertmanager)}`,
        // Alone: without it, it would listen for others on every network.
        "--cluster.listen-address=",
      ],
      ports: { "web page and API": at.alertmanager },
      address: `http://${address(at.alertmanager)}`,
      readyUrl: `http://${address(at.alertmanager)}/-/ready`,
      reload: reload("alertmanager"),
    },
    {
      tool: "loki",
      title: "Loki",
      folder: "loki",
      args: ["-config.file=loki.yml", `-server.http-listen-port=${at.loki}`, `-server.grpc-listen-port=${at.lokiGrpc}`],
      ports: { API: at.loki, "its own parts": at.lokiGrpc },
      address: `http://${address(at.loki)}`,
      readyUrl: `http://${address(at.loki)}/ready`,
    },
    {
      tool: "prometheus",
      title: "Prometheus",
      folder: "prometheus",
      args: [
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        `--web.listen-address=${address(at.prometheus)}`,
        "--web.enable-remote-write-receiver",
      ],
      ports: { "web page and API": at.prometheus },
      address: `http://${address(at.prometheus)}`,
      readyUrl: `http://${address(at.prometheus)}/-/ready`,
      reload: reload("prometheus"),
    },
    {
      tool: "otelcol",
      title: "OpenTelemetry Collector",
      folder: "collector",
      args: ["--config=collector.yml", "--config=local.yml"],
      ports: { "OTLP over gRPC": at.otlpGrpc, "OTLP over HTTP": at.otlpHttp, health: at.collectorHealth },
      address: `http://${address(at.otlpHttp)}`,
      readyUrl: `http://${address(at.collectorHealth)}/`,
    },
  ];
}
