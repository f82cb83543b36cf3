import type { Exporter } from "../model/exporter.ts";
import { exporterOf } from "../model/pack.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Packs, PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown, words } from "./seen.ts";

type Services = NonNullable<PlatformDraft["services"]>;
type At = (string | number)[];

/** Names that a service gives its metrics in place of those of the contract, and contracts that need to be scraped. */
export const metricFindings = ({ services }: PlatformDraft, packs: Packs): PlatformFinding[] =>
  (services ?? []).flatMap((service, s) => {
    const { kind, metrics } = service?.instrumentation ?? {};
    const at: At = ["services", s];
    const exporter = exporterOf(kind, packs);
    return [
      ...unscraped(service, at, exporter),
      ...(exporter?.isContract ? nameFindings(metrics ?? {}, [...at, "instrumentation", "metrics"], exporter) : []),
    ];
  });

/** What the scrape does, nobody does for a service that sends its metrics. */
function unscraped(service: Services[number], at: At, exporter: Exporter | undefined): PlatformFinding[] {
  if (!service?.otlp || !exporter) return [];
  const { isContract, hostLabel, probes, places } = exporter;
  const needs = [
    ...(isContract && service.instrumentation?.metrics ? ["gives metrics their names in the contract"] : []),
    ...(isContract && hostLabel !== undefined ? [`tells from its address which ${hostLabel} it is`] : []),
    ...(probes ? [`asks it about each of its ${places?.key}`] : []),
  ];
  if (needs.length === 0) return [];
  return [
    {
      path: [...at, "otlp"],
      dependsOn: [
        [...at, "otlp"],
        [...at, "instrumentation", "kind"],
      ],
      atKey: true,
      rule: "config/needs-scrape",
      severity: "error",
      summary: `This service sends its metrics, but the instrumentation ${exporter.id} needs the scrape.`,
      detail: `It is the scrape that ${needs.join(" and that ")}.`,
      fix: "Reach the service by `scrape`.",
    },
  ];
}

function nameFindings(
  metrics: Readonly<Record<string, string | undefined>>,
  at: At,
  { id, metrics: contract }: Exporter,
): PlatformFinding[] {
  const names = [...new Set(contract.map(({ name }) => name))].sort();
  const first = new Map<string, string>();
  return Object.entries(metrics).flatMap(([name, real]): PlatformFinding[] => {
    const path = [...at, name];
    const dependsOn = [path, [...at.slice(0, -1), "kind"]];
    if (!names.includes(name)) {
      const near = didYouMean(name, names);
      return [
        {
          path,
          dependsOn,
          atKey: true,
          rule: "config/unknown-metric",
          severity: "error",
          summary: `The contract of ${id} has no metric ${shown(name)}.`,
          detail: `It has: ${words(names)}. The name of the contract stands first, the service's own behind it.`,
          fix: near === undefined ? "Write one of these." : `Did you mean ${near}?`,
        },
      ];
    }
    if (real === undefined) return [];
    if (names.includes(real) && real !== name) {
      return [
        {
          path,
          dependsOn,
          rule: "config/metric-renamed-twice",
          severity: "error",
          summary: `${shown(real)} is itself a metric of the contract of ${id}.`,
          detail: `Taken for ${name}, it would no longer be there as what it is.`,
          fix: "Let the service show it under a name of its own, or leave this line out.",
        },
      ];
    }
    const other = first.get(real);
    first.set(real, other ?? name);
    if (other === undefined) return [];
    return [
      {
        path,
        dependsOn,
        other: [...at, other],
        rule: "config/metric-renamed-twice",
        severity: "error",
        summary: `${shown(real)} is taken for two metrics of the contract: ${other} and ${name}.`,
        fix: "Leave one of them out: a metric can only be one thing.",
      },
    ];
  });
}
