import { identityLabels, instrumentationLabel } from "../model/conventions.ts";
import type { InstrumentationId } from "../model/instrumentation.ts";
import type { Platform, Service } from "../model/platform.ts";
import type { Catalogue, LabelValues, SeriesLabels } from "./catalogue.ts";

/** What log lines are called in findings. */
export const theLog = "the log";

/** Labels of the lines of a platform's services, for each service and environment. */
export interface LogCatalogue {
  /** By which Loki finds lines: what may stand in `{…}`. */
  streams: Catalogue;
  /** Those, and what stands beside each line (structured metadata): what may stand behind `|`. */
  lines: Catalogue;
}

/** Levels that Loki writes, whether a line says its level or Loki finds it (pkg/util/constants/levels.go). */
const levels = ["unknown", "debug", "info", "warn", "error", "fatal", "critical", "trace"];

/** What Loki keeps of every OTLP record beside its attributes (pkg/loghttp/push/otlp.go). */
const ofRecords = ["severity_number", "severity_text", "observed_timestamp", "trace_id", "span_id", "flags"];
const ofScopes = ["scope_name", "scope_version"];

/** Attributes of the lines about requests, by how a service is instrumented (`src/worlds/log-lines.ts`). */
const ofRequests: Readonly<Record<InstrumentationId, readonly string[]>> = {
  "otel-http": ["http_route", "http_response_status_code"],
  // They stand in the line, as JSON.
  "fastapi-instrumentator": [],
  "express-prom-bundle": [],
};

/**
 * What the collector (`transform/identity`) and Loki (`otlp_config`, and its defaults for OTLP) make of the lines that
 * services send. Further attributes that a service sends by itself are not in it.
 */
export function logCatalogue({ services }: Platform): LogCatalogue {
  const kinds = services.flatMap((service) => service.environments.map((environment) => kindOf(service, environment)));
  return {
    streams: asCatalogue(kinds.map(({ stream }) => stream)),
    lines: asCatalogue(kinds.map(({ stream, metadata }) => ({ ...stream, ...metadata }))),
  };
}

function kindOf(service: Service, environment: string): { stream: SeriesLabels; metadata: SeriesLabels } {
  const [environmentLabel, serviceLabel, teamLabel] = identityLabels;
  const open = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "open" as LabelValues]));
  return {
    stream: {
      [environmentLabel]: [environment],
      [serviceLabel]: [service.name],
      [teamLabel]: [service.owner],
      service_name: [service.name],
      deployment_environment_name: [environment],
      service_instance_id: "open",
    },
    metadata: {
      detected_level: levels,
      [instrumentationLabel]: [service.instrumentation.kind],
      ...open([...ofRecords, ...ofScopes, ...(service.http ? ofRequests[service.http.id] : [])]),
    },
  };
}

const asCatalogue = (series: SeriesLabels[]): Catalogue =>
  new Map([[theLog, { type: "gauge", series, labelNames: new Set(series.flatMap((one) => Object.keys(one))) }]]);
