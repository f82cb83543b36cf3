import { nestedPlaceKeys, type PlaceKey, placeKeys } from "../model/exporter.ts";
import {
  type InstrumentationId,
  instrumentationIds,
  instrumentations,
  isHttpInstrumentation,
} from "../model/instrumentation.ts";
import { exporterOf, type Pack } from "../model/pack.ts";
import type { Packs, PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { words } from "./seen.ts";
import { nestedExample, placeFormats, textFormats } from "./value-formats.ts";

/** Packs whose signals the instrumentation of their service does not show, and keys that mean nothing to it. */
export const instrumentationFindings = ({ services }: PlatformDraft, packs: Packs): PlatformFinding[] =>
  (services ?? []).flatMap((service, s) => {
    const { kind, latencyBucketsSeconds, singleStatusCodes, concurrencyLimit, metrics, issuesUrl } =
      service?.instrumentation ?? {};
    const http = kind !== undefined && isHttpInstrumentation(kind) ? instrumentations[kind] : undefined;
    const exporter = exporterOf(kind, packs);
    if (kind === undefined || !(exporter || isHttpInstrumentation(kind))) return [];
    const at = ["services", s];
    const dependsOn = (...path: (string | number)[]) => [path, [...at, "instrumentation", "kind"]];
    const unshown = (service?.packs ?? []).flatMap((name, p): PlatformFinding[] => {
      const pack = name !== undefined && Object.hasOwn(packs, name) ? packs[name] : undefined;
      const showing = pack && shownBy(pack);
      if (!pack || !showing || showing.includes(kind)) return [];
      return [
        {
          path: [...at, "packs", p],
          dependsOn: dependsOn(...at, "packs", p),
          rule: "config/not-shown",
          severity: "error",
          summary: `The instrumentation ${kind} shows nothing of what the pack ${pack.name} watches.`,
          detail: `${pack.name} is shown by: ${words(showing)}. A database or a host is a service of its own, with the address of its exporter.`,
          fix: `Leave ${pack.name} out, or give it to a service with one of these.`,
        },
      ];
    });
    const meaningless = (isGiven: boolean, path: (string | number)[], why: string): PlatformFinding[] =>
      isGiven
        ? [
            {
              path,
              dependsOn: dependsOn(...path),
              atKey: true,
              rule: "config/not-shown",
              severity: "error",
              summary: `\`${path.at(-1)}\` means nothing to the instrumentation ${kind}: ${why}.`,
              fix: "Remove it.",
            },
          ]
        : [];
    const noRequests = "it tells of no requests";
    const key = exporter?.places?.key;
    const isUnlisted = key && exporter.places?.default.length === 0 && service?.[key] === undefined;
    const unlisted: PlatformFinding[] = isUnlisted
      ? [
          {
            path: [...at, "instrumentation", "kind"],
            dependsOn: dependsOn(...at, key),
            rule: "config/missing-places",
            severity: "error",
            summary: `The instrumentation ${kind} tells only of the ${key} that ${exporter.probes ? "it is asked about" : "the service has"}, and none are listed.`,
            fix: `Give the service \`${key}\`, such as ${placesExample(key)}.`,
          },
        ]
      : [];
    return [
      ...unshown,
      ...unlisted,
      ...(isHttpInstrumentation(kind) && service?.routes === undefined
        ? unnamedRoutes(kind, service?.name ?? "the service", [...at, "instrumentation", "kind"], [...at, "routes"])
        : []),
      ...(exporter
        ? [
            ...meaningless(service?.routes !== undefined, [...at, "routes"], noRequests),
            ...meaningless(
              latencyBucketsSeconds !== undefined,
              [...at, "instrumentation", "latency_buckets"],
              noRequests,
            ),
            ...meaningless(
              singleStatusCodes !== undefined,
              [...at, "instrumentation", "single_status_codes"],
              noRequests,
            ),
          ]
        : []),
      ...meaningless(
        concurrencyLimit !== undefined && !http?.inProgress,
        [...at, "instrumentation", "concurrency_limit"],
        http ? "it has no gauge of requests in progress" : noRequests,
      ),
      ...(concurrencyLimit?.value === 0 ? noLimit([...at, "instrumentation", "concurrency_limit"]) : []),
      ...meaningless(
        issuesUrl !== undefined && exporter?.places?.key !== "projects",
        [...at, "instrumentation", "issues_url"],
        "it is no error tracker",
      ),
      ...(exporter?.isContract
        ? []
        : meaningless(metrics !== undefined, [...at, "instrumentation", "metrics"], "its metrics have fixed names")),
      ...[...placeKeys, ...nestedPlaceKeys].flatMap((key) =>
        exporter?.places?.key === key
          ? []
          : meaningless(service?.[key] !== undefined, [...at, key], tellsApart(key, exporter?.places?.key)),
      ),
    ];
  });

const noLimit = (path: (string | number)[]): PlatformFinding[] => [
  {
    path,
    rule: "config/quantity",
    severity: "error",
    summary: "The limit is 0: an instance that can work on no request answers none.",
    fix: "Write how many requests one instance can work on at once, such as 100.",
  },
];

/** Routes that nobody lists, of an instrumentation that has no label for them unless it is told to. */
function unnamedRoutes(
  kind: InstrumentationId,
  service: string,
  path: (string | number)[],
  routes: (string | number)[],
): PlatformFinding[] {
  const { routeSetting, routeLabel } = instrumentations[kind];
  if (routeSetting === undefined) return [];
  return [
    {
      path,
      dependsOn: [path, routes],
      rule: "config/no-routes",
      severity: "error",
      summary: `The instrumentation ${kind} has no label for routes unless it is told to, and the service lists none.`,
      detail: `Without the label \`${routeLabel}\`, alerts and panels cannot say which endpoint is slow or fails.`,
      fix: `Write ${routeSetting} in ${service}, and list what it then shows as \`${routeLabel}\` under \`routes\`.`,
    },
  ];
}

/** Ids of what shows a pack's signals; undefined where nothing needs to. */
const shownBy = ({ shownBy }: Pack): readonly string[] | undefined =>
  shownBy === "http" ? instrumentationIds : typeof shownBy === "object" ? shownBy.map(({ id }) => id) : undefined;

const placesExample = (key: PlaceKey): string =>
  (nestedPlaceKeys as readonly string[]).includes(key)
    ? nestedExample
    : `[${JSON.stringify(textFormats[placeFormats[key]].example)}]`;

const tellsApart = (key: PlaceKey, other: PlaceKey | undefined): string =>
  other ? `it tells ${other} apart` : `it tells no ${key} apart`;
