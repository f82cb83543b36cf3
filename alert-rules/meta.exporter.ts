import type { Exporter } from "../src/model/exporter.ts";
import { alertmanager } from "./meta/alertmanager.exporter.ts";
import { alloy, otelCollector } from "./meta/collector.exporter.ts";
import { grafana } from "./meta/grafana.exporter.ts";
import { loki } from "./meta/loki.exporter.ts";
import { prometheusServer } from "./meta/prometheus.exporter.ts";

/** The programs that monitoring is made of, each of which shows its own metrics. */
export const metaExporters: readonly Exporter[] = [prometheusServer, alertmanager, loki, otelCollector, alloy, grafana];
