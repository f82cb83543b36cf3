import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { advice, loads } from "../../src/derived/bottleneck-advice.ts";
import { recordedAs } from "../../src/derived/bottleneck-rules.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { EvaluateResult, SampleSeries } from "../../src/engine/evaluation.ts";
import { type Component, components } from "../../src/model/component.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { minutes } from "../../src/model/quantity.ts";
import fc from "../helpers/fast-check.ts";
import { rulesOf, shop } from "../helpers/shop.ts";

const told = ["client", "service", "database"] as const satisfies Component[];
const steps = ["offer", "pay"] as const;
const database: ServiceProps = {
  name: "orders-db",
  owner: "orders",
  packs: ["postgres"],
  scrape: { targets: { production: ["orders-db:9187"] } },
  instrumentation: { kind: "postgres-exporter" },
};
const withJourneys = (name: string): ServiceProps => ({
  name,
  owner: "orders",
  packs: ["journey"],
  scrape: { targets: { production: [`${name}:8000`] } },
  instrumentation: { kind: "journey" },
  journeys: { swap: steps },
  components: { client: name, service: name, database: "orders-db" },
});
const platformOf = (services: ServiceProps[]) =>
  shop({ services: [...services, database], intervals: { evaluation: minutes(3) } });

const nowMs = Date.UTC(2026, 9, 8, 12);
const dayMs = 86_400_000;
const moments = { "last week": nowMs - 7 * dayMs, yesterday: nowMs - dayMs, now: nowMs };
type Moment = keyof typeof moments;
const everyMoment = Object.keys(moments) as Moment[];

/** Something that was counted at so many a minute, only within the 70 minutes before each of the moments. */
function counter(name: string, labels: Record<string, string>, perMinute: (moment: Moment) => number): SampleSeries {
  const length = 70;
  const times = everyMoment.flatMap((moment) =>
    Array.from({ length: length + 1 }, (_, minute) => moments[moment] - (length - minute) * 60_000),
  );
  const values = everyMoment.flatMap((moment) =>
    Array.from({ length: length + 1 }, (_, minute) => minute * perMinute(moment)),
  );
  return {
    labels: {
      ...{ __name__: name, environment: "production", team: "orders", instrumentation: "journey", journey: "swap" },
      ...labels,
    },
    timestampsMs: Float64Array.from(times),
    values: Float64Array.from(values),
  };
}

/** What is so within an hour: journeys begun and steps completed per minute, mean seconds waited at a step. */
interface Hour {
  started: number;
  completed: Readonly<Record<(typeof steps)[number], number>>;
  waited: Readonly<Record<(typeof steps)[number], Readonly<Record<(typeof told)[number], number>>>>;
}
type World = Readonly<Record<Moment, Hour>>;

const seriesOf = (service: string, world: World): SampleSeries[] => [
  counter("journey_started_total", { service }, (moment) => world[moment].started),
  ...steps.flatMap((step) =>
    told.flatMap((component) => {
      const labels = { service, step, component };
      return [
        counter("journey_step_wait_seconds_count", labels, (moment) => world[moment].completed[step]),
        counter(
          "journey_step_wait_seconds_sum",
          labels,
          (moment) => world[moment].completed[step] * world[moment].waited[step][component],
        ),
      ];
    }),
  ),
];

interface Verdict {
  component: string;
  since: string;
  load: string;
  growth: number;
}

/** The verdict as docs/journeys.md has it, worked out without PromQL; undefined where nothing stands out. */
function verdictOf(world: World): Verdict | undefined {
  const since = (moment: Moment) => {
    const [now, then] = [world.now, world[moment]];
    const total = steps
      .filter((step) => then.completed[step] > 0)
      .reduce((sum, step) => sum + told.reduce((part, one) => part + then.waited[step][one], 0), 0);
    const both = steps.filter((step) => now.completed[step] > 0 && then.completed[step] > 0);
    return told.flatMap((component) => {
      let [growth, variance] = [0, 0];
      for (const step of both) {
        growth += now.waited[step][component] - then.waited[step][component];
        variance += now.waited[step][component] ** 2 / (60 * now.completed[step]);
        variance += then.waited[step][component] ** 2 / (60 * then.completed[step]);
      }
      return growth > 0.1 * total && growth / Math.sqrt(variance) > 4 ? [{ component, growth }] : [];
    });
  };
  const found = { yesterday: since("yesterday"), "last week": since("last week") };
  const [most] = [...found.yesterday, ...found["last week"]].sort((a, b) => b.growth - a.growth);
  if (!most) return undefined;
  const day = found.yesterday.find(({ component }) => component === most.component);
  const moment = day ? "yesterday" : "last week";
  const [now, then] = [60 * world.now.started, 60 * world[moment].started];
  const isMore = now > 1.25 * then && now - then > 3 * Math.sqrt(now + then);
  return { ...(day ?? most), since: moment, load: isMore ? "more journeys" : "as many journeys" };
}

const hour = (): fc.Arbitrary<Hour> => {
  const wait = fc.constantFrom(0, 0.2, 0.5, 1, 2, 5);
  const waits = fc.record({ client: wait, service: wait, database: wait });
  const often = fc.constantFrom(0, 1, 2, 5, 20, 40, 40, 40);
  return fc.record({
    started: fc.integer({ min: 1, max: 60 }),
    completed: fc.record({ offer: often, pay: often }),
    waited: fc.record({ offer: waits, pay: waits }),
  });
};
/** Most of what was so is still so. */
const world: fc.Arbitrary<World> = fc
  .record({ usual: hour(), other: hour(), changed: fc.subarray(everyMoment), how: fc.integer({ min: 1, max: 3 }) })
  .map(({ usual, other, changed, how }) => {
    const mixed: Hour = {
      started: how === 2 ? other.started : usual.started,
      completed: how === 3 ? other.completed : usual.completed,
      waited: how === 3 ? other.waited : { offer: other.waited.offer, pay: usual.waited.pay },
    };
    const at = (moment: Moment) => (changed.includes(moment) ? mixed : usual);
    return { "last week": at("last week"), yesterday: at("yesterday"), now: at("now") };
  });

async function evaluate(services: ServiceProps[], series: SampleSeries[], exprs: string[]): Promise<EvaluateResult> {
  const engine = await loadEngine();
  return engine.evaluate({
    ruleFiles: rulesOf(platformOf(services)).filter(({ name }) => /\/(journey|bottleneck)\.yml$/.test(name)),
    series,
    startMs: moments["last week"] - 30 * 60_000,
    endMs: nowMs,
    evaluationIntervalMs: 180_000,
    queries: exprs.map((expr) => ({ id: expr, expr, startMs: nowMs, endMs: nowMs, stepMs: 1 })),
  });
}

describe("the bottleneck of a journey", () => {
  it("is the component that grew most and the time since, as worked out by hand, or none", {
    timeout: 240_000,
  }, async () => {
    const worlds = fc.sample(world, { seed: 20261122, numRuns: 60 });
    const expected = worlds.map(verdictOf);
    // The sample has all that there is to tell apart.
    const kinds = new Set(expected.map((one) => one && `${one.since}, ${one.load}`));
    expect([...kinds].sort()).toEqual(
      ["yesterday", "last week"]
        .flatMap((since): (string | undefined)[] => loads.map((load) => `${since}, ${load}`))
        .concat(undefined)
        .sort(),
    );
    const services = worlds.map((_, index) => withJourneys(`service-${index}`));
    const series = worlds.flatMap((one, index) => seriesOf(`service-${index}`, one));
    const { queries, errors } = await evaluate(services, series, [recordedAs.bottleneck, recordedAs.share]);
    expect(errors).toEqual([]);
    const [found, shares] = queries;
    const verdicts = worlds.map((_, index): Verdict | undefined => {
      const own = found?.series.filter(({ labels }) => labels.service === `service-${index}`) ?? [];
      expect(own.length, `service-${index}`).toBeLessThanOrEqual(1);
      const [{ labels, values } = { labels: undefined, values: [] }] = own;
      if (!labels) return undefined;
      const { component = "", since = "", load = "" } = labels;
      expect(labels.at).toBe(component === "database" ? "orders-db" : `service-${index}`);
      expect(labels.advice).toBe(advice[component as Component][load as (typeof loads)[number]].text);
      return { component, since, load, growth: values.at(-1) ?? Number.NaN };
    });
    const rounded = (one: Verdict | undefined) => one && { ...one, growth: Number(one.growth.toPrecision(9)) };
    expect(verdicts.map(rounded)).toEqual(expected.map(rounded));
    worlds.forEach(({ now }, index) => {
      const waited = (of: readonly (typeof told)[number][]) =>
        steps
          .filter((step) => now.completed[step] > 0)
          .reduce((sum, step) => sum + of.reduce((part, one) => part + now.waited[step][one], 0), 0);
      for (const { labels, values } of shares?.series.filter((one) => one.labels.service === `service-${index}`) ?? [])
        expect(values.at(-1)).toBeCloseTo(waited([labels.component as (typeof told)[number]]) / waited(told), 9);
    });
  });

  const steady: Hour = {
    started: 20,
    completed: { offer: 20, pay: 20 },
    waited: {
      offer: { client: 0.5, service: 0.25, database: 0.25 },
      pay: { client: 0.5, service: 0.25, database: 0.25 },
    },
  };
  /** All steps take 40 minutes, so that JourneyStepSlow fires. */
  const slow = (service: string): SampleSeries[] =>
    steps.flatMap((step) => [
      counter("journey_step_ended_total", { service, step, outcome: "completed" }, () => 20),
      ...["60", "1800"].map((le) => counter("journey_step_duration_seconds_bucket", { service, step, le }, () => 0)),
      ...["3600", "+Inf"].map((le) => counter("journey_step_duration_seconds_bucket", { service, step, le }, () => 20)),
    ]);
  const causeIn = async (now: World["now"], yesterday: Hour | undefined) => {
    const before = { ...steady, completed: { offer: 0, pay: 0 } };
    const told = { "last week": yesterday ?? before, yesterday: yesterday ?? before, now };
    const { alerts } = await evaluate([withJourneys("swaps")], [...seriesOf("swaps", told), ...slow("swaps")], []);
    const fired = alerts.filter(({ alert, labels }) => alert === "JourneyStepSlow" && labels.step === "pay");
    expect(fired.length).toBe(1);
    return fired[0]?.lastAnnotations.cause;
  };

  it("is in the message of an alert on the journey, with what to do", { timeout: 120_000 }, async () => {
    // Two seconds more of 2, of now 4 in all: 2.5 are the database's.
    const pay = { ...steady.waited.pay, database: 2.25 };
    expect(await causeIn({ ...steady, waited: { ...steady.waited, pay } }, steady)).toBe(
      "Bottleneck: database (orders-db), 62.5% of the waiting, 2s more than yesterday with as many journeys. " +
        "A slow query, a lock or a lost index: look at the slowest queries and at locks, then at the last migration. " +
        "Runbook postgres/PostgresQueriesSlow.",
    );
  });

  it("is none, and nothing is advised, where nothing grew", { timeout: 120_000 }, async () => {
    expect(await causeIn(steady, steady)).toBe(
      "Nothing stands out. Most of the waiting, 50%, is for client, and no part has grown since yesterday or last week.",
    );
  });

  it("is not guessed where nobody knows what was usual", { timeout: 120_000 }, async () => {
    expect(await causeIn(steady, undefined)).toBe(
      "Most of the waiting, 50%, is for client; what was usual is not known yet.",
    );
  });

  it("is told only of services that say what their users wait for, in as many rules for a thousand as for one", () => {
    const rules = (services: ServiceProps[]) =>
      rulesOf(platformOf(services))
        .filter(({ name }) => name.includes("bottleneck"))
        .map(({ yaml }) => yaml.split("- record").length);
    const { components: _, ...plain } = withJourneys("plain");
    expect(rules([plain])).toEqual([]);
    expect(JSON.stringify(rulesOf(platformOf([plain])))).not.toContain("cause:");
    const many = Array.from({ length: 1000 }, (_, index) => ({
      ...withJourneys(`service-${index}`),
      components: { database: "orders-db" },
    }));
    expect(rules(many)).toEqual(rules(many.slice(0, 1)));
  });
});

describe("advice", () => {
  const all = components.flatMap((component) => loads.map((load) => ({ component, load, ...advice[component][load] })));

  it.each(all)("about $component with $load fits into a message and leads to runbooks that exist", (one) => {
    expect(one.text.length).toBeLessThanOrEqual(130);
    for (const path of one.runbooks) expect(existsSync(`runbooks/${path}.md`), path).toBe(true);
  });
});
