import { anomalyGroups, judgedEvery, recordedAs, verdict, type Watched } from "../src/derived/anomaly-rules.ts";
import { listedSignals, signalsListedBy } from "../src/derived/listed-signals.ts";
import { anomalyPack, identityLabels } from "../src/model/conventions.ts";
import { alert, type Pack, signal } from "../src/model/pack.ts";
import type { Platform, Service } from "../src/model/platform.ts";
import { count, minutes } from "../src/model/quantity.ts";

export const unusualness = signal({
  name: "anomaly_score",
  title: "How unusual values are",
  description:
    "The worst of the last 6 hours: 1 is as far outside what was usual in four weeks, or at this time of day, as is worth a look. Negative inside it.",
  unit: "count",
  labels: [...identityLabels, "signal"],
  hasMoreLabels: true,
  series: verdict.series,
  source: { once: verdict.expr },
});

/** What is drawn beside the verdict: which evidence there is for it, and the values themselves. */
export const evidence = signal({
  name: "anomaly_evidence",
  title: "How unusual values are now, by evidence",
  description:
    "level: outside the band of four weeks. season: the mean of an hour outside what it was around this time of day. 1 is worth a look, below 0 is inside.",
  unit: "count",
  labels: [...identityLabels, "signal", "evidence"],
  hasMoreLabels: true,
  series: recordedAs.score,
  source: "groups",
});
export const watchedValue = signal({
  name: "anomaly_value",
  title: "Watched values and what is usual for them",
  description:
    "Every watched signal, each in its own unit: choose one above. Nearly all values of the last four weeks lie between the usual low and high.",
  unit: "count",
  labels: [...identityLabels, "signal"],
  hasMoreLabels: true,
  series: recordedAs.value,
  band: { low: recordedAs.low, high: recordedAs.high },
  source: "groups",
});

export const SignalAnomaly = alert({
  name: "SignalAnomaly",
  pack: anomalyPack,
  signal: unusualness,
  // Twice as far is what a threshold of 2 asks for. It tells of what is unusual, not of what is wrong: nobody is woken.
  above: { warning: count(1) },
  // The values are rates and shares over minutes already, and a verdict stands for hours.
  for: minutes(5),
  summary: "{{ $labels.service }}: {{ $labels.signal }} is unlike anything in the last weeks",
  impact:
    "{{ $labels.signal }} of {{ $labels.service }} lies {{ $value | humanize }} times as far outside its usual range as is worth a look. Nothing needs to be broken: more users or a release look like this, too.",
});

/** The signals that services of a platform have watched, in the order of the packs. */
export const watchedOf = (platform: Pick<Platform, "packs" | "services">): Watched[] =>
  listedSignals(platform, "anomalies").map(({ signal: { name, series }, services }) => ({
    signal: name,
    series,
    services,
  }));

/** The signals of a service that are watched, as it lists them. */
export const watchedBy = (service: Pick<Service, "anomalies">, platform: Pick<Platform, "packs">) =>
  signalsListedBy(service, platform, "anomalies");

/** What is unusual for a signal, whatever pack it is of: learned from its own past instead of set by a threshold. */
export const anomaly: Pack = {
  name: anomalyPack,
  title: "Anomalies",
  derived: {
    interval: judgedEvery,
    groups: (platform) => anomalyGroups(watchedOf(platform)),
  },
  learnsFrom: [recordedAs.value, recordedAs.hourMean],
  signals: [watchedValue, evidence, unusualness],
  alerts: [SignalAnomaly],
};
