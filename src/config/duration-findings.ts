import { type Duration, days, formatDuration, minutes, seconds } from "../model/quantity.ts";
import type { PlatformDraft, PlatformFinding } from "./platform-draft.ts";

type At = (string | number)[];

/** Intervals, retention, buckets, and how long alerts wait. */
export const durationFindings = (props: PlatformDraft): PlatformFinding[] => [
  ...bucketFindings(props),
  ...rangeFindings(props),
];

/** A histogram's edges rise; that is how Prometheus' clients and OpenTelemetry's SDKs take them. */
function bucketFindings({ services }: PlatformDraft): PlatformFinding[] {
  return (services ?? []).flatMap((service, s) =>
    (service?.instrumentation?.latencyBucketsSeconds ?? []).flatMap((edge, e, edges): PlatformFinding[] => {
      const before = edges[e - 1];
      if (edge === undefined) return [];
      const common = {
        path: ["services", s, "instrumentation", "latency_buckets", e],
        rule: "config/buckets",
        severity: "error",
      } as const;
      if (!(edge > 0 && Number.isFinite(edge))) {
        return [
          {
            ...common,
            summary: `The edge of ${edge} s is not above zero.`,
            detail: "Nothing takes less than a millisecond here.",
            fix: "Remove it.",
          },
        ];
      }
      if (before === undefined || edge > before) return [];
      const what =
        edge === before
          ? `The edge of ${edge} s is there twice.`
          : `The edge of ${edge} s comes after that of ${before} s.`;
      return [
        { ...common, summary: what, detail: "Edges must rise from one to the next.", fix: "Sort them, each once." },
      ];
    }),
  );
}

/** The packs' rates look back 5 minutes; two samples are needed, four keep a lost one from showing. */
const rateWindow = minutes(5);
const keptAtLeast = days(90);
/** Prometheus counts nanoseconds in 64 bits: 292 years. */
const longest = days(36_500);

function rangeFindings(props: PlatformDraft): PlatformFinding[] {
  const { intervals, environments, retention, heartbeat, thresholds, services } = props;
  const own = Object.keys(retention?.logsIn ?? {});
  const paging = (environments ?? []).flatMap((one) =>
    one?.name !== undefined && one.pages !== false ? [one.name] : [],
  );
  const isCommon = paging.length === 0 || paging.some((name) => !own.includes(name));
  const overrides = [
    { at: ["thresholds"] as At, own: thresholds },
    ...(services ?? []).map((service, s) => ({ at: ["services", s, "thresholds"] as At, own: service?.thresholds })),
  ];
  const durations: [At, Duration | undefined, ((duration: Duration) => Judgement | undefined)?][] = [
    [["intervals", "scrape"], intervals?.scrape, scrapeTooRare],
    ...(services ?? []).map((service, s): [At, Duration | undefined, typeof scrapeTooRare] => [
      ["services", s, "scrape", "interval"],
      service?.scrape?.interval,
      scrapeTooRare,
    ]),
    [["intervals", "evaluation"], intervals?.evaluation],
    [["heartbeat", "every"], heartbeat?.every, beatTooRare],
    [["retention", "metrics"], retention?.metrics, keptTooShort],
    [["retention", "logs"], retention?.logs, isCommon ? logsKeptTooShort : lostTooSoon],
    ...Object.entries(retention?.logsIn ?? {}).map(([name, kept]): [At, Duration | undefined, typeof keptTooShort] => [
      ["retention", "logs_in", name],
      kept,
      paging.includes(name) ? logsKeptTooShort : lostTooSoon,
    ]),
    ...overrides.flatMap(({ at, own }) =>
      Object.entries(own ?? {}).flatMap(([name, change]): [At, Duration | undefined][] => [
        [[...at, name, "for"], change?.for],
        ...Object.entries(change?.environments ?? {}).map(([environment, there]): [At, Duration | undefined] => [
          [...at, name, "environments", environment, "for"],
          there ? there.for : undefined,
        ]),
      ]),
    ),
  ];
  return durations.flatMap(([path, duration, judge]) => {
    const finding = duration && (outOfRange(duration, path) ?? judge?.(duration));
    return finding ? [{ path, severity: "error", ...finding }] : [];
  });
}

type Judgement = Omit<PlatformFinding, "path" | "severity"> & Partial<Pick<PlatformFinding, "severity">>;

function outOfRange({ value }: Duration, path: At): Judgement | undefined {
  const name = path.at(-1);
  // Zero for an alert's `for` is told where it is compared with the interval of evaluation.
  if (!(value > 0) && name !== "for") {
    return {
      rule: "config/quantity",
      summary: `\`${name}\` must be longer than zero.`,
      detail: "Nothing finer than a millisecond exists.",
      fix: "Choose a longer time, or leave the key out.",
    };
  }
  if (value <= longest.value) return undefined;
  return { rule: "config/quantity", summary: `\`${name}\` is longer than 100 years.`, fix: "Choose a shorter time." };
}

function scrapeTooRare(interval: Duration): Judgement | undefined {
  const most = seconds(rateWindow.value / 4);
  if (interval.value <= most.value) return undefined;
  const never = interval.value > rateWindow.value / 2;
  return {
    rule: "config/scrape-interval",
    severity: never ? "error" : "warning",
    summary: `Scraping every ${formatDuration(interval)} is too rare for rates over ${formatDuration(rateWindow)}.`,
    detail: never
      ? "A rate needs at least two samples in its window: alerts on rates would have nothing to go by."
      : "One scrape that is lost leaves a hole: less than four fall into the window.",
    fix: `Choose ${formatDuration(most)} or less; 15s is the default.`,
  };
}

/** Alertmanager looks at what it sends not much more often than that; nobody is saved by what is told an hour late. */
const beats = { most: seconds(10), least: minutes(30) };

function beatTooRare(every: Duration): Judgement | undefined {
  const isTooOften = every.value < beats.most.value;
  if (!isTooOften && every.value <= beats.least.value) return undefined;
  return {
    rule: "config/heartbeat",
    severity: isTooOften ? "error" : "warning",
    summary: `A heartbeat every ${formatDuration(every)} is too ${isTooOften ? "often" : "rare"}.`,
    detail: isTooOften
      ? "Alertmanager would do little else."
      : "That nobody can be told of anything is known only when a beat or two are missing.",
    fix: `Choose ${formatDuration(beats.most)} to ${formatDuration(beats.least)}; 1m is the default.`,
  };
}

/** A compactor that worked more finely would delete what is still being written; Loki refuses it. */
const logsKeptLeast = days(1);

const lostTooSoon = (kept: Duration): Judgement | undefined =>
  kept.value >= logsKeptLeast.value
    ? undefined
    : {
        rule: "config/retention",
        summary: `Logs cannot be kept for ${formatDuration(kept)} only.`,
        detail: `Loki keeps them for at least ${formatDuration(logsKeptLeast)}.`,
        fix: `Choose ${formatDuration(logsKeptLeast)} or more.`,
      };

const logsKeptTooShort = (kept: Duration): Judgement | undefined => lostTooSoon(kept) ?? keptTooShort(kept);

const keptTooShort = (kept: Duration): Judgement | undefined =>
  kept.value >= keptAtLeast.value
    ? undefined
    : {
        rule: "config/retention",
        severity: "warning",
        summary: `Data is kept for ${formatDuration(kept)} only.`,
        detail: `Performance data is to be kept for at least ${formatDuration(keptAtLeast)}.`,
        fix: `Choose ${formatDuration(keptAtLeast)} or more.`,
      };
