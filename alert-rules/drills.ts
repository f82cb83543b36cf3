import { type Derived, deriveDrills } from "../src/boundaries/boundaries.ts";
import type { Provocations } from "../src/boundaries/provocation.ts";
import { switchedOffDrills } from "../src/boundaries/switched-off.ts";
import type { Drill } from "../src/drills/drill.ts";
import { type DrillSubject, drillSubjects } from "../src/drills/drill-subject.ts";
import type { Platform, Service } from "../src/model/platform.ts";
import { isSamePromise } from "../src/model/promises.ts";
import { anomalyDrills, anomalyProvocations } from "./anomaly.drills.ts";
import { canisterProvocations } from "./canister.provoke.ts";
import { capacityDrills, capacityProvocations } from "./capacity.drills.ts";
import { containerProvocations } from "./container.provoke.ts";
import { errorsDrills } from "./errors.drills.ts";
import { errorsProvocations } from "./errors.provoke.ts";
import { experimentsDrills } from "./experiments.drills.ts";
import { experimentsProvocations } from "./experiments.provoke.ts";
import { hostDrills } from "./host.drills.ts";
import { hostProvocations } from "./host.provoke.ts";
import { httpDrills } from "./http.drills.ts";
import { httpProvocations } from "./http.provoke.ts";
import { journeyDrills } from "./journey.drills.ts";
import { journeyProvocations } from "./journey.provoke.ts";
import { logsDrills } from "./logs.drills.ts";
import { logsProvocations } from "./logs.provoke.ts";
import { metaProvocations } from "./meta.provoke.ts";
import { mobileDrills } from "./mobile.drills.ts";
import { mobileProvocations } from "./mobile.provoke.ts";
import { n8nDrills } from "./n8n.drills.ts";
import { n8nProvocations } from "./n8n.provoke.ts";
import { netlifyDrills } from "./netlify.drills.ts";
import { netlifyProvocations } from "./netlify.provoke.ts";
import { postgresProvocations } from "./postgres.provoke.ts";
import { probeProvocations } from "./probe.ts";
import { releasesDrills, releasesProvocations } from "./releases.drills.ts";
import { sloDrills } from "./slo.drills.ts";
import { sloProvocations } from "./slo.provoke.ts";
import { supabaseDrills } from "./supabase.drills.ts";
import { supabaseProvocations } from "./supabase.provoke.ts";
import { webDrills } from "./web.drills.ts";
import { webProvocations } from "./web.provoke.ts";

interface PackDrills {
  /** @default - the facts of its exporters say it all */
  provocations?: Provocations;
  /** @default - none: what its promises imply is enough */
  drills?: (subject: DrillSubject) => Drill[];
}

/** How the signals of each pack are provoked, and the drills that no promise implies, by its name. */
const packDrills: Readonly<Record<string, PackDrills>> = {
  http: { provocations: httpProvocations, drills: httpDrills },
  logs: { provocations: logsProvocations, drills: logsDrills },
  postgres: { provocations: postgresProvocations },
  host: { provocations: hostProvocations, drills: hostDrills },
  container: { provocations: containerProvocations },
  probe: { provocations: probeProvocations },
  canister: { provocations: canisterProvocations },
  n8n: { provocations: n8nProvocations, drills: n8nDrills },
  meta: { provocations: metaProvocations },
  slo: { provocations: sloProvocations, drills: sloDrills },
  web: { provocations: webProvocations, drills: webDrills },
  mobile: { provocations: mobileProvocations, drills: mobileDrills },
  journey: { provocations: journeyProvocations, drills: journeyDrills },
  errors: { provocations: errorsProvocations, drills: errorsDrills },
  netlify: { provocations: netlifyProvocations, drills: netlifyDrills },
  supabase: { provocations: supabaseProvocations, drills: supabaseDrills },
  anomaly: { provocations: anomalyProvocations, drills: anomalyDrills },
  capacity: { provocations: capacityProvocations, drills: capacityDrills },
  experiments: { provocations: experimentsProvocations, drills: experimentsDrills },
  releases: { provocations: releasesProvocations, drills: releasesDrills },
};

/** The provocation of every signal of every pack, by the signal's name. */
export const provocations: Provocations = Object.assign(
  {},
  ...Object.values(packDrills).map(({ provocations: own }) => own ?? {}),
);

/** What is derived from every promise of every service: the drills, and why others make no sense. */
export const derivedOf = (platform: Platform): Derived[] =>
  platform.services.flatMap((service) => {
    const [first, ...elsewhere] = drillSubjects(service, platform);
    if (!first) return [];
    const others = elsewhere.flatMap((one) => deriveDrills(one, provocations, promisedOtherwise(one, first)));
    return [...deriveDrills(first, provocations), ...others];
  });

/** Every drill of every service of a platform, in the order of monitoring.yaml: first what its promises imply, and what it does not promise. */
export const drillsOf = (platform: Platform): Drill[] =>
  platform.services.flatMap((service) => {
    const [subject, ...elsewhere] = drillSubjects(service, platform);
    if (!subject) return [];
    const derived = deriveDrills(subject, provocations).flatMap(({ drill }) => drill ?? []);
    const off = switchedOffDrills(subject, provocations);
    const others = elsewhere.flatMap((one) => drillsElsewhere(one, subject));
    if (subject.service.promises.size === 0) return [...off, ...others];
    const more = service.packs.flatMap((pack) => packDrills[pack]?.drills?.(subject) ?? []);
    return [...derived, ...off, ...more, ...others];
  });

/** What is not promised in the same way where the first subject of a service is. */
const promisedOtherwise = ({ service }: DrillSubject, first: DrillSubject): Service["promises"] =>
  new Map([...service.promises].filter(([alert, one]) => !isSamePromise(one, first.service.promises.get(alert))));

/** The drills of what a service promises otherwise, or not at all, in environments with thresholds of their own. */
function drillsElsewhere(subject: DrillSubject, first: DrillSubject): Drill[] {
  const promises = promisedOtherwise(subject, first);
  const derived = deriveDrills(subject, provocations, promises).flatMap(({ drill }) => drill ?? []);
  const off = switchedOffDrills(subject, provocations).filter(({ expect }) =>
    expect.some(({ alert }) => first.service.promises.has(alert)),
  );
  return [...derived, ...off].map((drill) => ({ ...drill, name: `${drill.name}, in ${subject.world.environment}` }));
}
