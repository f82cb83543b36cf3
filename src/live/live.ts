import { setTimeout as wait } from "node:timers/promises";
import type { Artifact } from "../model/artifact.ts";
import { runbookLink } from "../model/links.ts";
import type { Platform } from "../model/platform.ts";
import { priorityOf } from "../model/priority.ts";
import { alertmanagerConfig } from "../render/alertmanager.ts";
import type { ReportEntry } from "../review/report.ts";
import { type LiveMessage, type MessageExpectation, messageFaults, summaryPattern } from "./live-message.ts";
import type { LiveFault, LivePlan } from "./live-plan.ts";
import { readDuration } from "./live-speed.ts";
import { type LiveLog, type LivePrograms, type LiveStage, startStage } from "./live-stage.ts";
import { type Detection, liveEntries, round } from "./live-verdict.ts";
import { type Load, startLoad } from "./load-generator.ts";

export interface LiveDrillProps {
  platform: Platform;
  plan: LivePlan;
  /** Everything that is generated from the platform. */
  artifacts: readonly Artifact[];
  /** Paths of the runbooks that exist, e.g. `runbooks/http/HttpLatencyHigh.md`. */
  runbooks: ReadonlySet<string>;
  /** Every duration of the configurations is divided by this. */
  speed: number;
  programs: LivePrograms;
  log: LiveLog;
}

export interface LiveResult {
  detections: readonly Detection[];
  entries: readonly ReportEntry[];
}

/** How often is looked whether something has happened, in milliseconds. */
const pollMs = 100;
/** What a busy computer may take longer than the durations say, in seconds. */
const spareSeconds = 10;

/**
 * Runs the drill: lets the service be well for a while, makes one route slow and another one fail, and looks at the
 * messages that come of it and at everything that must not come.
 *
 * @throws Error when a program does not start or Prometheus cannot be asked
 */
export async function liveDrill(props: LiveDrillProps): Promise<LiveResult> {
  const { plan, platform, speed, log } = props;
  const stage = await startStage(plan, props.artifacts, speed, props.programs, log);
  const startedAt = Date.now();
  const loads: Load[] = [];
  const limits = plan.faults.map((fault) => secondsToDetectAtMost(fault, platform, speed));
  const calmSeconds = Math.max(...plan.faults.map(({ alert }) => alert.signal.window?.value ?? 0), 0) / speed;
  const load = (given: Omit<Parameters<typeof startLoad>[0], "port" | "maximumSeconds">) => {
    const maximumSeconds = 2 * (calmSeconds + Math.max(...limits, 0)) + 60;
    const started = startLoad({ ...given, port: stage.servicePort, maximumSeconds });
    loads.push(started);
    return started;
  };
  try {
    log.begin(`calm: ${[plan.healthy, ...plan.faults].map(({ route }) => route).join(", ")} are asked and are well`);
    load(plan.healthy);
    const calm = plan.faults.map(({ path, calmRequestsPerSecond }) =>
      load({ path, requestsPerSecond: calmRequestsPerSecond }),
    );
    // As long as a rate looks back: what comes then comes upon a service that was well.
    await wait(calmSeconds * 1000);
    log.step(`all was calm for ${round(calmSeconds)} s: ${stage.messages.length} messages`);

    for (const one of calm) one.stop();
    const faultsStartedAt = plan.faults.map(({ path, fault }) => load({ path, ...fault }).startedAt);
    for (const { route, what } of plan.faults) log.step(`${route}: from now on ${what}`);
    log.begin("waiting for the messages");
    const detections = await detect(props, stage, faultsStartedAt, limits);
    const total = (count: "sent" | "broken" | "heldBack") => loads.reduce((sum, { counts }) => sum + counts[count], 0);
    const lost = `${total("broken")} without an answer, ${total("heldBack")} held back as too many at once`;
    log.step(`${total("sent")} requests were sent so far, ${lost}`);

    const entries = await liveEntries({ plan, detections, stage, startedAt });
    return { detections, entries };
  } finally {
    log.begin("ending everything that was started");
    for (const one of loads) one.stop();
    await stage.stop();
  }
}

/** Waits for the message of every fault at every receiver that must get it, each for as long as it may take. */
async function detect(
  props: LiveDrillProps,
  { messages }: LiveStage,
  faultsStartedAt: readonly number[],
  limits: readonly number[],
): Promise<Detection[]> {
  const awaited = props.plan.faults.flatMap((fault, index) => {
    const startedAt = faultsStartedAt[index] ?? 0;
    const deadline = startedAt + (limits[index] ?? 0) * 1000;
    return fault.receivers.map((receiver) => ({ fault, receiver, startedAt, deadline }));
  });
  return Promise.all(
    awaited.map(async ({ fault, receiver, startedAt, deadline }): Promise<Detection> => {
      const expected = expectation(fault, props);
      let message: LiveMessage | undefined;
      while (!message && Date.now() < deadline) {
        message = messages.find((one) => tells(one, fault, receiver) && one.severity === fault.severity);
        if (!message) await wait(pollMs);
      }
      // One of the wrong severity is better looked at than called missing.
      message ??= messages.find((one) => tells(one, fault, receiver));
      if (!message) return { fault, receiver, faults: ["no message came"] };
      const secondsToDetect = (message.receivedAt - startedAt) / 1000;
      const faults = messageFaults(message, expected);
      const runbook = `runbooks/${fault.alert.pack}/${fault.alert.name}.md`;
      if (!props.runbooks.has(runbook)) faults.push(`its runbook ${runbook} does not exist`);
      const said = summaryPattern(fault.alert.summary, expected.labels).exec(message.text)?.[0];
      props.log.step(`${receiver} (${message.kind}) got: ${said ?? "a message without the summary"}`);
      return { fault, receiver, secondsToDetect, faults };
    }),
  );
}

const tells = ({ receiver, status, text }: LiveMessage, { alert, route }: LiveFault, wanted: string): boolean =>
  receiver === wanted && status === "firing" && text.includes(alert.name) && text.includes(route);

function expectation(
  { alert, severity, threshold, promise, route }: LiveFault,
  { platform, plan, artifacts }: LiveDrillProps,
): MessageExpectation {
  return {
    alert,
    severity,
    priority: priorityOf[severity][plan.service.criticality],
    threshold,
    for: promise.for,
    labels: { service: plan.service.name, environment: plan.environment.name, route },
    grafana: platform.links.grafana.replace(/\/+$/, ""),
    runbook: runbookLink(alert, platform),
    logs: platform.featureOn("logging"),
    ...(platform.featureOn("dashboards") && { dashboards: dashboardUids(artifacts) }),
  };
}

function dashboardUids(artifacts: readonly Artifact[]): Set<string> {
  const dashboards = artifacts.filter(({ path }) => /(^|\/)dashboards\/.*\.json$/.test(path));
  return new Set(dashboards.map(({ text }) => (JSON.parse(text) as { uid?: string }).uid ?? ""));
}

/**
 * The longest that a message may take, in seconds: until the fault can be measured, has displaced what was before,
 * has lasted, was evaluated, and Alertmanager has waited for others, twice if its group was told of just now.
 */
function secondsToDetectAtMost(
  { alert, promise, secondsToAnswer }: LiveFault,
  platform: Platform,
  speed: number,
): number {
  const { group_wait = "30s", group_interval = "5m" } = alertmanagerConfig(platform).route;
  const { scrape, evaluation } = platform.intervals;
  const deployed =
    (alert.signal.window?.value ?? 0) +
    promise.for.value +
    2 * (scrape.value + evaluation.value) +
    readDuration(group_wait).value +
    readDuration(group_interval).value;
  return secondsToAnswer + deployed / speed + spareSeconds;
}
