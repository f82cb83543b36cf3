import { expect, it } from "vitest";
import { journeyExporters } from "../../alert-rules/journey.exporter.ts";
import { labelsOfPlace, outerOf, type Places, placesBy, placesListed } from "../../src/model/exporter.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { exporterProcess } from "../../src/worlds/exporter-process.ts";
import { healthy, type World } from "../../src/worlds/world.ts";
import { serviceOf, shop } from "../helpers/shop.ts";

const steps: Places = {
  key: "journeys",
  label: "step",
  title: "step",
  within: { label: "journey", title: "journey" },
  default: [],
};
const listed = placesListed({ swap: ["offer", "agree"], "sign/up": ["offer"] }) ?? [];

it("tells steps of the same name apart by their journeys", () => {
  expect(listed.map((place) => labelsOfPlace(steps, place))).toEqual([
    { journey: "swap", step: "offer" },
    { journey: "swap", step: "agree" },
    { journey: "sign/up", step: "offer" },
  ]);
});

it("has one place for each journey where the steps do not matter", () => {
  expect(placesBy("outer", listed).map((place) => labelsOfPlace(steps, place))).toEqual([
    { journey: "swap" },
    { journey: "sign/up" },
  ]);
});

it("leaves alone what lies within nothing, such as file systems whose names look nested", () => {
  const filesystems = placesListed(["/", "/data", "/data/pg"]) ?? [];
  expect(filesystems.map(outerOf)).toEqual([undefined, undefined, undefined]);
  expect(placesBy(true, filesystems)).toEqual(filesystems);
  expect(placesBy(undefined, filesystems)).toEqual([]);
});

const market = healthy(
  serviceOf(
    shop({
      services: [
        {
          name: "market",
          owner: "orders",
          packs: ["journey"],
          scrape: { targets: { production: ["market:8000"] } },
          instrumentation: { kind: "journey" },
          journeys: { swap: ["offer", "agree"], sign_up: ["offer"] },
        },
      ],
    }),
    "market",
  ),
);

/** How much a counter grows in a minute, by journey and step. */
function growth(world: World, name: string): Record<string, number> {
  const start = clockMs("12:00") ?? 0;
  const process = exporterProcess(world, journeyExporters[0]!, 0, start);
  const read = () =>
    process
      .exposed()
      .flatMap(({ labels, value }) =>
        labels.__name__ === name ? [[[labels.journey, labels.step].filter(Boolean).join(" "), value] as const] : [],
      );
  const before = new Map(read());
  process.runTo(start + 60_000);
  return Object.fromEntries(read().map(([key, value]) => [key, value - (before.get(key) ?? 0)]));
}

it("counts a journey once, and each of its steps", () => {
  expect(growth(market.has("started", 1), "journey_started_total")).toEqual({ swap: 60, sign_up: 60 });
  expect(growth(market.has("ended", 2), "journey_step_entered_total")).toEqual({
    "swap offer": 120,
    "swap agree": 120,
    "sign_up offer": 120,
  });
});

it("holds what is true of a journey for all its steps, and what is true of a step for this one", () => {
  const ofJourney = market.has("ended", 2).has("ended", 0, undefined, undefined, { place: "swap" });
  expect(growth(ofJourney, "journey_step_entered_total")).toEqual({
    "swap offer": 0,
    "swap agree": 0,
    "sign_up offer": 120,
  });
  const ofStep = market.has("ended", 2).has("ended", 0, undefined, undefined, { place: "swap › agree" });
  expect(growth(ofStep, "journey_step_entered_total")).toEqual({
    "swap offer": 120,
    "swap agree": 0,
    "sign_up offer": 120,
  });
});
