import { didYouMean } from "../config/did-you-mean.ts";
import { severities } from "../model/conventions.ts";
import { labelsOfPlace, placesBy } from "../model/exporter.ts";
import type { Alert } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";
import { instanceLabels } from "../model/targets.ts";
import { clockMs } from "../worlds/clock.ts";
import { requestsInProgress } from "../worlds/http-process.ts";
import { type World, worldLine } from "../worlds/world.ts";
import type { WorldEvent } from "../worlds/world-event.ts";
import type { Drill, Expectation, FiresExpectation } from "./drill.ts";
import { namedService } from "./drill-timeline.ts";
import { expectationText } from "./judge-drill.ts";

/** Why a drill proves nothing as it is written. */
export interface DrillFault {
  /** The expectation or the change of the world that is wrong, in words. */
  about: string;
  problem: string;
  cause?: string;
  fix?: string;
  /** Where in monitoring.yaml the reason stands. */
  path?: readonly (string | number)[];
}

/** What a drill is checked against. */
export interface DrillSubject {
  platform: Platform;
  /** Whether a rule file has a rule of this alert and severity. */
  hasRule: (alert: string, severity: string) => boolean;
}

/** Everything that is wrong with how a drill is written; such a drill is an error, whatever the alerts do. */
export function drillFaults({ world, expect, name }: Drill, subject: DrillSubject): DrillFault[] {
  const asserts: DrillFault[] =
    expect.length > 0
      ? []
      : [
          {
            about: `"${name}" should expect something.`,
            problem: "It asserts nothing, so it would pass whatever happened.",
            fix: "Add fires(…).between(…) or quiet(…) to its `expect`.",
          },
        ];
  return [
    ...asserts,
    ...world.all.flatMap((one) => worldFaults(one, subject.platform)),
    ...expect.flatMap((expectation) => expectationFaults(expectation, world, subject)),
  ];
}

/** `"/ordres" is none of …` with what was probably meant; undefined when the name is one of them. */
function unknown(
  what: string,
  name: string,
  known: readonly string[],
): Pick<DrillFault, "problem" | "fix"> | undefined {
  if (known.includes(name)) return undefined;
  const meant = didYouMean(name, known);
  return {
    problem: `There is no ${what} ${JSON.stringify(name)}; there is ${known.map((one) => JSON.stringify(one)).join(", ") || "none"}.`,
    ...(meant !== undefined && { fix: `Did you mean ${JSON.stringify(meant)}?` }),
  };
}

type Problem = Pick<DrillFault, "problem" | "fix"> | undefined;

const faultsAbout = (about: string, problems: Problem[]): DrillFault[] =>
  problems.filter((problem) => problem !== undefined).map((problem) => ({ about, ...problem }));

function worldFaults(world: World, platform: Platform): DrillFault[] {
  const { service, environment, lastsUntil } = world;
  const about = `The world of ${service.name}`;
  const whole: Problem[] = [
    unknown(
      "service",
      service.name,
      platform.services.map(({ name }) => name),
    ),
    unknown(`environment of ${service.name}`, environment, service.environments),
    lastsUntil === undefined ? undefined : timeProblem(lastsUntil),
    world.instances.length > 0 ? undefined : { problem: `It has no target in ${environment}: nothing would be seen.` },
  ];
  return [
    ...faultsAbout(about, whole),
    ...world.events.flatMap((event) =>
      faultsAbout(`The world's "${worldLine(world, event)}"`, eventProblems(event, world)),
    ),
  ];
}

function eventProblems(event: WorldEvent, world: World): Problem[] {
  const { from, to } = event;
  const times = [from, to].filter((time) => time !== undefined).map(timeProblem);
  const backwards = from !== undefined && to !== undefined && order(from, to) >= 0;
  const instances = "instances" in event ? event.instances : undefined;
  const [least, most] = [1, world.instances.length];
  const tooMany = instances !== undefined && (instances < least || instances > most || !Number.isInteger(instances));
  return [
    ...times,
    backwards ? { problem: `It ends at ${to}, which is not after ${from}.` } : undefined,
    tooMany ? { problem: `${instances} instances are hit, but ${world.service.name} has ${most}.` } : undefined,
    event.kind === "routes" && event.change.route !== undefined
      ? unknown(`route of ${world.service.name}`, event.change.route, world.service.routes)
      : undefined,
    ...(event.kind === "fact" ? factProblems(event, world.service) : []),
  ];
}

const factProblems = (
  { fact, place }: WorldEvent & { kind: "fact" },
  { name, exporter, places, details }: Service,
): Problem[] => [
  unknown(`fact of ${name}`, fact, [
    ...Object.keys(exporter?.facts ?? {}),
    ...[...details].filter((detail) => detail === requestsInProgress),
  ]),
  place === undefined
    ? undefined
    : unknown(`${exporter?.places?.title ?? "place"} of ${name}`, place, [...placesBy("outer", places), ...places]),
];

const timeProblem = (text: string): Problem =>
  clockMs(text) === undefined
    ? { problem: `${JSON.stringify(text)} is no time of day.`, fix: 'Write "12:05".' }
    : undefined;

/** Below 0 when the first time is earlier; NaN, which is neither, when one is no time. */
const order = (a: string, b: string): number => (clockMs(a) ?? Number.NaN) - (clockMs(b) ?? Number.NaN);

function expectationFaults(expectation: Expectation, world: World, subject: DrillSubject): DrillFault[] {
  const about = expectationText(expectation, world);
  const alerts = subject.platform.packs.flatMap((pack) => pack.alerts);
  const alert = alerts.find(({ name }) => name === expectation.alert);
  if (!alert) {
    const names = alerts.map(({ name }) => name);
    return faultsAbout(about, [unknown("alert", expectation.alert, names)]);
  }
  return faultsAbout(about, [
    ...promiseProblems(expectation, world, subject),
    ...labelProblems(expectation, alert, world),
    ...(expectation.kind === "fires" ? firesProblems(expectation, world, subject.platform) : []),
  ]);
}

/** An alert that is switched off can be expected to be quiet, but not to fire, and has no severities. */
function promiseProblems(expectation: Expectation, world: World, { hasRule }: DrillSubject): Problem[] {
  const { alert, severity } = expectation;
  const service = namedService(expectation, world);
  const promise = service.promises.get(alert);
  if (!promise) {
    if (expectation.kind === "quiet" && severity === undefined) return [];
    return [{ problem: `${alert} is switched off for ${service.name}.` }];
  }
  const promised = severities.filter((one) => promise.levels[one]);
  if (severity !== undefined && !promised.includes(severity)) {
    return [unknown(`severity of ${alert} for ${service.name}`, severity, promised)];
  }
  const missing = (severity ? [severity] : promised).filter((one) => !hasRule(alert, one));
  return missing.map((one) => ({ problem: `No rule file has a rule of ${alert} ${one}, though it is promised.` }));
}

/** A label that the alert never has, or a value that the world never gives, can be neither fired nor missed. */
function labelProblems({ labels }: Expectation, alert: Alert, world: World): Problem[] {
  const possible: Record<string, readonly string[]> = {
    environment: world.all.map(({ environment }) => environment),
    service: world.all.map(({ service }) => service.name),
    team: world.all.map(({ service }) => service.owner),
    route: world.all.flatMap(({ service }) => service.routes),
    instance: world.all.flatMap(({ instances }) => instances),
  };
  const addAll = (labels: Readonly<Record<string, string>>) => {
    for (const [label, value] of Object.entries(labels)) possible[label] = [...(possible[label] ?? []), value];
  };
  for (const { service, instances } of world.all) {
    const { exporter, places } = service;
    for (const place of places) if (exporter?.places) addAll(labelsOfPlace(exporter.places, place));
    for (const address of instances) addAll(instanceLabels(service, address));
  }
  return Object.entries(labels).map(
    ([label, value]) =>
      (alert.signal.hasMoreLabels ? undefined : unknown(`label of ${alert.name}`, label, alert.signal.labels)) ??
      unknown(`${label} in this world`, value, possible[label] ?? [value]),
  );
}

function firesProblems(expectation: FiresExpectation, world: World, platform: Platform) {
  const { from, to, resolvedFrom, resolvedBy, receivers } = expectation;
  const problems = [from, to, resolvedFrom, resolvedBy].map((time) =>
    time === undefined ? undefined : timeProblem(time),
  );
  const first = firstChange(world);
  if (order(from, to) > 0) problems.push({ problem: `The time is given backwards: ${to} is before ${from}.` });
  if (resolvedBy !== undefined && order(resolvedBy, from) <= 0) {
    problems.push({ problem: `It cannot be over by ${resolvedBy} and yet fire from ${from} on.` });
  }
  if (first !== undefined && order(from, first) < 0) {
    problems.push({ problem: `It is expected from ${from} on, but nothing happens in this world before ${first}.` });
  }
  const known = platform.teams.flatMap((team) => team.receivers.map(({ name }) => name));
  return [...problems, ...receivers.map((name) => unknown("receiver", name, known))];
}

/** Time of day of the first thing that happens; undefined when nothing does. */
export function firstChange(world: World): string | undefined {
  const times = world.all.flatMap(({ events }) => events.map(({ from }) => from)).filter((from) => from !== undefined);
  return times.sort(order)[0];
}
