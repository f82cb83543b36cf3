import type { ExpectedLabels } from "../drills/drill.ts";
import type { DrillSubject } from "../drills/drill-subject.ts";
import type { Service } from "../model/platform.ts";
import { variantIn } from "../model/promises.ts";
import { healthy, type World } from "../worlds/world.ts";

/** A healthy world beside the one in trouble. */
export interface Bystander {
  world: World;
  /** By which its alerts can be told from the others; undefined where it must have none. */
  labels?: ExpectedLabels;
}

/**
 * For each label that says whose a series is, a healthy neighbour that differs in this label alone and has a route of
 * the same name: the service in another environment, another service of the same team (with another instrumentation
 * where the platform has one), the service as it was when it still belonged to another team, and a sidecar, whose
 * metrics have the same names but are marked as those of no instrumentation. Whatever mixes up two of them shows in
 * one of them. Left out is what the platform has no second one of.
 *
 * @param busy the healthy world of the trouble, which the sidecar equals so that it could hide it
 */
export function bystanders({ service, platform, world: { environment } }: DrillSubject, busy: World): Bystander[] {
  const [routes, places] = [service.routes.slice(0, 1), service.places.slice(0, 1)];
  const kind = ({ instrumentation }: Service) => instrumentation.kind;
  const others = platform.services.filter(
    ({ name, packs }) => name !== service.name && packs.some((pack) => service.packs.includes(pack)),
  );
  const other = others.find((one) => kind(one) !== kind(service)) ?? others[0];
  // The service as a whole: it may promise something else elsewhere.
  const whole = platform.services.find(({ name }) => name === service.name) ?? service;
  const elsewhere = whole.environments.find((name) => name !== environment);
  const owner = platform.teams.find(({ name }) => name !== service.owner)?.name;
  const small = (one: Service, where = environment) => healthy({ ...one, routes, places }, where).withInstances(1);
  const { owner: team, environments } = service;
  return [
    { world: busy.withInstances(1).unmarked() },
    ...(elsewhere
      ? [{ world: small(variantIn(whole, elsewhere), elsewhere), labels: { environment: elsewhere } }]
      : []),
    ...(other
      ? [
          {
            world: small({ ...variantIn(other, environment), owner: team, environments }),
            labels: { service: other.name },
          },
        ]
      : []),
    ...(owner ? [{ world: small({ ...service, owner }), labels: { team: owner } }] : []),
  ];
}
