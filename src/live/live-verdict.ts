import type { ReportEntry } from "../review/report.ts";
import { diagnose } from "./live-diagnosis.ts";
import type { LiveFault, LivePlan } from "./live-plan.ts";
import { bucketEdges, queryPrometheus, selector } from "./live-prometheus.ts";
import type { LiveStage } from "./live-stage.ts";

/** One message that had to come: whether it did, when, and what is wrong with it. */
export interface Detection {
  fault: LiveFault;
  receiver: string;
  /** From the first bad request to the message; `undefined`: none came. */
  secondsToDetect?: number;
  /** None: all is well. */
  faults: readonly string[];
}

/** What a live drill has seen, while everything still runs. */
export interface LiveRecord {
  plan: LivePlan;
  detections: readonly Detection[];
  stage: LiveStage;
  /** In milliseconds since 1970. */
  startedAt: number;
}

/** The verdict on everything that the drill is about, an entry each. */
export async function liveEntries(record: LiveRecord): Promise<ReportEntry[]> {
  const { plan, detections } = record;
  return [
    await bucketsEntry(record),
    ...plan.faults.filter(({ receivers }) => receivers.length === 0).map((fault) => nobodyEntry(fault, plan)),
    ...(await Promise.all(detections.map((detection) => detectionEntry(detection, record)))),
    await quietEntry(record),
    ...plan.switchedOff.map(
      ({ name }): ReportEntry => ({
        kind: "live",
        name,
        outcome: "not-run",
        message: `${name} is switched off for ${plan.service.name}`,
      }),
    ),
  ];
}

const nobodyEntry = ({ alert, severity, route }: LiveFault, { service }: LivePlan): ReportEntry => ({
  kind: "live",
  name: `${alert.name} ${severity} on ${route} reaches somebody`,
  outcome: "failed",
  message: `team ${service.owner} has no receiver for it`,
});

/** The buckets are what decides which thresholds can be measured: those that are declared must be those that are. */
async function bucketsEntry({ plan: { service }, stage }: LiveRecord): Promise<ReportEntry> {
  const declared = service.latencyBucketsSeconds.join(", ");
  const exposed = (await exposedEdges(service, stage)).join(", ");
  const entry = { kind: "live", name: `${service.name} has the latency buckets that are declared for it` } as const;
  if (declared === exposed) return { ...entry, outcome: "passed", message: `${exposed} s` };
  return { ...entry, outcome: "failed", message: `declared are ${declared} s; exposed are ${exposed} s` };
}

async function exposedEdges({ scrape, http }: LivePlan["service"], { servicePort }: LiveStage): Promise<number[]> {
  const page = await fetch(`http://127.0.0.1:${servicePort}${scrape.path ?? "/metrics"}`);
  return bucketEdges(await page.text(), http.histogram);
}

async function detectionEntry(
  { fault, receiver, secondsToDetect, faults }: Detection,
  { plan, stage, startedAt }: LiveRecord,
): Promise<ReportEntry> {
  const { alert, severity, route, what } = fault;
  const entry = { kind: "live", name: `${alert.name} ${severity} on ${route} reaches ${receiver}` } as const;
  if (secondsToDetect !== undefined) {
    const told = `told ${round(secondsToDetect)} s after the first bad request`;
    if (faults.length === 0) return { ...entry, outcome: "passed", message: told };
    return { ...entry, outcome: "failed", message: `${told}, but ${faults[0]}`, ...others(faults) };
  }
  const labels = { service: plan.service.name, environment: plan.environment.name, route };
  const since = `[${elapsedSeconds(startedAt)}s]`;
  const maximum = await queryPrometheus(
    stage.prometheus,
    `max_over_time(${alert.signal.series}${selector(labels)}${since})`,
  );
  const states = await queryPrometheus(
    stage.prometheus,
    `last_over_time(ALERTS${selector({ ...labels, alertname: alert.name, severity })}${since})`,
  );
  const { why, fix } = diagnose(fault, plan, {
    ...(maximum[0] && { signalMaximum: maximum[0].value }),
    states: new Set(states.map(({ labels: { alertstate = "" } }) => alertstate)),
    latencyBucketsSeconds: await exposedEdges(plan.service, stage),
  });
  return { ...entry, outcome: "failed", message: `no message came, although ${what}. ${why}`, details: `→ ${fix}` };
}

/** Nothing but the drilled alerts may have fired, nobody may have been told of anything else, and all was measured. */
async function quietEntry({ plan, stage, startedAt }: LiveRecord): Promise<ReportEntry> {
  const { service, environment, healthy, faults } = plan;
  const { prometheus, messages } = stage;
  const isDrilled = (alertname: string | undefined, route: string | undefined) =>
    faults.some((fault) => fault.alert.name === alertname && fault.route === route);
  const fired = await queryPrometheus(
    prometheus,
    `last_over_time(ALERTS{alertstate="firing"}[${elapsedSeconds(startedAt)}s])`,
  );
  const wrong = fired
    .filter(({ labels }) => !isDrilled(labels.alertname, labels.route))
    .map(({ labels }) => `${labels.alertname} fired for ${labels.service} ${labels.route ?? ""}`.trimEnd());
  for (const { receiver, text } of messages) {
    if (text.includes(healthy.route)) wrong.push(`${receiver} was told of ${healthy.route}`);
    if (!faults.some((fault) => fault.receivers.includes(receiver))) wrong.push(`${receiver} was told of something`);
  }
  // Silence says something only of what is heard.
  const requests = selector({ service: service.name, environment: environment.name, route: healthy.route });
  const series = faults[0]?.alert.signal.series;
  const measured = series ? await queryPrometheus(prometheus, `${series}${requests}`) : [];
  if (series && measured.length === 0) wrong.push(`${series} has no value for ${healthy.route}: it was not watched`);
  const entry = { kind: "live", name: `${healthy.route}, which is well, stays quiet, and so does all else` } as const;
  if (wrong.length > 0) return { ...entry, outcome: "failed", message: wrong[0], ...others(wrong) };
  return { ...entry, outcome: "passed", message: `${messages.length} messages in all, none about it` };
}

/** What is said below the first fault, where there are more. */
const others = ([, ...rest]: readonly string[]): Pick<ReportEntry, "details"> =>
  rest.length > 0 ? { details: rest.map((fault) => `also: ${fault}`).join("\n") } : {};

const elapsedSeconds = (since: number): number => Math.ceil((Date.now() - since) / 1000) + 1;

/** Tenths of a second: what is below is the computer's own business. */
export const round = (value: number): number => Math.round(value * 10) / 10;
