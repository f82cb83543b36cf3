import { identityLabels } from "../model/conventions.ts";
import { clockMs } from "../worlds/clock.ts";
import { type World, worldLine } from "../worlds/world.ts";
import type { WorldEvent } from "../worlds/world-event.ts";
import type { AlertDifference } from "./difference.ts";

/** More would not be read. */
const most = 5;

/**
 * What happened in a random world, a line each, as far as it can matter to a difference: to the service and route that
 * it is about, and before it shows. The rest is counted.
 */
export function tellingLines(world: World, { labels = {}, atMs = Infinity }: Partial<AlertDifference> = {}): string[] {
  const [environment, service] = identityLabels.map((label) => labels[label]);
  const isAbout = (one: World) =>
    (service ?? one.service.name) === one.service.name && (environment ?? one.environment) === one.environment;
  const matters = (event: WorldEvent) =>
    (clockMs(event.from ?? "") ?? -Infinity) <= atMs && isOnRoute(event, labels.route);
  const lines = world.all
    .filter(isAbout)
    .flatMap((one) => [
      ...one.memory.flatMap(({ words }) => words ?? []),
      ...one.events.filter(matters).map((event) => `${one.service.name} ${worldLine(one, event)}`),
    ]);
  const remembered = ({ memory }: World) => memory.filter(({ words }) => words !== undefined).length;
  const all = world.all.reduce((count, one) => count + one.events.length + remembered(one), 0);
  const shown = lines.slice(0, most);
  const left = all - shown.length;
  if (shown.length === 0) return ["all is as usual where it shows"];
  return left > 0 ? [...shown, `and ${left} ${left === 1 ? "event" : "events"} more, elsewhere or later`] : shown;
}

const isOnRoute = (event: WorldEvent, route: string | undefined): boolean =>
  event.kind !== "routes" || (event.change.route ?? route) === route || route === undefined;
