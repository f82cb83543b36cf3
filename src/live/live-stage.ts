import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, type ServerOptions, startServer } from "../local/real-servers.ts";
import type { Artifact } from "../model/artifact.ts";
import { type Duration, formatDuration, minutes } from "../model/quantity.ts";
import { type LiveConfigs, liveConfigs, mailReceivers, receiverAt } from "./live-configs.ts";
import { startMailReceiver } from "./live-mail.ts";
import { type LiveMessage, readMessage } from "./live-message.ts";
import type { LivePlan } from "./live-plan.ts";
import { dividedBy } from "./live-speed.ts";
import { startWebhookReceiver } from "./webhook-receiver.ts";

/** The programs that a live drill starts, by path. */
export interface LivePrograms {
  prometheus: string;
  alertmanager: string;
  /** A Python that has what `examples/fastapi-service/requirements.txt` names. */
  python: string;
}

/** Everything that runs during a live drill. */
export interface LiveStage {
  servicePort: number;
  /** Address of Prometheus' API. */
  prometheus: string;
  /** Every notification so far, in the order of arrival. */
  messages: readonly LiveMessage[];
  /** Ends every process and removes every file of the drill. */
  stop(): Promise<void>;
}

/** Where a live drill says what it does. */
export interface LiveLog {
  /** What is being done now. */
  begin(text: string): void;
  /** What was done. */
  step(text: string): void;
  /** What the run differs in from what is deployed; told before anything is started. */
  configs(configs: LiveConfigs): void;
}

const exampleFolder = fileURLToPath(new URL("../../examples/fastapi-service", import.meta.url));

/** A busy computer starts slowly; longer than this is broken. */
const readyTimeoutMs = 60_000;

/** Prometheus' own defaults that a configuration file cannot name. */
const lookbackDelta = minutes(5);
const resendDelay = minutes(1);

/**
 * Starts receivers, the example service, Alertmanager and Prometheus, each on a free port of 127.0.0.1, with the
 * configurations for the run in a temporary folder.
 *
 * @throws Error when one of them does not start; nothing is left running then
 */
export async function startStage(
  { service, environment }: LivePlan,
  artifacts: readonly Artifact[],
  speed: number,
  programs: LivePrograms,
  log: LiveLog,
): Promise<LiveStage> {
  const folder = mkdtempSync(join(tmpdir(), "firedrill-live-"));
  const endings: (() => unknown)[] = [];
  // Ctrl-C ends this process without coming back here.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", remove);
  const stop = async () => {
    for (const end of endings.splice(0).reverse()) await end();
    remove();
    process.off("exit", remove);
  };
  const start = async (options: Omit<ServerOptions, "readyTimeoutMs">) => {
    log.begin(`starting ${options.name}`);
    const server = await startServer({ ...options, readyTimeoutMs });
    endings.push(() => server.stop());
    log.step(`${options.name} is ready: ${new URL(options.readyUrl).host}, pid ${server.pid}`);
  };

  try {
    const { messages, webhookPort, mailPorts } = await startReceivers(mailReceivers(artifacts), endings);
    const servicePort = await freePort();
    const alertmanagerPort = await freePort();
    const prometheusPort = await freePort();
    const configs = liveConfigs(
      artifacts,
      {
        service: service.name,
        environment: environment.name,
        servicePort,
        alertmanagerPort,
        webhookPort,
        mailPorts,
      },
      speed,
    );
    log.configs(configs);
    log.step(`the receivers listen: 127.0.0.1:${[webhookPort, ...mailPorts.values()].join(", 127.0.0.1:")}`);
    for (const file of configs.files) writeBelow(folder, file);

    const metricsPath = service.scrape.path ?? "/metrics";
    await start({
      name: `${service.name} (examples/fastapi-service)`,
      command: programs.python,
      args: ["app.py"],
      cwd: exampleFolder,
      env: {
        PORT: `${servicePort}`,
        METRICS_PATH: metricsPath,
        FIREDRILL_FAULTS: "1",
        // It plays a service of the platform, so it has that one's buckets, unless somebody tries out others.
        LATENCY_BUCKETS_SECONDS: process.env.LATENCY_BUCKETS_SECONDS ?? service.latencyBucketsSeconds.join(","),
      },
      readyUrl: `http://127.0.0.1:${servicePort}/health`,
    });
    await start({
      name: "Alertmanager",
      command: programs.alertmanager,
      // Alone, not in a cluster; in the folder of its configuration, where it looks for secrets.
      args: [
        "--config.file=alertmanager.yml",
        `--storage.path=${join(folder, "alertmanager-data")}`,
        ...listenOn(alertmanagerPort),
        "--cluster.listen-address=",
      ],
      cwd: join(folder, "alertmanager"),
      readyUrl: `http://127.0.0.1:${alertmanagerPort}/-/ready`,
    });
    const sped = (duration: Duration) => formatDuration(dividedBy(duration, speed));
    await start({
      name: "Prometheus",
      command: programs.prometheus,
      args: [
        "--config.file=prometheus.yml",
        `--storage.tsdb.path=${join(folder, "prometheus-data")}`,
        ...listenOn(prometheusPort),
        `--query.lookback-delta=${sped(lookbackDelta)}`,
        `--rules.alert.resend-delay=${sped(resendDelay)}`,
      ],
      cwd: join(folder, "prometheus"),
      readyUrl: `http://127.0.0.1:${prometheusPort}/-/ready`,
    });
    return { servicePort, prometheus: `http://127.0.0.1:${prometheusPort}`, messages, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The external address goes into links of messages: without it, the computer's name would. */
const listenOn = (port: number): string[] => [
  `--web.listen-address=127.0.0.1:${port}`,
  `--web.external-url=http://127.0.0.1:${port}/`,
];

async function startReceivers(mailReceiverNames: readonly string[], endings: (() => unknown)[]) {
  const messages: LiveMessage[] = [];
  const webhooks = await startWebhookReceiver(({ path, body, receivedAt }) => {
    const at = receiverAt(path);
    if (at) messages.push(readMessage(at.name, at.kind, body, receivedAt));
  });
  endings.push(() => webhooks.stop());
  const mailPorts = new Map<string, number>();
  for (const name of mailReceiverNames) {
    const mails = await startMailReceiver((mail) => messages.push(readMessage(name, "email", mail, Date.now())));
    endings.push(() => mails.stop());
    mailPorts.set(name, mails.port);
  }
  return { messages, webhookPort: webhooks.port, mailPorts };
}

/** @throws Error when the file's path leads out of the folder */
function writeBelow(folder: string, { path, text }: Artifact): void {
  const file = join(folder, path);
  if (relative(folder, file).startsWith("..")) throw new Error(`${path} is not below the folder of the drill`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}
