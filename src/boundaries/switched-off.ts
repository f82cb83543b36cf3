import { type Drill, quiet } from "../drills/drill.ts";
import { type DrillSubject, type Level, levelsOf, noon } from "../drills/drill-subject.ts";
import type { Alert } from "../model/pack.ts";
import { canFire, shows } from "../model/platform.ts";
import { variantsOf } from "../model/promises.ts";
import { seconds } from "../model/quantity.ts";
import { later } from "../worlds/clock.ts";
import { type Provocations, provocationOf, whyUnprovoked } from "./provocation.ts";

/**
 * A drill for each alert that other services have and this one has not, because it is switched off or of a pack that
 * it does not use: its series are there all the same, and however bad things are, it stays quiet.
 */
export function switchedOffDrills(subject: DrillSubject, provocations: Provocations): Drill[] {
  const { service, platform } = subject;
  return platform.packs
    .filter((pack) => shows(pack, service))
    .flatMap(({ alerts }) => alerts)
    .filter((alert) => !service.promises.has(alert.name) && canFire(alert, service))
    .flatMap((alert) => {
      const [level, ...more] = levelsOfOthers(alert, subject);
      if (!level || whyUnprovoked(level, provocations) !== undefined) return [];
      const furthest = more.reduce((far, one) => (isBeyond(one, far) ? one : far), level);
      const holds = [level, ...more].map(({ promise }) => promise.for.value);
      const { world, happens, most, words } = provocationOf(furthest, provocations);
      const { scrape, evaluation } = platform.intervals;
      const looks = 2 * (scrape.value + evaluation.value);
      const end = later(noon, seconds((alert.signal.window?.value ?? 0) + Math.max(...holds) + looks));
      return {
        name: `${words(most)} is nothing to a service that does not have ${alert.name}`,
        world: happens(world, most, noon).until(end),
        expect: [quiet(alert)],
        place: { file: `alert-rules/${alert.pack}.ts` },
      };
    });
}

/** The levels of every other service, as if they were this one's: any of their rules could catch it by mistake. */
const levelsOfOthers = (alert: Alert, subject: DrillSubject): Level[] =>
  subject.platform.services.flatMap(variantsOf).flatMap((service) =>
    levelsOf(alert, { ...subject, service }).map((level) => ({
      ...level,
      subject,
      promise: { ...level.promise, service: subject.service },
    })),
  );

const isBeyond = ({ threshold, promise }: Level, than: Level): boolean =>
  promise.alert.direction === "above" ? threshold > than.threshold : threshold < than.threshold;
