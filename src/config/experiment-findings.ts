import { identityLabels, instrumentationLabel } from "../model/conventions.ts";
import { instrumentations, isHttpInstrumentation } from "../model/instrumentation.ts";
import { type ExperimentKpi, experimentKpis } from "../model/platform-props.ts";
import { days, formatDuration, formatQuantity, type Quantity, seconds } from "../model/quantity.ts";
import type { PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown, words } from "./seen.ts";

type At = (string | number)[];
type Item<T> = NonNullable<T> extends readonly (infer Element)[] ? NonNullable<Element> : never;
type ServiceDraft = Item<PlatformDraft["services"]>;
type ExperimentDraft = Item<ServiceDraft["experiments"]>;

/** Where each KPI comes from, by the kind of instrumentation. */
const kpisOf = { http: ["failed", "slow"], journey: ["missed"] } as const satisfies Record<string, ExperimentKpi[]>;

/** Experiments whose variants nothing could tell apart or compare. */
export const experimentFindings = ({ services, retention }: PlatformDraft): PlatformFinding[] =>
  (services ?? []).flatMap((service, s) =>
    (service?.experiments ?? []).flatMap((one, index, all) => {
      const kind = service?.instrumentation?.kind;
      if (!service || !one || kind === undefined) return [];
      const path = ["services", s, "experiments", index];
      const shows = isHttpInstrumentation(kind) ? "http" : kind === "journey" ? "journey" : undefined;
      if (shows === undefined) return [cannotCarry(kind, path)];
      return [
        ...(index === 0 ? keptFindings(retention?.metrics, path.slice(0, 3)) : []),
        ...labelFindings(one, kind, path),
        ...variantFindings(one, path),
        ...kpiFindings(one, kind, kpisOf[shows], path),
        ...boundFindings(one, service, path),
        ...journeyFindings(one, service, path),
        ...all.slice(0, index).flatMap((other, earlier) =>
          other?.name !== undefined && other.name === one.name
            ? [
                error([...path, "name"], {
                  rule: "config/duplicate-name",
                  other: ["services", s, "experiments", earlier, "name"],
                  summary: `The experiment ${shown(one.name)} is there twice.`,
                  detail: "What is counted of one would be counted of the other.",
                  fix: "Give each a name of its own.",
                }),
              ]
            : [],
        ),
      ];
    }),
  );

const error = (path: At, rest: Omit<PlatformFinding, "path" | "severity">): PlatformFinding => ({
  path,
  severity: "error",
  ...rest,
});

const cannotCarry = (kind: string, path: At): PlatformFinding =>
  error(path, {
    rule: "config/not-shown",
    dependsOn: [path, [...path.slice(0, 2), "instrumentation"]],
    summary: `An experiment needs a label that names the variant, and ${shown(kind)} has none to give.`,
    detail: `Variants are compared by requests, as ${words(Object.keys(instrumentations))} count them, or by journeys, as a service of the kind journey does.`,
    fix: "Count what the users of each variant do where they are served: in a service with `journeys`, or in the one that answers their requests.",
  });

/** Followed for 28 days, and remembered for one more: else nobody knows that one is over. */
const neededSeconds = days(29).value;

const keptFindings = (kept: Quantity<"seconds"> | undefined, path: At): PlatformFinding[] =>
  kept && kept.value < neededSeconds
    ? [
        error(path, {
          rule: "config/experiment-retention",
          atKey: true,
          dependsOn: [path, ["retention", "metrics"]],
          summary: `Metrics are kept for ${formatDuration(kept)}, and an experiment is counted from its beginning on, for up to 28 days.`,
          fix: "Keep them longer with `retention.metrics`, 29d at least.",
        }),
      ]
    : [];

function labelFindings({ label }: ExperimentDraft, kind: string, path: At): PlatformFinding[] {
  const own = isHttpInstrumentation(kind)
    ? [instrumentations[kind].routeLabel, instrumentations[kind].methodLabel, instrumentations[kind].statusLabel]
    : ["journey", "step", "outcome"];
  const taken = [...identityLabels, instrumentationLabel, "job", "instance", "le", "experiment", "kpi", "arm", ...own];
  return label !== undefined && taken.includes(label)
    ? [
        error([...path, "label"], {
          rule: "config/experiment-label",
          summary: `The label ${shown(label)} says something else, not which variant it is.`,
          fix: "Name the label of its metrics whose value is the variant, such as variant.",
        }),
      ]
    : [];
}

/** Two variants that are one, and levels and parts that say nothing. */
function variantFindings({ control, treatment, level, share }: ExperimentDraft, path: At): PlatformFinding[] {
  return [
    ...(control !== undefined && control === treatment
      ? [
          error([...path, "treatment"], {
            rule: "config/experiment-variants",
            other: [...path, "control"],
            summary: `Control and treatment are both ${shown(control)}.`,
            fix: "Name the values that the label has for the one and for the other.",
          }),
        ]
      : []),
    ...(level && (level.value < 0.0001 || level.value > 0.2)
      ? [
          error([...path, "level"], {
            rule: "config/experiment-level",
            summary: `The level is ${formatQuantity(level)}: so often a difference is told of where there is none.`,
            fix: "Choose 0.01% to 20%; 5% is usual.",
          }),
        ]
      : []),
    ...(share && (share.value < 0.01 || share.value > 0.99)
      ? [
          error([...path, "share"], {
            rule: "config/experiment-share",
            summary: `${formatQuantity(share)} of the users get the treatment: that leaves too few of one variant to compare with the other.`,
            fix: "Choose 1% to 99%: the part of those who take part that gets the treatment. Half is quickest.",
          }),
        ]
      : []),
  ];
}

function kpiFindings(
  { kpis = {} }: ExperimentDraft,
  kind: string,
  known: readonly ExperimentKpi[],
  path: At,
): PlatformFinding[] {
  return experimentKpis.flatMap((kpi): PlatformFinding[] => {
    const effect: Quantity<"ratio"> | undefined = kpis[kpi];
    if (!effect) return [];
    const at = [...path, "kpis", kpi];
    if (!known.includes(kpi)) {
      return [
        error(at, {
          rule: "config/experiment-kpi",
          atKey: true,
          dependsOn: [at, [...path.slice(0, 2), "instrumentation"]],
          summary: `${shown(kind)} does not tell what is ${kpi}.`,
          detail: `Its variants can be compared by ${words([...known])}.`,
          fix: "Remove it, or put it into an experiment of the service that counts it.",
        }),
      ];
    }
    if (effect.value > 0 && effect.value <= 0.5) return [];
    return [
      error(at, {
        rule: "config/experiment-effect",
        summary: `The smallest difference that matters is ${formatQuantity(effect)}.`,
        detail: "It decides how many events are planned: for a difference of nothing, endlessly many.",
        fix: "Choose more than 0 % and at most 50 %, such as 2%.",
      }),
    ];
  });
}

function boundFindings({ kpis, within }: ExperimentDraft, service: ServiceDraft, path: At): PlatformFinding[] {
  const { kind = "", latencyBucketsSeconds } = service.instrumentation ?? {};
  if (!isHttpInstrumentation(kind)) return [];
  const dependsOn = [
    [...path, "within"],
    [...path, "kpis"],
    [...path.slice(0, 2), "instrumentation"],
  ];
  if (kpis?.slow && !within) {
    return [
      error([...path, "kpis", "slow"], {
        rule: "config/experiment-bound",
        atKey: true,
        dependsOn,
        summary: "Nothing says what is slow.",
        fix: "Say from when on with `within`, such as 500ms: an edge of its latency histogram.",
      }),
    ];
  }
  const edges = (latencyBucketsSeconds ?? instrumentations[kind].defaultBucketsSeconds).filter(
    (edge) => edge !== undefined,
  );
  if (!within || edges.includes(within.value)) return [];
  return [
    error([...path, "within"], {
      rule: "config/experiment-bound",
      dependsOn,
      summary: `${formatDuration(within)} is no edge of the service's latency histogram.`,
      detail: "Only what is in a bucket can be counted; anything between two edges would be a guess.",
      fix: `Choose one of ${edges.map((edge) => formatDuration(seconds(edge))).join(", ")}, or give the histogram this edge and list it in \`latency_buckets\`.`,
    }),
  ];
}

function journeyFindings({ kpis, journey }: ExperimentDraft, { journeys }: ServiceDraft, path: At): PlatformFinding[] {
  if (!kpis?.missed || !journeys) return [];
  const known = Object.keys(journeys);
  if (journey !== undefined && known.includes(journey)) return [];
  const at = journey === undefined ? [...path, "kpis", "missed"] : [...path, "journey"];
  return [
    error(at, {
      rule: "config/experiment-journey",
      ...(journey === undefined && { atKey: true as const }),
      dependsOn: [at, [...path.slice(0, 2), "journeys"]],
      summary:
        journey === undefined ? "Nothing says which journey is missed." : `There is no journey ${shown(journey)}.`,
      fix: `Name it with \`journey\`: ${words(known)}.`,
    }),
  ];
}
