import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { instrumentationLabel } from "../model/conventions.ts";
import type { Platform, ScrapeReach, Service } from "../model/platform.ts";
import { formatDuration } from "../model/quantity.ts";
import { alertmanagerAddress } from "./alertmanager.ts";

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
      service.scrape ? [scrapeJob(service, service.scrape)] : [],
    ),
  });
}

function scrapeJob({ name, owner, instrumentation }: Service, { path, scheme, targets }: ScrapeReach) {
  return {
    job_name: name,
    metrics_path: path ?? "/metrics",
    scheme: scheme ?? "http",
    static_configs: Object.entries(targets).map(([environment, addresses]) => ({
      targets: addresses,
      labels: { environment, service: name, team: owner, [instrumentationLabel]: instrumentation.kind },
    })),
  };
}
