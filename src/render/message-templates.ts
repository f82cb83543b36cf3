import { identityLabels } from "../model/conventions.ts";
import { pagerdutySeverities, priorities } from "../model/priority.ts";
import { palette } from "./palette.ts";

/** Alerts of a group that a message lists in full; of the rest it says how many there are. */
const listed = 8;

/** To one line without control characters, of at most 300 characters: no label can forge a line of a message. */
const line = String.raw`reReplaceAll "[\\pZ\\pC]+" " " | reReplaceAll "^(.{300}).+$" "$1…"`;

/** What Slack asks to escape. Without `<`, text can neither ping `<!channel>` nor hide an address behind a word. */
const slackText = `reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"`;

/** An address in Slack's `<address|word>` ends at a bar, and none has a space. */
const unbroken = String.raw`reReplaceAll "[|\\s]" ""`;

/**
 * Alertmanager renders PagerDuty's details, reads the result as YAML and renders every string in it once more: a
 * label with `{{` in it would be run as a template, or stop the page from being sent, hence never two braces; a
 * summary with `: ` in it would arrive as a map, `12` as a number. A leading tab is no YAML, so the text stays text.
 */
const json = String.raw`reReplaceAll "\\{+" "{" | printf "\t%s" | toJson`;

const moment = (time: string): string => `${time}.UTC.Format "2006-01-02 15:04 MST"`;

/** One of two words, by the worst severity that fires in the group. */
const bySeverity = (critical: string, warning: string): string =>
  `{{ $word := "${warning}" }}{{ range .Alerts.Firing }}{{ if eq .Labels.severity "critical" }}{{ $word = "${critical}" }}{{ end }}{{ end }}{{ $word }}`;

const title = (show: (expression: string) => string): string =>
  `[{{ template "firedrill.status" . }}] ${show(".GroupLabels.alertname")}
{{- with .GroupLabels.service }}: ${show(".")}{{ end }}
{{- with .GroupLabels.environment }} in ${show(".")}{{ end }}`;

const showLine = (expression: string): string => `{{ template "firedrill.line" ${expression} }}`;
const showSlack = (expression: string): string => `{{ template "firedrill.slack.line" ${expression} }}`;

/** What every format shares. `line` is how user text gets into a message that is plain text or HTML. */
const common = `
{{ define "firedrill.line" }}{{ . | ${line} }}{{ end }}

{{ define "firedrill.severity" }}${bySeverity("critical", "warning")}{{ end }}

{{ define "firedrill.status" -}}
{{ if eq .Status "resolved" }}RESOLVED{{ else }}${bySeverity("CRITICAL", "WARNING")}{{ end }}
{{- if gt (len .Alerts) 1 }}, {{ len .Alerts }} alerts{{ end }}
{{- end }}

{{ define "firedrill.title" }}${title(showLine)}{{ end }}

{{ define "firedrill.time" -}}
{{ if eq .Status "resolved" -}}
Resolved: {{ ${moment(".EndsAt")} }}, after {{ (.EndsAt.Sub .StartsAt).Seconds | humanizeDuration }}
{{- else -}}
Since: {{ ${moment(".StartsAt")} }}
{{- end }}
{{- end }}

{{ define "firedrill.dashboard" }}{{ with index .Alerts 0 }}{{ .Annotations.dashboard_url }}{{ end }}{{ end }}
{{ define "firedrill.logs" }}{{ with index .Alerts 0 }}{{ .Annotations.logs_url }}{{ end }}{{ end }}
{{ define "firedrill.runbook" }}{{ with index .Alerts 0 }}{{ .Annotations.runbook_url }}{{ end }}{{ end }}
`;

/** Every alert of a group in a format: firing ones first, as its definition `<format>.alert` writes one. */
const list = (format: string): string =>
  ["Firing", "Resolved"]
    .map(
      (state) => `{{ range $index, $alert := .Alerts.${state} }}{{ if lt $index ${listed} -}}
{{ template "firedrill.${format}.alert" $alert }}
{{ end }}{{ end }}
{{- if gt (len .Alerts.${state}) ${listed} -}}
{{ template "firedrill.${format}.more" .Alerts.${state} }}
{{ end }}`,
    )
    .join("{{- /**/ -}}\n");

const more = (state: string): string => `The first ${listed} of {{ len ${state} }} alerts are listed.`;

/** Labels that every alert has. */
const everyAlerts = ["alertname", "pack", "severity", ...identityLabels].map((name) => `"${name}"`).join(" ");

/** Each of an alert's other labels: they say which of many it is about, such as a route, a disk or a signal. */
export const eachPlace = (text: string): string =>
  `{{ range .Labels.SortedPairs }}{{ if not (eq .Name ${everyAlerts}) }}${text}{{ end }}{{ end }}`;

/** One alert as text; `show` writes the user's text that an expression gives, and `link` an address with a word. */
function alertText(show: (expression: string) => string, link: (word: string) => string): string {
  return `{{ with .Annotations.description }}${show(".")}
{{ end }}{{ with .Annotations.cause }}${show(".")}
{{ end }}{{ with .Annotations.priority }}Priority: ${show(".")}
{{ end }}Where: ${show(".Labels.service")} in ${show(".Labels.environment")}${eachPlace(`, {{ .Name }} ${show(".Value")}`)}
{{ if eq .Status "resolved" }}Last value{{ else }}Value{{ end }}: ${show(".Annotations.value")}, alerts ${show(".Annotations.threshold")}
{{ template "firedrill.time" . }}
{{ with .Annotations.dashboard_url }}${link("Dashboard")}{{ end }}
{{- with .Annotations.issues_url }}${link("Issues")}{{ end }}
{{- with .Annotations.logs_url }}${link("Logs")}{{ end }}
{{- with .Annotations.runbook_url }}${link("Runbook")}{{ end }}`;
}

const headline = "(or .Annotations.summary .Labels.alertname)";

const slack = `
{{ define "firedrill.slack.line" }}{{ . | ${line} | ${slackText} }}{{ end }}
{{ define "firedrill.slack.address" }}{{ . | ${slackText} | ${unbroken} }}{{ end }}

{{ define "firedrill.slack.color" }}{{ if eq .Status "resolved" }}${palette.ok}{{ else }}${bySeverity(palette.critical, palette.warning)}{{ end }}{{ end }}

{{ define "firedrill.slack.title" }}${title(showSlack)}{{ end }}

{{ define "firedrill.slack.alert" }}*${showSlack(headline)}*
${alertText(showSlack, (word) => `<{{ template "firedrill.slack.address" . }}|${word}>  `)}
{{ end }}
{{ define "firedrill.slack.more" }}${more(".")}{{ end }}
{{ define "firedrill.slack.text" }}${list("slack")}{{ end }}
`;

const emailText = `
{{ define "firedrill.email.alert" }}${showLine(headline)}
${alertText(showLine, (word) => `${word}: {{ . }}\n`)}{{ end }}
{{ define "firedrill.email.more" }}${more(".")}{{ end }}
{{ define "firedrill.email.text" }}{{ template "firedrill.title" . }}

${list("email")}{{ end }}
`;

const emailHtml = `
{{ define "firedrill.html.alert" -}}
<div style="margin:0 0 16px;padding:4px 12px;border-left:4px solid {{ if eq .Status "resolved" }}${palette.ok}{{ else if eq .Labels.severity "critical" }}${palette.critical}{{ else }}${palette.warning}{{ end }}">
<strong>${showLine(headline)}</strong>
<div style="white-space:pre-line">${alertText(showLine, (word) => `<a href="{{ . }}">${word}</a>   `)}</div>
</div>
{{- end }}
{{ define "firedrill.html.more" }}<p>${more(".")}</p>{{ end }}
{{ define "firedrill.email.html" -}}
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ template "firedrill.title" . }}</title></head>
<body style="margin:0;padding:16px;font:15px/1.5 sans-serif">
<h1 style="font-size:18px">{{ template "firedrill.title" . }}</h1>
${list("html")}</body>
</html>
{{- end }}
`;

const pagerdutyFields = [
  ["summary", "line", ".Annotations.summary"],
  ["priority", "line", ".Annotations.priority"],
  ["severity", "line", ".Labels.severity"],
  ["value", "line", ".Annotations.value"],
  ["threshold", "line", ".Annotations.threshold"],
  ["cause", "line", ".Annotations.cause"],
  ["dashboard", "address", ".Annotations.dashboard_url"],
  ["issues", "address", ".Annotations.issues_url"],
  ["logs", "address", ".Annotations.logs_url"],
  ["runbook", "address", ".Annotations.runbook_url"],
];

/** In PagerDuty's words, by what is most urgent of what fires: the later priorities go over the earlier ones. */
export const pagerdutySeverity = [
  '{{ $word := "" }}',
  ...priorities.map(
    (priority) =>
      `{{ range .Alerts.Firing }}{{ if eq .Annotations.priority "${priority}" }}{{ $word = "${pagerdutySeverities[priority]}" }}{{ end }}{{ end }}`,
  ),
  '{{ if $word }}{{ $word }}{{ else }}{{ template "firedrill.severity" . }}{{ end }}',
].join("");

const pagerduty = `
{{ define "firedrill.urgency" }}${pagerdutySeverity}{{ end }}
{{ define "firedrill.json.line" }}{{ . | ${line} | ${json} }}{{ end }}
{{ define "firedrill.json.address" }}{{ . | ${json} }}{{ end }}
{{ define "firedrill.pagerduty.alerts" -}}
[{{ range $index, $alert := . }}{{ if lt $index ${listed} }}{{ if $index }}, {{ end }}{
${pagerdutyFields.map(([field, kind, value]) => `{{ with ${value} }}"${field}": {{ template "firedrill.json.${kind}" . }},{{ end }}\n`).join("")}${eachPlace('"{{ .Name }}": {{ template "firedrill.json.line" .Value }},\n')}"since": {{ ${moment(".StartsAt")} | toJson }}
}{{ end }}{{ end }}]
{{- end }}
`;

/**
 * `templates/firedrill.tmpl`: what a message says, for each kind of receiver. A webhook gets Alertmanager's own JSON
 * and needs none. Text of labels and annotations goes through `firedrill.line` (plain text, and HTML, which
 * Alertmanager escapes itself), `firedrill.slack.line` or JSON, never as it is.
 */
export const messageTemplates = `{{/* Generated by firedrill. Messages of Alertmanager's receivers. */}}
${[common, slack, emailText, emailHtml, pagerduty].map((part) => part.trim()).join("\n\n")}
`;
