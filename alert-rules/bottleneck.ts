import { baselines, bottleneckGroups, comparedEvery, recordedAs } from "../src/derived/bottleneck-rules.ts";
import { bottleneckPack, identityLabels } from "../src/model/conventions.ts";
import { type Pack, signal } from "../src/model/pack.ts";
import { from } from "./exporter-watch.ts";
import { journeyExporters } from "./journey.exporter.ts";

const perJourney = [...identityLabels, "journey"];
const perComponent = [...perJourney, "component"];
const before = Object.keys(baselines).join(" or ");

export const wait = signal({
  name: "journey_wait",
  title: "What users wait for, per journey",
  description:
    "For how long a user who goes through every step once waits for each component, as it was in the last hour. Time in which users think is not in it.",
  unit: "seconds",
  labels: perComponent,
  series: recordedAs.wait,
  source: "groups",
});

export const waitShare = signal({
  name: "journey_wait_share",
  title: "Share of the waiting",
  description: "Where the time of a journey goes: each component's part of all that its users waited in the last hour.",
  unit: "ratio",
  labels: perComponent,
  series: recordedAs.share,
  source: "groups",
});

export const waitGrowth = signal({
  name: "journey_wait_growth",
  title: "How much longer users wait, per journey",
  description: `The mean of the last hour less that of the same hour of ${before}.`,
  unit: "seconds",
  labels: [...perComponent, "since"],
  series: recordedAs.growth,
  source: "groups",
});

export const bottleneckNow = signal({
  name: "journey_bottleneck",
  title: "The bottleneck now",
  description: `The component that grew most, where a journey takes a tenth longer through it alone than ${before} and that is no chance (4 standard errors).`,
  unit: "seconds",
  labels: [...perComponent, "since", "load", "at", "runbook", "advice"],
  series: recordedAs.bottleneck,
  source: "groups",
});

/** Where the time of a journey goes, which part grew, and what to do first. It has no alert: it explains those of journeys. */
export const bottleneck: Pack = {
  name: bottleneckPack,
  title: "Bottlenecks",
  derived: {
    interval: comparedEvery,
    groups: (platform) => bottleneckGroups(platform, from(journeyExporters)),
  },
  learnsFrom: [recordedAs.counted, recordedAs.stepWait, recordedAs.wait, recordedAs.begun],
  signals: [wait, waitShare, waitGrowth, bottleneckNow],
  alerts: [],
};
