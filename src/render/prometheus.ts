import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { instrumentationLabel } from "../model/conventions.ts";
import type { Platform, Service } from "../model/platform.ts";
import type { ScrapeReach } from "../model/platform-props.ts";
import { type Duration, formatDuration } from "../model/quantity.ts";
import { targetsOfInstance } from "../model/targets.ts";
import { alertmanagerAddress, secretFile } from "./alertmanager.ts";

/** Where the local Prometheus listens; the collector writes to it. */
export const prometheusAddress = "127.0.0.1:9090";

/**
 * One scrape job per service that is scraped. Services that send OTLP have none: the collector writes their metrics
 * here, so Prometheus runs with `--web.enable-remote-write-receiver`.
 */
export function renderPrometheus(platform: Platform): Artifact {
  return yamlArtifact("prometheus/prometheus.yml", {
    global: {
      scrape_interval: formatDuration(platform.intervals.scrape),
      evaluation_interval: formatDuration(platform.intervals.evaluation),
    },
    storage: { tsdb: { retention: { time: formatDuration(platform.retention.metrics) } } },
    rule_files: ["rules/*.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanagerAddress] }] }] },
    scrape_configs: platform.services.flatMap((service) =>
      service.scrape ? [scrapeJob(service, service.scrape, platform.intervals.scrape)] : [],
    ),
  });
}

function scrapeJob(
  service: Service,
  { path, scheme, username, password, targets }: ScrapeReach,
  usualInterval: Duration,
) {
  const { name, owner, instrumentation, exporter, scrapeInterval } = service;
  const { params, placeParam } = exporter?.probes ?? {};
  const usual = exporter?.scraped;
  const renamed = Object.entries(instrumentation.metrics ?? {});
  const identity = { service: name, team: owner, [instrumentationLabel]: instrumentation.kind };
  return {
    job_name: name,
    ...(scrapeInterval.value !== usualInterval.value && { scrape_interval: formatDuration(scrapeInterval) }),
    metrics_path: path ?? exporter?.probes?.path ?? usual?.path ?? "/metrics",
    scheme: scheme ?? usual?.scheme ?? "http",
    ...(password && { basic_auth: { username: username ?? usual?.username, password_file: secretFile(password) } }),
    ...(params && { params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, [value]])) }),
    ...(exporter?.isContract && writtenByHand),
    static_configs: Object.entries(targets).flatMap(([environment, addresses]) =>
      alike(service, addresses).flatMap((targets) =>
        targetsOfInstance(service, targets[0] ?? "").map(({ place, labels }) => ({
          targets,
          // Prometheus makes a query parameter of such a label, and gives it to no series.
          labels: {
            environment,
            ...identity,
            ...labels,
            ...(place !== undefined && { [`__param_${placeParam}`]: place }),
          },
        })),
      ),
    ),
    ...(renamed.length > 0 && {
      metric_relabel_configs: renamed.map(([name, shown]) => ({
        source_labels: ["__name__"],
        regex: shown,
        target_label: "__name__",
        replacement: name,
      })),
    }),
  };
}

/**
 * What answers by a contract is often written by hand: it may forget its Content-Type, without which Prometheus 3 takes
 * nothing, and give samples the time of a block, with which a series that ends would go on for five minutes.
 */
const writtenByHand = { fallback_scrape_protocol: "PrometheusText0.0.4", track_timestamps_staleness: true };

/** Addresses whose series get the same labels. */
const alike = ({ exporter }: Service, addresses: readonly string[]): (readonly string[])[] =>
  exporter?.hostLabel === undefined ? [addresses] : addresses.map((address) => [address]);
