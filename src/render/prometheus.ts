import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { instrumentationLabel } from "../model/conventions.ts";
import type { Platform, ScrapeReach, Service } from "../model/platform.ts";
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
  const identity = { service: name, team: owner, [instrumentationLabel]: instrumentation.kind };
  return {
    job_name: name,
    ...(scrapeInterval.value !== usualInterval.value && { scrape_interval: formatDuration(scrapeInterval) }),
    metrics_path: path ?? exporter?.probes?.path ?? usual?.path ?? "/metrics",
    scheme: scheme ?? usual?.scheme ?? "http",
    ...(password && { basic_auth: { username: username ?? usual?.username, password_file: secretFile(password) } }),
    ...(params && { params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, [value]])) }),
    static_configs: Object.entries(targets).flatMap(([environment, addresses]) =>
      targetsOfInstance(service).map(({ place, labels }) => ({
        targets: addresses,
        // Prometheus makes a query parameter of such a label, and gives it to no series.
        labels: {
          environment,
          ...identity,
          ...labels,
          ...(place !== undefined && { [`__param_${placeParam}`]: place }),
        },
      })),
    ),
  };
}
