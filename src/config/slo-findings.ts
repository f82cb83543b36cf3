import { instrumentations, isHttpInstrumentation } from "../model/instrumentation.ts";
import { days, formatDuration, formatQuantity, seconds } from "../model/quantity.ts";
import type { Packs, PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown, words } from "./seen.ts";

type At = (string | number)[];
type Item<T> = NonNullable<T> extends readonly (infer Element)[] ? Element : never;
type ServiceDraft = NonNullable<Item<PlatformDraft["services"]>>;
type SloDraft = NonNullable<Item<ServiceDraft["slos"]>>;

/** Objectives that leave no budget, or cannot be told apart or counted as they are meant. */
export const sloFindings = ({ services, retention }: PlatformDraft, packs: Packs): PlatformFinding[] =>
  (services ?? []).flatMap((service, s) =>
    (service?.slos ?? []).flatMap((slo, index, all) => {
      if (!service || !slo) return [];
      const path = ["services", s, "slos", index];
      return [
        ...objectiveFindings(slo, [...path, "objective"]),
        ...windowFindings(slo, retention?.metrics?.value ?? days(90).value, [...path, "window"]),
        ...indicatorFindings(slo, service, packs, ["services", s], index),
        ...twiceFindings(slo, all, path),
      ];
    }),
  );

const error = (path: At, rest: Omit<PlatformFinding, "path" | "severity">): PlatformFinding => ({
  path,
  severity: "error",
  ...rest,
});

function objectiveFindings({ objective }: SloDraft, path: At): PlatformFinding[] {
  if (!objective || (objective.value > 0 && objective.value < 1)) return [];
  const isHigh = objective.value >= 1;
  return [
    error(path, {
      rule: "config/slo-objective",
      summary: `The objective is ${formatQuantity(objective)}.`,
      detail: isHigh
        ? "It leaves no error budget: the first failure would miss it, and how fast it burns is a division by zero."
        : "Everything may fail, and it would still be kept.",
      fix: isHigh ? "Choose less than 100 %, such as 99.9%." : "Choose more than 0 %, such as 99%.",
    }),
  ];
}

function windowFindings({ window }: SloDraft, keptSeconds: number, path: At): PlatformFinding[] {
  if (!window) return [];
  const day = days(1).value;
  if (!(window.value > 0) || window.value % day !== 0) {
    return [
      error(path, {
        rule: "config/slo-window",
        summary: `The window of ${formatDuration(window)} is not one of whole days.`,
        detail: "Attainment is told by days.",
        fix: `Choose ${Math.max(1, Math.round(window.value / day))}d; 30d is the default.`,
      }),
    ];
  }
  if (window.value <= keptSeconds) return [];
  return [
    error(path, {
      rule: "config/slo-window",
      dependsOn: [path, ["retention", "metrics"]],
      summary: `The window of ${formatDuration(window)} is longer than metrics are kept: ${formatDuration(seconds(keptSeconds))}.`,
      fix: "Choose a shorter window, or a longer `retention.metrics`.",
    }),
  ];
}

/** An indicator must be one of the service's packs, and its bound a bucket's edge: nothing else can be counted. */
function indicatorFindings(
  slo: SloDraft,
  service: ServiceDraft,
  packs: Packs,
  at: At,
  index: number,
): PlatformFinding[] {
  const path = [...at, "slos", index];
  const all = Object.values(packs).flatMap(({ name, indicators = [] }) =>
    indicators.map((indicator) => ({ pack: name, indicator })),
  );
  const known = all.find(({ indicator }) => indicator.name === slo.indicator);
  if (!known || !service.packs || service.packs.includes(undefined)) return [];
  if (!service.packs.includes(known.pack)) {
    const has = all.filter(({ pack }) => service.packs?.includes(pack)).map(({ indicator }) => indicator.name);
    return [
      error([...path, "indicator"], {
        rule: "config/slo-indicator",
        dependsOn: [
          [...path, "indicator"],
          [...at, "packs"],
        ],
        summary: `The indicator ${slo.indicator} belongs to the pack ${known.pack}, which this service does not have.`,
        detail: has.length > 0 ? `Its packs have: ${words(has)}.` : "Its packs have none.",
        fix: `Add ${known.pack} to its \`packs\`, or remove this.`,
      }),
    ];
  }
  return boundFindings(slo, known.indicator.isBounded ?? false, service, at, path);
}

function boundFindings(slo: SloDraft, isBounded: boolean, service: ServiceDraft, at: At, path: At): PlatformFinding[] {
  const { kind, latencyBucketsSeconds } = service.instrumentation ?? {};
  const edges =
    latencyBucketsSeconds ??
    (kind !== undefined && isHttpInstrumentation(kind) ? instrumentations[kind].defaultBucketsSeconds : []);
  const texts = edges.flatMap((edge) => (edge === undefined ? [] : formatDuration(seconds(edge))));
  const dependsOn = [
    [...path, "within"],
    [...at, "instrumentation"],
  ];
  const common = { rule: "config/slo-bound", dependsOn };
  if (!isBounded) {
    if (!slo.within) return [];
    const summary = `\`within\` means nothing to the indicator ${slo.indicator}: it has no bound.`;
    return [error([...path, "within"], { ...common, atKey: true, summary, fix: "Remove it." })];
  }
  if (!slo.within) {
    const summary = `The indicator ${slo.indicator} needs a bound: what takes longer is bad.`;
    return [error(path, { ...common, summary, fix: `Add \`within\`: ${texts.join(", ")}.` })];
  }
  if (edges.length === 0 || edges.includes(slo.within.value)) return [];
  return [
    error([...path, "within"], {
      ...common,
      summary: `${formatDuration(slo.within)} is no edge of the service's latency histogram.`,
      detail: "Only what is in a bucket can be counted; anything between two edges would be a guess.",
      fix: `Choose one of ${texts.join(", ")}, or give the histogram this edge and list it in \`latency_buckets\`.`,
    }),
  ];
}

/** Two of one name could not be told apart, whatever they count. */
function twiceFindings(slo: SloDraft, all: readonly (SloDraft | undefined)[], path: At): PlatformFinding[] {
  const nameOf = (one: SloDraft | undefined) => one?.name ?? one?.indicator;
  const name = nameOf(slo);
  const first = all.findIndex((one) => nameOf(one) === name);
  if (name === undefined || all[first] === slo) return [];
  return [
    error(path, {
      rule: "config/slo-twice",
      other: [...path.slice(0, -1), first],
      summary: `This service has two SLOs of the name ${shown(name)}.`,
      fix: slo.name === undefined ? "Give this one a `name` of its own, or remove it." : "Rename or remove one.",
    }),
  ];
}
