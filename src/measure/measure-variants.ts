import { drillSubjects } from "../drills/drill-subject.ts";
import type { RuleFile } from "../engine/rules.ts";
import type { Platform, Service } from "../model/platform.ts";
import { isSamePromise } from "../model/promises.ts";
import { environmentOf, mostTries } from "./bench.ts";
import type { LogBench } from "./exposed.ts";
import { type MeasureOptions, measureService } from "./measure.ts";
import type { Measured } from "./measurement.ts";

interface Options extends Pick<MeasureOptions, "engine" | "provocations" | "isAsked"> {
  rulesOf: (platform: Platform) => readonly RuleFile[];
  /** See `MeasureOptions.logs`. */
  logsOf: (platform: Platform) => LogBench | undefined;
}

/**
 * What is measured of all levels of a service: where its environments differ, of each that has thresholds of its own,
 * with the rules that are deployed for it.
 */
export async function measureVariants(service: Service, platform: Platform, options: Options): Promise<Measured> {
  const { rulesOf, logsOf, isAsked = () => true, ...shared } = options;
  const [first = service, ...others] = drillSubjects(service, platform).map((subject) => subject.service);
  const isOne = others.length === 0;
  const all: Measured = { measurements: [], unmeasured: [] };
  for (const variant of [first, ...others]) {
    const isSameEverywhere = isOne && platform.environmentDefaults.size === 0;
    const rules = isSameEverywhere ? platform : alsoWhereMeasured(variant, platform);
    const isNew = (alert: string) =>
      variant === first || !isSamePromise(variant.promises.get(alert), first.promises.get(alert));
    const measured = await measureService(variant, platform, {
      ...shared,
      ruleFiles: rulesOf(rules),
      logs: logsOf(rules),
      isAsked: (alert) => isAsked(alert) && isNew(alert),
    });
    const where = isOne ? {} : { environment: variant.environments.join(", ") };
    all.measurements.push(...measured.measurements.map((one) => ({ ...one, ...where })));
    all.unmeasured.push(...measured.unmeasured.map((one) => ({ ...one, ...where })));
  }
  return all;
}

/** The platform as if the variant of a service ran in the environments in which values are tried, too: rules name some. */
function alsoWhereMeasured(variant: Service, platform: Platform): Platform {
  const measured = Array.from({ length: mostTries }, (_, number) => environmentOf(number));
  const alsoThere = (service: Service) => ({ ...service, environments: [...service.environments, ...measured] });
  const defaults = platform.environmentDefaults.get(variant.environments[0] ?? "");
  return {
    ...platform,
    environmentDefaults: new Map([
      ...platform.environmentDefaults,
      ...(defaults ? measured.map((name) => [name, defaults] as const) : []),
    ]),
    services: platform.services.map((service) => {
      if (service.name !== variant.name) return service;
      const variants = service.variants?.map((one) => (one === variant ? alsoThere(one) : one));
      return { ...alsoThere(service), ...(variants && { variants }) };
    }),
  };
}
