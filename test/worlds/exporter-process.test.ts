import { expect, it } from "vitest";
import type { Exporter } from "../../src/model/exporter.ts";
import { partOf } from "../../src/model/exporter.ts";
import { count, eventsPerSecond } from "../../src/model/quantity.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { exporterProcess } from "../../src/worlds/exporter-process.ts";
import { healthy } from "../../src/worlds/world.ts";
import { shop } from "../helpers/shop.ts";

const exporter: Exporter = {
  id: "queue-exporter",
  title: "an exporter of queues",
  places: { key: "databases", label: "queue", title: "queue", default: ["a", "b", "c"] },
  facts: {
    waiting: { usual: count(7), furthest: count(1000), words: (value) => `${value} jobs wait` },
    lost: { usual: eventsPerSecond(0), furthest: eventsPerSecond(1), words: (value) => `${value} jobs lost` },
    done: {
      usual: eventsPerSecond(0.5),
      furthest: eventsPerSecond(100),
      words: (value) => `${value} jobs done`,
      perPlace: true,
    },
  },
  metrics: [
    { name: "queue_waiting", type: "gauge", perPlace: true, is: ({ waiting = 0 }, at) => partOf(waiting, at) },
    { name: "queue_done_total", type: "counter", perPlace: true, whole: true, grows: ({ done = 0 }) => done },
    {
      name: "queue_lost_total",
      type: "counter",
      whole: true,
      fromFirst: true,
      grows: ({ lost = 0 }) => lost,
    },
    { name: "queue_length_bytes", type: "gauge", is: () => 100, grows: ({ waiting = 0 }) => -waiting },
  ],
};
const [service] = shop().services;
const queues = healthy({
  ...(service ?? Promise.reject()),
  http: undefined,
  exporter,
  places: ["a", "b", "c"],
  promises: new Map(),
} as never);
const start = clockMs("12:00") ?? 0;
const values = (process: ReturnType<typeof exporterProcess>, name: string) =>
  process
    .exposed()
    .filter(({ labels }) => labels.__name__ === name)
    .map(({ value }) => value);

it("splits a whole number over the places, so that the parts add up to it", () => {
  expect(values(exporterProcess(queues, exporter, 0, start), "queue_waiting")).toEqual([2, 2, 3]);
});

it("counts what happens, each place for itself, and only whole events", () => {
  const world = queues.has("done", 1, "12:00", undefined, { place: "b" });
  const process = exporterProcess(world, exporter, 0, start);
  const before = values(process, "queue_done_total");
  process.runTo(start + 3000);
  const after = values(process, "queue_done_total");
  expect(after.map((value, place) => value - (before[place] ?? 0))).toEqual([1, 3, 1]);
});

it("begins to count anew after a restart, while a gauge goes on from where it was", () => {
  const process = exporterProcess(queues, exporter, 0, start);
  process.runTo(start + 10_000);
  process.restart();
  expect(values(process, "queue_done_total")).toEqual([0, 0, 0]);
  expect(values(process, "queue_length_bytes")).toEqual([30]);
});

it("shows what has changed from the moment on at which it changes", () => {
  const process = exporterProcess(queues.has("waiting", 9, "12:01"), exporter, 0, start);
  process.runTo(start + 59_000);
  process.change();
  expect(values(process, "queue_waiting")).toEqual([2, 2, 3]);
  process.runTo(start + 60_000);
  process.change();
  expect(values(process, "queue_waiting")).toEqual([3, 3, 3]);
});

it("shows nothing of a place that is gone, and all of the others", () => {
  const places = { ...exporter.places, isThere: ({ done = 0 }) => done > 0 } as Exporter["places"];
  const world = queues.has("done", 0, "12:00", "12:01", { place: "b" });
  const process = exporterProcess(world, { ...exporter, places }, 0, start);
  expect(values(process, "queue_waiting")).toEqual([2, 3]);
  expect(values(process, "queue_length_bytes")).toEqual([100]);
  process.runTo(start + 60_000);
  process.change();
  expect(values(process, "queue_waiting")).toEqual([2, 2, 3]);
});

it("shows a counter that is made by its first event from then on, and again after a restart", () => {
  const process = exporterProcess(queues.has("lost", 0.5, "12:00"), exporter, 0, start);
  process.change();
  const seen = [1, 2, 3, 4].map((second) => {
    process.runTo(start + 1000 * second);
    if (second === 3) process.restart();
    return values(process, "queue_lost_total");
  });
  // An hour at half an event per second has passed before.
  expect(seen).toEqual([[1800], [1801], [], []]);
  process.runTo(start + 5000);
  expect(values(process, "queue_lost_total")).toEqual([1]);
});

it("does not show a counter that has counted nothing", () => {
  expect(values(exporterProcess(queues, exporter, 0, start), "queue_lost_total")).toEqual([]);
});
