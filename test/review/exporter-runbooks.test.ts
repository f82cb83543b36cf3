import { expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import type { SampleSeries } from "../../src/engine/evaluation.ts";
import { type Exporter, labelsOfPlace } from "../../src/model/exporter.ts";
import { exportersOf, type Pack } from "../../src/model/pack.ts";
import type { Platform } from "../../src/model/platform.ts";
import { minutes } from "../../src/model/quantity.ts";
import { instanceLabels } from "../../src/model/targets.ts";
import { weeksLike } from "../../src/review/healthy-platform.ts";
import { readRunbooks } from "../../src/review/runbooks.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { healthy, type World } from "../../src/worlds/world.ts";
import { examplePlaces } from "../helpers/example-places.ts";
import { rulesOf, serviceOf, shop } from "../helpers/shop.ts";

const shownByExporters = Object.values(packs).filter((pack) => exportersOf([pack]).length > 0);
const timeline = { startMs: clockMs("11:00") ?? 0, endMs: clockMs("12:40") ?? 0 };
const environment = "production";

/** A platform with a service for each exporter of a pack. */
const platformOf = (pack: Pack) =>
  shop({
    intervals: { scrape: minutes(1), evaluation: minutes(1) },
    services: exportersOf([pack]).map(({ id, places }, number) => ({
      name: `service-${number}`,
      owner: "orders",
      packs: [pack.name],
      scrape: { targets: { [environment]: [`thing-${number}:9000`] } },
      instrumentation: { kind: id },
      ...examplePlaces(places),
    })),
  });

/** What may be true when somebody opens a runbook: one thing is as bad as can be, nothing answers, metrics are gone, all is well. */
function days(world: World, { facts }: Exporter): World[] {
  const bad = Object.entries(facts).map(([name, { furthest }]) => world.has(name, furthest.value, "12:20"));
  return [...bad, world.down("12:20"), world.losesMetrics("12:20"), world];
}

/** What a reader puts in place of the capitals: the place's own word, and labels that a metric always has. */
function placeholders(world: World, { places, metrics }: Exporter): Record<string, string> {
  const fixed = metrics.flatMap(({ labels }) => Object.entries(labels ?? {}));
  return {
    ...Object.fromEntries(fixed.map(([label, value]) => [label.replace(/_name$|name$/, "").toUpperCase(), value])),
    TABLE: "items",
    ...Object.fromEntries(
      Object.entries(places ? labelsOfPlace(places, world.service.places[0] ?? "") : {}).flatMap(([label, value]) => [
        [label.toUpperCase(), value],
        ...(label === places?.label ? [[places.title.toUpperCase(), value]] : []),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(instanceLabels(world.service, world.instances[0] ?? "")).map(([label, value]) => [
        label.toUpperCase(),
        value,
      ]),
    ),
    SERVICE: world.service.name,
    ENVIRONMENT: environment,
    INSTANCE: world.instances[0] ?? "",
  };
}

/** The weeks before, which were as a good day is, of series that the pack's signals are compared with. */
function weeksOf({ learnsFrom = [] }: Pack, platform: Platform, world: World, engine: Engine): SampleSeries[] {
  const { queries } = engine.evaluate({
    ruleFiles: rulesOf(platform),
    series: expose(world, timeline, 60),
    ...timeline,
    evaluationIntervalMs: 60_000,
    queries: learnsFrom.map((expr) => ({
      id: expr,
      expr,
      startMs: timeline.endMs,
      endMs: timeline.endMs,
      stepMs: 60_000,
    })),
  });
  return queries.flatMap(({ id, series }) => weeksLike(id, series, timeline.startMs));
}

it.each(shownByExporters)("every query of a runbook of $name finds something when it is needed", async (pack) => {
  const engine = await loadEngine();
  const platform = platformOf(pack);
  const pages = [...(await readRunbooks())].filter(([path]) => path.startsWith(`runbooks/${pack.name}/`));
  const blocks = pages.flatMap(([, text]) =>
    [...text.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query = ""]) => query),
  );
  const answered = new Set<string>();
  for (const { name } of platform.services) {
    const service = serviceOf(platform, name);
    if (!service.exporter) throw new Error(`${name} has no exporter`);
    const values = placeholders(healthy(service, environment), service.exporter);
    const weeks = weeksOf(pack, platform, healthy(service, environment), engine);
    for (const world of days(healthy(service, environment), service.exporter)) {
      const { queries } = engine.evaluate({
        ruleFiles: rulesOf(platform),
        series: [...expose(world, timeline, 60), ...weeks],
        ...timeline,
        evaluationIntervalMs: 60_000,
        queries: blocks.map((query) => ({
          id: query,
          expr: query.replaceAll(/\b[A-Z]{3,}\b/g, (word) => values[word] ?? word),
          startMs: timeline.endMs,
          endMs: timeline.endMs,
          stepMs: 60_000,
        })),
      });
      for (const { id, error, series } of queries) {
        expect(error, id).toBeUndefined();
        if (series.length > 0) answered.add(id);
      }
    }
  }
  expect(blocks.length).toBeGreaterThanOrEqual(pack.alerts.length);
  // Prometheus' own notes on a scrape are not in the worlds, and the heartbeat's rule is of no pack.
  const isElsewhere = (query: string) => /\bscrape_|"Watchdog"/.test(query);
  expect(blocks.filter((query) => !answered.has(query) && !isElsewhere(query))).toEqual([]);
});
