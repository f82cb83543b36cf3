import { eachPlace, pagerdutySeverity } from "./message-templates.ts";

/**
 * Messages for SNS, in the functions that every version of Alertmanager has: which one Amazon runs is not told.
 *
 * SNS refuses or cuts what breaks its rules (user guide, "SNS receiver message validation and truncation rules"):
 * a subject must be ASCII without control characters and of at most 100, a message of at most 256 KB.
 */

/** Alerts that a message lists, each with some 15 values: far from the 256 KB of a message. */
const listed = 20;

/** Of a longer value the first 500 characters. */
const cut = 'reReplaceAll "(?s)^(.{500}).+$" "$1..."';

const define = (name: string, body: string): string => `{{ define "firedrill.${name}" }}${body}{{ end }}\n`;

/** To one line of printable ASCII, at most 100 characters. */
const subjectLine = 'reReplaceAll "[^ -~]+" "?" | reReplaceAll "^(.{97}).{4,}$" "$1..."';

/** To a part of a JSON string: first the backslash, then what is written with one; control characters become spaces. */
const jsonString = String.raw`${cut} | reReplaceAll "\\\\" "\\\\" | reReplaceAll "\"" "\\\"" | reReplaceAll "[\\x00-\\x1f]" " "`;

/** To one line: no label can forge a line of a message. */
const line = String.raw`reReplaceAll "[\\pZ\\pC]+" " " | ${cut}`;

const severity =
  '{{ $severity := "warning" }}{{ range .Alerts }}{{ if eq .Labels.severity "critical" }}{{ $severity = "critical" }}{{ end }}{{ end }}';

const subject = [
  severity,
  "{{ $state := $severity | toUpper }}",
  '{{ if eq .Status "resolved" }}{{ $state = "RESOLVED" }}{{ end }}',
  "{{ $place := .GroupLabels.service }}",
  '{{ with .GroupLabels.environment }}{{ $place = printf "%s in %s" $place . }}{{ end }}',
  `{{ printf "[%s] %s: %s" $state .GroupLabels.alertname $place | ${subjectLine} }}`,
].join("");

const annotationLines = [
  ["", "description"],
  ["", "cause"],
  ["Priority: ", "priority"],
  ["Value: ", "value"],
  ["Alerts when: ", "threshold"],
  ["Dashboard: ", "dashboard_url"],
  ["Issues: ", "issues_url"],
  ["Logs: ", "logs_url"],
  ["Runbook: ", "runbook_url"],
]
  .map(([word, name]) => `{{ with .Annotations.${name} }}${word}{{ . | ${line} }}\n{{ end }}`)
  .join("");

const textAlert = [
  `{{ .Status | toUpper }}: {{ or .Annotations.summary .Labels.alertname | ${line} }}\n`,
  annotationLines,
  `Where: {{ .Labels.service | ${line} }} in {{ .Labels.environment | ${line} }}${eachPlace(`, {{ .Name }} {{ .Value | ${line} }}`)}\n`,
  'Since: {{ .StartsAt.UTC.Format "2006-01-02 15:04 MST" }}\n',
].join("");

const more = `{{ if gt (len .Alerts) ${listed} }}The first ${listed} of {{ len .Alerts }} alerts are listed.\n{{ end }}`;

const jsonPairs = (pairs: string): string =>
  `{ {{ range $index, $pair := ${pairs}.SortedPairs }}{{ if $index }}, {{ end }}"{{ $pair.Name }}": "{{ $pair.Value | ${jsonString} }}"{{ end }} }`;

const jsonAlert = [
  '{ "status": "{{ .Status }}"',
  '"startsAt": "{{ .StartsAt.UTC.Format "2006-01-02T15:04:05Z" }}"',
  `"labels": ${jsonPairs(".Labels")}`,
  `"annotations": ${jsonPairs(".Annotations")} }`,
].join(", ");

const eachListed = (alert: string, between: string): string =>
  `{{ range $index, $alert := .Alerts }}{{ if lt $index ${listed} }}{{ if $index }}${between}{{ end }}{{ with $alert }}${alert}{{ end }}{{ end }}{{ end }}`;

const json = [
  '{ "status": "{{ .Status }}"',
  `"receiver": "{{ .Receiver | ${jsonString} }}"`,
  `"groupLabels": ${jsonPairs(".GroupLabels")}`,
  '"alertCount": {{ len .Alerts }}',
  `"alerts": [${eachListed(jsonAlert, ", ")}] }`,
].join(", ");

/** Definitions of `firedrill.subject`, `.severity`, `.urgency`, `.dashboard`, `.text` and `.json`. */
export const managedTemplates = [
  define("subject", subject),
  define("severity", `${severity}{{ $severity }}`),
  define("urgency", pagerdutySeverity),
  define("dashboard", "{{ with index .Alerts 0 }}{{ .Annotations.dashboard_url }}{{ end }}"),
  define("text", `${eachListed(textAlert, "\n")}${more}`),
  define("json", json),
].join("");
