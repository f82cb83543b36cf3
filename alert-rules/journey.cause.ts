import { recordedAs } from "../src/derived/bottleneck-rules.ts";
import type { Alert } from "../src/model/pack.ts";

/** The labels of the alert's journey as a selector of a series, and whatever else it is chosen by. */
const ofJourney = (series: string, more = ""): string => `${series}{environment=%q, service=%q, journey=%q${more}}`;
const journeyLabels = "$labels.environment $labels.service $labels.journey";

/** The words about what a query finds first; `.` is that sample. */
const told = (query: string, args: string, words: string): string =>
  `{{ with printf "${query}" ${args} | query }}{{ with first . }}${words}{{ end }}`;

const { bottleneck, growth, share } = recordedAs;
const shareOfIt = `${told(ofJourney(share, ", component=%q"), `${journeyLabels} .Labels.component`, "{{ .Value | humanizePercentage }} of the waiting, ")}{{ end }}`;

const stands = [
  "Bottleneck: {{ .Labels.component }} ({{ .Labels.at }}), ",
  shareOfIt,
  "{{ .Value | humanizeDuration }} more than {{ .Labels.since }} with {{ .Labels.load }}. {{ .Labels.advice }}",
  "{{ with .Labels.runbook }} Runbook {{ . }}.{{ end }}",
].join("");

const journey = "environment, service, journey";
const most = "Most of the waiting, {{ .Value | humanizePercentage }}, is for {{ .Labels.component }}";
const largest = `topk(1, ${ofJourney(share)})`;

/**
 * What users of the alert's journey wait for: the part that grew and what to do first, else that none stands out, or that
 * nobody knows yet what was usual. Empty where the service does not tell.
 */
export const waitedFor: Alert["cause"] = {
  isToldOf: ({ components }) => components !== undefined,
  text: [
    told(ofJourney(bottleneck), journeyLabels, stands),
    `{{ else }}${told(`${largest} and on (${journey}) ${growth}`, journeyLabels, `Nothing stands out. ${most}, and no part has grown since yesterday or last week.`)}`,
    `{{ else }}${told(largest, journeyLabels, `${most}; what was usual is not known yet.`)}`,
    "{{ end }}{{ end }}{{ end }}",
  ].join(""),
};
