import type { Exporter, ExporterMetric, Fact } from "../src/model/exporter.ts";
import { count, days, seconds } from "../src/model/quantity.ts";

/** What can be true of an endpoint as it is seen from outside. */
const facts = {
  answers: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "an endpoint that does not answer as it should" : "an endpoint that answers"),
    isYesOrNo: true,
    perPlace: true,
  },
  answerTime: {
    usual: seconds(0.25),
    furthest: seconds(9),
    words: (value) => `an answer that takes ${value}`,
    perPlace: true,
  },
  lookupTime: {
    usual: seconds(0.02),
    furthest: seconds(9),
    words: (value) => `a name that takes ${value} to look up`,
    perPlace: true,
  },
  certificateLeft: {
    usual: days(60),
    furthest: seconds(0),
    words: (value) => `a certificate that is valid for ${value} more`,
    perPlace: true,
  },
} satisfies Record<string, Fact>;

/** What an answer's time is spent on, besides the name; halves of halves add up to the whole without rounding. */
const phases = { processing: 1 / 2, transfer: 1 / 4, tls: 1 / 8, connect: 1 / 8 };

const phase = (name: string, is: ExporterMetric["is"]): ExporterMetric => ({
  name: "probe_http_duration_seconds",
  type: "gauge",
  labels: { phase: name },
  perPlace: true,
  is,
});

const metrics: readonly ExporterMetric[] = [
  { name: "probe_success", type: "gauge", perPlace: true, is: ({ answers = 0 }) => answers },
  { name: "probe_http_status_code", type: "gauge", perPlace: true, is: ({ answers = 0 }) => (answers ? 200 : 503) },
  {
    name: "probe_duration_seconds",
    type: "gauge",
    perPlace: true,
    is: ({ lookupTime = 0, answerTime = 0 }) => lookupTime + answerTime,
  },
  phase("resolve", ({ lookupTime = 0 }) => lookupTime),
  ...Object.entries(phases).map(([name, share]) => phase(name, ({ answerTime = 0 }) => answerTime * share)),
  {
    name: "probe_ssl_earliest_cert_expiry",
    type: "gauge",
    perPlace: true,
    is: ({ certificateLeft = 0 }, { nowSeconds }) => nowSeconds + certificateLeft,
  },
];

/**
 * blackbox_exporter with the module `http_2xx` of its example configuration: GET, redirects followed, success is a
 * status of 2xx. Prometheus asks it once for each endpoint, so there is an `up` for each, which tells of the exporter.
 */
export const probeExporters: readonly Exporter[] = [
  {
    id: "blackbox-exporter",
    title: "blackbox_exporter",
    places: { key: "endpoints", label: "endpoint", title: "endpoint", default: [] },
    probes: { path: "/probe", params: { module: "http_2xx" }, placeParam: "target" },
    facts,
    metrics,
  },
];
