import { alert, type Pack, signal } from "../src/model/pack.ts";
import { count, days, minutes, seconds } from "../src/model/quantity.ts";
import { exporterWatch, from, perInstance } from "./exporter-watch.ts";
import { probeExporters } from "./probe.exporter.ts";

const perEndpoint = [...perInstance, "endpoint"];
const byEndpoint = perEndpoint.join(", ");
const these = from(probeExporters);

export const endpointAnswers = signal({
  name: "probe_success",
  title: "Endpoints that answer as they should",
  description: "1 where the last probe got a status of 2xx in time, after redirects; 0 where it did not.",
  unit: "count",
  labels: perEndpoint,
  series: "endpoint:probe_success:min",
  fact: "answers",
  source: { once: `min by (${byEndpoint}) (probe_success{${these}})` },
});

export const answerTime = signal({
  name: "probe_answer_time",
  title: "Time to answer",
  description:
    "How long the last probe took, redirects included: connecting, TLS, waiting and the transfer, without the name's lookup.",
  unit: "seconds",
  labels: perEndpoint,
  series: "endpoint:probe_answer_seconds:sum",
  fact: "answerTime",
  // Each phase has a series of its own; one of them says little about the whole.
  source: { once: `sum by (${byEndpoint}) (probe_http_duration_seconds{${these}, phase!="resolve"})` },
});

export const lookupTime = signal({
  name: "probe_lookup_time",
  title: "Time to look up the name",
  description: "How long the last probe waited for DNS, over all redirects.",
  unit: "seconds",
  labels: perEndpoint,
  series: "endpoint:probe_lookup_seconds:sum",
  fact: "lookupTime",
  source: { once: `sum by (${byEndpoint}) (probe_http_duration_seconds{${these}, phase="resolve"})` },
});

const expiry = `probe_ssl_earliest_cert_expiry{${these}}`;

export const certificateLeft = signal({
  name: "probe_certificate_left",
  title: "Time until a certificate expires",
  description:
    "How long the first certificate of the presented chain to expire was still valid at the last probe. Endpoints without TLS have none.",
  unit: "seconds",
  labels: perEndpoint,
  series: "endpoint:probe_certificate_seconds:min",
  fact: "certificateLeft",
  source: { once: `min by (${byEndpoint}) (${expiry} - timestamp(${expiry}))` },
});

const watch = exporterWatch({
  pack: "probe",
  prefix: "Probe",
  thing: "prober",
  exporters: probeExporters,
  // A probe that fails has these all the same.
  needs: ["probe_success", "probe_http_duration_seconds"],
});

const endpoint = "{{ $labels.endpoint }}";
const seenFrom = "seen from {{ $labels.instance }}";

export const ProbeFailed = alert({
  name: "ProbeFailed",
  pack: "probe",
  signal: endpointAnswers,
  below: { critical: count(1) },
  for: minutes(2),
  explainsOthers: true,
  summary: `${endpoint} does not answer as it should, ${seenFrom}`,
  impact: "Users of {{ $labels.service }} who come from outside get an error or nothing at all.",
});

export const ProbeSlow = alert({
  name: "ProbeSlow",
  pack: "probe",
  signal: answerTime,
  above: { warning: seconds(1), critical: seconds(3) },
  for: minutes(5),
  summary: `${endpoint} takes {{ $value | humanizeDuration }} to answer, ${seenFrom}`,
  impact: "Users of {{ $labels.service }} wait that long for each page or call; some leave, and clients give up.",
});

export const ProbeDnsSlow = alert({
  name: "ProbeDnsSlow",
  pack: "probe",
  signal: lookupTime,
  above: { warning: seconds(0.5), critical: seconds(2) },
  for: minutes(5),
  summary: `the name of ${endpoint} takes {{ $value | humanizeDuration }} to look up, ${seenFrom}`,
  impact: "Whoever has not looked the name up before waits for DNS first. When it fails altogether, nobody finds it.",
});

export const ProbeCertificateExpiring = alert({
  name: "ProbeCertificateExpiring",
  pack: "probe",
  signal: certificateLeft,
  // What is renewed by itself is renewed 30 days before: at 14 that has failed several times.
  below: { warning: days(14), critical: days(3) },
  for: minutes(10),
  summary: `the certificate of ${endpoint} expires in {{ $value | humanizeDuration }}`,
  impact: "From that moment on browsers warn and clients refuse to connect: to users {{ $labels.service }} is down.",
});

/** Of the scrape itself. */
export const ProbeExporterDown = watch.Down;
export const ProbeMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: probeProvocations } = watch;

export const probe: Pack = {
  name: "probe",
  title: "Endpoints from outside",
  shownBy: probeExporters,
  signals: [endpointAnswers, answerTime, lookupTime, certificateLeft, ...watch.signals],
  alerts: [ProbeFailed, ProbeSlow, ProbeDnsSlow, ProbeCertificateExpiring, ...watch.alerts],
};
