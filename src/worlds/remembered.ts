import type { SampleSeries } from "../engine/evaluation.ts";
import { identityLabels } from "../model/conventions.ts";
import type { Timeline } from "./exposition.ts";
import type { World } from "./world.ts";
import type { Remembered } from "./world-event.ts";

/** The samples of a series that is recorded already, at whole multiples of its interval; none where it has no value. */
export function rememberedSeries(
  { environment, service }: Pick<World, "environment" | "service">,
  { labels, everySeconds, beforeSeconds, goesOn = false, at }: Remembered,
  { startMs, endMs }: Timeline,
): SampleSeries[] {
  const [environmentLabel, serviceLabel, teamLabel] = identityLabels;
  const stepMs = 1000 * everySeconds;
  const samples: (readonly [ms: number, value: number])[] = [];
  const lastMs = goesOn ? endMs : startMs;
  for (let ms = Math.ceil((startMs - 1000 * beforeSeconds) / stepMs) * stepMs; ms <= lastMs; ms += stepMs) {
    const value = at(ms);
    if (value !== undefined) samples.push([ms, value]);
  }
  if (samples.length === 0) return [];
  const own = { [environmentLabel]: environment, [serviceLabel]: service.name, [teamLabel]: service.owner };
  return [
    {
      labels: { ...own, ...labels },
      timestampsMs: Float64Array.from(samples, ([ms]) => ms),
      values: Float64Array.from(samples, ([, value]) => value),
    },
  ];
}
