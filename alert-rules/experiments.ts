import { experimentsPack } from "../src/model/conventions.ts";
import { alert, type Pack } from "../src/model/pack.ts";
import { minutes, percent } from "../src/model/quantity.ts";
import { armBad, armEvents, countedEvery } from "./experiments.events.ts";
import { armShare, experimentSignals, harm } from "./experiments.signals.ts";
import { splitSignals } from "./experiments.split.ts";

/** The share of one variant, as text. */
const shareOf = (arm: string): string =>
  `{{ with printf "${armShare.series}{environment=%q, service=%q, experiment=%q, kpi=%q, arm=%q}" $labels.environment $labels.service $labels.experiment $labels.kpi "${arm}" | query }}{{ . | first | value | humanizePercentage }}{{ else }}{{ "?" }}{{ end }}`;

export const ExperimentHarmful = alert({
  name: "ExperimentHarmful",
  pack: experimentsPack,
  signal: harm,
  // One bad event more in a thousand, and that for certain: less is not worth a message.
  above: { warning: percent(0.1) },
  // Counts since the beginning do not flap.
  for: minutes(5),
  summary:
    "the experiment {{ $labels.experiment }} of {{ $labels.service }} does harm: at least {{ $value | humanizePercentage }} more is {{ $labels.kpi }} with the treatment",
  impact: `With the treatment ${shareOf("treatment")} is {{ $labels.kpi }}, with the control ${shareOf("control")}. That is no chance, however often one has looked. Users who get the treatment fare worse until the experiment is ended.`,
});

/** Which of two variants is better, for whom. */
export const experiments: Pack = {
  name: experimentsPack,
  title: "Experiments",
  derived: { interval: countedEvery, groups: () => [] },
  learnsFrom: [armEvents.series, armBad.series],
  signals: [...experimentSignals, ...splitSignals],
  alerts: [ExperimentHarmful],
};
