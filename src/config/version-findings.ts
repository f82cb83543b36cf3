import { identityLabels, instrumentationLabel } from "../model/conventions.ts";
import { instrumentations, isHttpInstrumentation } from "../model/instrumentation.ts";
import { formatDuration, seconds } from "../model/quantity.ts";
import type { PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown, words } from "./seen.ts";

type At = (string | number)[];
type ServiceDraft = NonNullable<NonNullable<PlatformDraft["services"]>[number]>;

/** Versions that nothing could tell apart or compare. */
export const versionFindings = ({ services }: PlatformDraft): PlatformFinding[] =>
  (services ?? []).flatMap((service, s) =>
    service?.versions ? findingsOf(service, service.versions, ["services", s]) : [],
  );

function findingsOf(
  { instrumentation = {} }: ServiceDraft,
  { label, within }: NonNullable<ServiceDraft["versions"]>,
  at: At,
): PlatformFinding[] {
  const { kind, latencyBucketsSeconds } = instrumentation;
  if (kind === undefined) return [];
  const path = [...at, "versions"];
  const error = (where: At, rest: Pick<PlatformFinding, "rule" | "summary" | "detail" | "fix" | "atKey">) =>
    ({ path: where, dependsOn: [where, [...at, "instrumentation"]], severity: "error", ...rest }) as const;
  if (!isHttpInstrumentation(kind)) {
    return [
      error(path, {
        rule: "config/not-shown",
        atKey: true,
        summary: `\`versions\` means nothing to the instrumentation ${kind}: it tells of no requests.`,
        detail: `Versions are compared by what comes of their requests, as ${words(Object.keys(instrumentations))} tell.`,
        fix: "Remove it.",
      }),
    ];
  }
  const { routeLabel, methodLabel, statusLabel, defaultBucketsSeconds } = instrumentations[kind];
  const taken = [
    ...identityLabels,
    instrumentationLabel,
    "job",
    "instance",
    "le",
    routeLabel,
    methodLabel,
    statusLabel,
  ];
  const edges = (latencyBucketsSeconds ?? defaultBucketsSeconds).filter((edge) => edge !== undefined);
  return [
    ...(label !== undefined && taken.includes(label)
      ? [
          error([...path, "label"], {
            rule: "config/version-label",
            summary: `The label ${shown(label)} says something else, not which version it is.`,
            fix: "Name the label of its request metrics whose value changes with each release, such as version.",
          }),
        ]
      : []),
    ...(within && edges.length > 0 && !edges.includes(within.value)
      ? [
          error([...path, "within"], {
            rule: "config/version-bound",
            summary: `${formatDuration(within)} is no edge of the service's latency histogram.`,
            detail: "Only what is in a bucket can be counted; anything between two edges would be a guess.",
            fix: `Choose one of ${edges.map((edge) => formatDuration(seconds(edge))).join(", ")}, or give the histogram this edge and list it in \`latency_buckets\`.`,
          }),
        ]
      : []),
  ];
}
