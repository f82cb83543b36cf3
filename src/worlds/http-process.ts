import type { HttpService, Service } from "../model/platform.ts";
import { factsAt } from "./facts.ts";
import { type ExposedValue, exposedValue, type Process } from "./process.ts";
import { type Random, seededRandom } from "./random.ts";
import { requestMetrics } from "./request-metrics.ts";
import type { RouteState } from "./route-change.ts";
import { spread } from "./spread.ts";
import { stateAt, variantsAt, versionAt, type World } from "./world.ts";

/** How long every process has been running when somebody first looks. */
const uptimeMs = 3_600_000;

/**
 * An instance of a service that answers requests. They are handed to it in whole numbers: what is expected of them is
 * rounded over the whole time, so that no fraction is lost.
 *
 * @param startMs when somebody first looks
 */
export function httpProcess(world: World, service: HttpService, instance: number, startMs: number): Process {
  const { routes } = service;
  const { versions } = service;
  const marksAt = (ms: number): Readonly<Record<string, string>> => {
    const version = versionAt(world, ms, instance);
    return { ...(versions && version !== "" && { [versions.label]: version }), ...variantsAt(world, ms, instance) };
  };
  /** A process has one version for all its life: another one counts from zero, under labels of its own. */
  const started = (marks: Readonly<Record<string, string>>) => ({
    mark: JSON.stringify(marks),
    metrics: requestMetrics(service, marks),
  });
  const random = world.seed === undefined ? undefined : seededRandom(world.seed, instance);
  const expected = routes.map((_, route) => spread(instance * routes.length + route + 1));
  const failing = routes.map(() => 0.5);
  const late = routes.map(() => 0.5);
  const instances = world.instances.length;
  const ownRoute = scrapedRoute(service);
  const statesAt = (ms: number): RouteState[] => routes.map((name) => stateAt(world, name, ms, instance));

  let { mark, metrics } = started(marksAt(startMs));
  const serve = (seconds: number, chance?: Random) =>
    states.forEach((state, route) => {
      const mean = (state.requestsPerSecond / instances) * seconds;
      const requests = chance ? chance.poisson(mean) : whole(expected, route, mean);
      const failed = chance
        ? times(requests, () => chance.uniform() < state.errorRatio)
        : Math.min(requests, whole(failing, route, requests * state.errorRatio));
      const others = requests - failed;
      const { ratio, status } = state.timeouts;
      const timedOut = chance
        ? times(ratio > 0 ? others : 0, () => chance.uniform() < ratio)
        : Math.min(others, whole(late, route, others * ratio));
      metrics.serve(routes[route] ?? "", 200, others - timedOut, state.p95Seconds, chance);
      metrics.serve(routes[route] ?? "", 500, failed, state.p95Seconds, chance);
      metrics.serve(routes[route] ?? "", status, timedOut, state.p95Seconds, chance);
    });
  const working = (): number =>
    factsAt(world, undefined, now, instance)[requestsInProgress] ?? usuallyInProgress(service);

  const gauges = gaugesInProgress(service);
  let now = startMs;
  let states = statesAt(startMs);
  // Nobody looks at what was before: it needs no noise.
  serve(uptimeMs / 1000);
  return {
    runTo(ms) {
      serve((ms - now) / 1000, random);
      now = ms;
    },
    change() {
      states = statesAt(now);
      const marks = marksAt(now);
      if (JSON.stringify(marks) !== mark) ({ mark, metrics } = started(marks));
    },
    restart: () => metrics.restart(),
    exposed: () => (gauges.length > 0 ? [...metrics.exposed(), ...inProgress(gauges, working())] : metrics.exposed()),
    scraped() {
      if (ownRoute !== undefined) metrics.serve(ownRoute, 200, 1, 0.01);
    },
  };
}

/** What a world says of how many requests an instance works on at once: the fact of this name. */
export const requestsInProgress = "requests in progress";

/** On a good day: a tenth of what an instance can work on. */
export const usuallyInProgress = ({
  instrumentation: { concurrencyLimit },
}: Pick<Service, "instrumentation">): number => Math.floor((concurrencyLimit?.value ?? 0) / 10);

const gaugesInProgress = ({ http, details }: HttpService): ExposedValue[] =>
  details.has("requests in progress") && http.inProgress
    ? http.inProgress.series.map((labels) => exposedValue(http.inProgress?.metric ?? "", labels))
    : [];

/** In whole numbers that differ by one at most. */
function inProgress(gauges: ExposedValue[], requests: number): ExposedValue[] {
  gauges.forEach((gauge, index) => {
    gauge.value = Math.floor((requests + index) / gauges.length);
  });
  return gauges;
}

/**
 * The route under which a service counts that it was scraped: prometheus-fastapi-instrumentator does, unless its
 * `excluded_handlers` name it. Undefined for every other.
 */
export function scrapedRoute({ scrape, http, routes }: HttpService): string | undefined {
  const path = scrape?.path ?? "/metrics";
  return scrape && http.id === "fastapi-instrumentator" && !routes.includes(path) ? path : undefined;
}

/** Takes the whole part of what has come together of an expectation; the fraction waits for more. */
function whole(expected: number[], index: number, more: number): number {
  const sum = (expected[index] ?? 0) + more;
  // What floating point leaves of a sum that should be whole must not cost a request.
  const taken = Math.floor(sum + 1e-9);
  expected[index] = sum - taken;
  return taken;
}

const times = (count: number, chance: () => boolean): number => {
  let hits = 0;
  for (let n = 0; n < count; n += 1) if (chance()) hits += 1;
  return hits;
};
