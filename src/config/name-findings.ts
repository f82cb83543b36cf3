import { nestedPlaceKeys, placeKeys } from "../model/exporter.ts";
import { listedPacks, recordedSignals } from "../model/pack.ts";
import type { ServiceProps } from "../model/platform-props.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Draft, Packs, PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown, words } from "./seen.ts";
import type { Path } from "./yaml-source.ts";

/** Names that are there twice where they must differ, and names that lead nowhere. */
export const nameFindings = (props: PlatformDraft, packs: Packs): PlatformFinding[] => [
  ...duplicateNames(props),
  ...unknownNames(props, packs),
];

interface Named {
  name: string | undefined;
  path: Path;
}

const named = (items: readonly (Draft<{ name: string }> | undefined)[] | undefined, ...at: (string | number)[]) =>
  (items ?? []).map((item, index): Named => ({ name: item?.name, path: [...at, index, "name"] }));

const listed = (items: readonly (string | undefined)[] | undefined, ...at: (string | number)[]) =>
  (items ?? []).map((name, index): Named => ({ name, path: [...at, index] }));

/** Two of one name, in each of the places where names must differ. */
function duplicateNames({ environments, teams, services, logs }: PlatformDraft): PlatformFinding[] {
  const receivers = (teams ?? []).flatMap((team, t) => named(team?.receivers, "teams", t, "receivers"));
  const telemetry = (services ?? []).flatMap((service, s): Named[] =>
    service?.otlp
      ? [{ name: service.otlp.serviceName ?? service.name, path: ["services", s, "otlp", "service_name"] }]
      : [],
  );
  return [
    ...repeated("Two environments have the name", named(environments, "environments")),
    ...repeated("Two teams have the name", named(teams, "teams")),
    ...repeated("Two receivers have the name", receivers, "Names of receivers are unique over all teams."),
    ...repeated("Two services have the name", named(services, "services")),
    ...repeated("Two services send their telemetry as", telemetry, "Nobody could tell their metrics apart."),
    ...repeated("In this list twice:", listed(logs?.readable, "logs", "readable")),
    ...(teams ?? []).flatMap((team, t) =>
      (team?.receivers ?? []).flatMap((receiver, r) =>
        repeated("In this list twice:", listed(receiver?.severities, "teams", t, "receivers", r, "severities")),
      ),
    ),
    ...(services ?? []).flatMap((service, s) => [
      ...repeated("In this list twice:", listed(service?.packs, "services", s, "packs")),
      ...listingKeys.flatMap((key) => repeated("In this list twice:", listed(service?.[key], "services", s, key))),
      ...repeated("In this list twice:", listed(service?.routes, "services", s, "routes")),
      ...placeKeys.flatMap((key) => repeated("In this list twice:", listed(service?.[key], "services", s, key))),
      ...nestedPlaceKeys.flatMap((key) =>
        Object.entries(service?.[key] ?? {}).flatMap(([outer, places]) =>
          repeated("In this list twice:", listed(places, "services", s, key, outer)),
        ),
      ),
      ...repeated("In this list twice:", listed(service?.otlp?.environments, "services", s, "otlp", "environments")),
    ]),
  ];
}

function repeated(what: string, all: readonly Named[], detail?: string): PlatformFinding[] {
  const first = new Map<string, Path>();
  return all.flatMap(({ name, path }): PlatformFinding[] => {
    if (name === undefined) return [];
    const other = first.get(name);
    if (!other) {
      first.set(name, path);
      return [];
    }
    const summary = `${what} ${shown(name)}.`;
    return [
      { path, other, rule: "config/duplicate-name", severity: "error", summary, detail, fix: "Rename or remove one." },
    ];
  });
}

/** Names that must exist elsewhere. Where not all names there can be read, nothing is said. */
function unknownNames({ environments, teams, services, retention }: PlatformDraft, packs: Packs): PlatformFinding[] {
  const environmentNames = known(environments);
  const teamNames = known(teams);
  const signalNames = new Set(recordedSignals(packs).map(({ name }) => name));
  const packNames = new Set(listedPacks(packs));
  const unknownKeys = (of: object | undefined, ...at: (string | number)[]) =>
    unknown(
      "environment",
      environmentNames,
      Object.keys(of ?? {}).map((name) => ({ name, path: [...at, name] })),
    ).map((finding) => ({ ...finding, atKey: true as const }));
  const ofServices = (services ?? []).flatMap((service, s) => [
    ...unknown("team", teamNames, [{ name: service?.owner, path: ["services", s, "owner"] }]),
    ...unknown("pack", packNames, listed(service?.packs, "services", s, "packs")),
    ...listingKeys.flatMap((key) => [
      ...unknown("signal", signalNames, listed(service?.[key], "services", s, key)),
      ...foreignSignals(service, [s, key], packs),
    ]),
    ...unknownKeys(service?.scrape?.targets, "services", s, "scrape", "targets"),
    ...unknown(
      "environment",
      environmentNames,
      listed(service?.otlp?.environments, "services", s, "otlp", "environments"),
    ),
  ]);
  return [...ofServices, ...unknownKeys(retention?.logsIn, "retention", "logs_in")];
}

/** Keys under which a service lists signals of which something is derived. */
const listingKeys = ["anomalies", "forecasts"] as const;

/** Signals that are listed, of packs that the service does not have: nothing records them of it. */
function foreignSignals(
  service: Draft<ServiceProps> | undefined,
  [s, key]: readonly [number, (typeof listingKeys)[number]],
  packs: Packs,
): PlatformFinding[] {
  const own = service?.packs?.filter((name) => name !== undefined);
  return (service?.[key] ?? []).flatMap((name, index): PlatformFinding[] => {
    const pack = Object.values(packs).find(({ signals }) => signals.some((one) => one.name === name));
    if (!pack || pack.derived || !own || own.includes(pack.name)) return [];
    return [
      {
        path: ["services", s, key, index],
        dependsOn: [
          ["services", s, key, index],
          ["services", s, "packs"],
        ],
        rule: "config/signal-not-in-packs",
        severity: "error",
        summary: `${shown(name ?? "")} is a signal of the pack ${pack.name}, which the service does not have.`,
        fix: `Add ${pack.name} to its \`packs\`, or remove the signal.`,
      },
    ];
  });
}

/** All names of a list; undefined where one cannot be read, since it may be just the one that is looked for. */
function known(items: readonly (Draft<{ name: string }> | undefined)[] | undefined): Set<string> | undefined {
  const names = new Set<string>();
  for (const item of items ?? []) {
    if (item?.name === undefined) return undefined;
    names.add(item.name);
  }
  return items && names;
}

function unknown(what: string, existing: ReadonlySet<string> | undefined, uses: readonly Named[]): PlatformFinding[] {
  return uses.flatMap(({ name, path }) => {
    if (!existing || name === undefined || existing.has(name)) return [];
    const near = didYouMean(name, existing);
    return [
      {
        path,
        rule: `config/unknown-${what}`,
        severity: "error",
        summary: `There is no ${what} ${shown(name)}.`,
        detail: `There are: ${words([...existing])}.`,
        fix:
          near !== undefined
            ? `Did you mean ${near}?`
            : `Write one of these${what === "team" || what === "environment" ? `, or add it to \`${what}s\`` : ""}.`,
      },
    ];
  });
}
