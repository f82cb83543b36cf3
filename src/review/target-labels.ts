import { parse } from "yaml";
import type { Engine } from "../engine/engine.ts";
import type { DiscoveredTarget } from "../engine/relabelling.ts";
import { identityLabels, instrumentationLabel } from "../model/conventions.ts";
import { compareText, type Finding } from "../model/finding.ts";
import type { Platform, Service } from "../model/platform.ts";
import { targetsOfInstance } from "../model/targets.ts";

/** The parts of a prometheus.yml that say which targets there are. */
interface ScrapeFile {
  scrape_configs?: { job_name: string; static_configs?: { targets?: string[]; labels?: Record<string, string> }[] }[];
}

/** What the series of one of a service's instances must carry: rules select by it, routes match it, panels filter by it. */
export function targetLabels(service: Service, environment: string, instance: string): Record<string, string> {
  const [environmentLabel, serviceLabel, teamLabel] = identityLabels;
  return {
    [environmentLabel]: environment,
    [serviceLabel]: service.name,
    [teamLabel]: service.owner,
    [instrumentationLabel]: service.instrumentation.kind,
    job: service.name,
    instance,
  };
}

/**
 * Sends every target of a prometheus.yml through its relabelling, as Prometheus does, and compares what its series get
 * with what the platform says of the service: each target of each instance once, with these labels and no others.
 *
 * @param prometheusYml as it is deployed
 */
export function targetFindings(
  { services }: Platform,
  prometheusYml: { path: string; text: string },
  engine: Pick<Engine, "relabel">,
): Finding[] {
  const { path: file, text } = prometheusYml;
  const discovered = discoveredTargets(parse(text) as ScrapeFile);
  const { errors, targets } = engine.relabel({ name: file, yaml: text }, discovered);
  const finding = (rule: string, summary: string, line?: number, column?: number): Finding => ({
    rule: `scrape/${rule}`,
    severity: "error",
    place: { file, line, column },
    summary,
  });
  if (errors.length > 0) return errors.map(({ line, column, message }) => finding("invalid", message, line, column));
  const kept = targets.flatMap((one) => (one.outcome === "kept" ? [one.labels] : []));
  const wanted = services.flatMap((service) =>
    Object.entries(service.scrape?.targets ?? {}).flatMap(([environment, instances]) =>
      instances.flatMap((instance) =>
        targetsOfInstance(service, instance).map(({ labels }) => ({
          ...targetLabels(service, environment, instance),
          ...labels,
        })),
      ),
    ),
  );
  const expected = countById(wanted);
  const seen = countById(kept);
  return [
    ...[...expected].flatMap(([id, count]) =>
      (seen.get(id) ?? 0) < count ? [finding("target-missing", `No target of the file gets the labels ${id}.`)] : [],
    ),
    ...[...seen].flatMap(([id, count]) =>
      count > (expected.get(id) ?? 0)
        ? [finding("target-labels", `A target gets the labels ${id}, which no rule, route or panel expects.`)]
        : [],
    ),
  ];
}

const discoveredTargets = ({ scrape_configs = [] }: ScrapeFile): DiscoveredTarget[] =>
  scrape_configs.flatMap(({ job_name: job, static_configs = [] }) =>
    static_configs.flatMap(({ targets = [], labels }) =>
      targets.map((address) => ({ job, labels: { ...labels, __address__: address } })),
    ),
  );

/** How often each set of labels is there. */
function countById(all: readonly Record<string, string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const labels of all) {
    const sorted = Object.entries(labels).sort(([a], [b]) => compareText(a, b));
    const id = `{${sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(", ")}}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
