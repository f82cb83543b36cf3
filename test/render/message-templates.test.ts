import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { liveConfigs } from "../../src/live/live-configs.ts";
import { readMail, startMailReceiver } from "../../src/live/live-mail.ts";
import { startWebhookReceiver } from "../../src/live/webhook-receiver.ts";
import { freePort, startServer } from "../../src/local/real-servers.ts";
import { renderAlertmanager } from "../../src/render/alertmanager.ts";
import { messageTemplates } from "../../src/render/message-templates.ts";
import { palette } from "../../src/render/palette.ts";
import fc from "../helpers/fast-check.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform } from "../sample-platform.ts";

/** What must never work: a ping, a forged link, a forged line, a template, HTML. */
const hostile =
  '<!channel> *b* `x` {{ template "boom" }} {{{{ <b>hi</b> &amp;\nRunbook: https://evil\n<https://evil|Runbook>\u202e';

interface AlertData {
  status: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
}

function alertData(change: Partial<AlertData> = {}, route = "/orders"): AlertData {
  return {
    status: "firing",
    labels: {
      alertname: "HttpLatencyHigh",
      severity: "critical",
      environment: "production",
      service: "orders-api",
      team: "orders",
      // Alertmanager knows no label without a value.
      ...(route && { route }),
    },
    annotations: {
      summary: `${route} of orders-api is slow: p95 is 2.4s`,
      description: "Users wait.",
      priority: "high",
      value: "2.4s",
      threshold: "above 2 s for 5m",
      dashboard_url: "https://grafana.example.com/d/x?a=b&c=d",
      logs_url: "https://grafana.example.com/explore?panes=%7B%7D",
      runbook_url: "https://git.example.com/HttpLatencyHigh.md",
    },
    startsAt: "2026-11-21T12:05:00Z",
    endsAt: "0001-01-01T00:00:00Z",
    ...change,
  };
}

const resolved = { status: "resolved", endsAt: "2026-11-21T12:17:30Z" };

/** Renders one of our templates with Alertmanager's own code. */
function render(
  amtool: string,
  template: string,
  alerts: AlertData[],
  format: "text" | "html" = "text",
  service = "orders-api",
): string {
  const status = alerts.some((alert) => alert.status === "firing") ? "firing" : "resolved";
  const groupLabels = { alertname: "HttpLatencyHigh", environment: "production", service };
  const data = { receiver: "x", status, alerts, groupLabels, commonLabels: {}, commonAnnotations: {}, externalURL: "" };
  const folder = writeArtifacts([
    { path: "firedrill.tmpl", text: messageTemplates },
    { path: "data.json", text: JSON.stringify(data) },
  ]);
  const result = spawnSync(
    amtool,
    [
      "template",
      "render",
      `--template.glob=${join(folder, "*.tmpl")}`,
      `--template.data=${join(folder, "data.json")}`,
      `--template.type=${format}`,
      `--template.text={{ template "firedrill.${template}" ${template.startsWith("pagerduty") ? ".Alerts.Firing" : "."} }}`,
    ],
    { encoding: "utf8" },
  );
  expect(result.status, result.stderr).toBe(0);
  return result.stdout;
}

test("a message says what, where, how bad, since when, and where to look", (context) => {
  const amtool = realTool("amtool", context);
  expect(render(amtool, "email.text", [alertData()])).toBe(
    [
      "[CRITICAL] HttpLatencyHigh: orders-api in production",
      "",
      "/orders of orders-api is slow: p95 is 2.4s",
      "Users wait.",
      "Priority: high",
      "Where: orders-api in production, route /orders",
      "Value: 2.4s, alerts above 2 s for 5m",
      "Since: 2026-11-21 12:05 UTC",
      "Dashboard: https://grafana.example.com/d/x?a=b&c=d",
      "Logs: https://grafana.example.com/explore?panes=%7B%7D",
      "Runbook: https://git.example.com/HttpLatencyHigh.md",
      "",
      "",
    ].join("\n"),
  );
});

test("a message says which of many disks, signals or jobs it is about, whatever the label is called", (context) => {
  const amtool = realTool("amtool", context);
  const { labels, ...rest } = alertData();
  const { route: _, ...everyAlerts } = labels;
  const disk = {
    ...rest,
    labels: { ...everyAlerts, pack: "capacity", signal: "host_disk_use", mountpoint: "/data <x>" },
  };
  const where = "Where: orders-api in production, mountpoint /data <x>, signal host_disk_use\n";
  expect(render(amtool, "email.text", [disk])).toContain(where);
  expect(render(amtool, "slack.text", [disk])).toContain("mountpoint /data &lt;x&gt;, signal host_disk_use");
  const [first] = JSON.parse(render(amtool, "pagerduty.alerts", [disk])) as Record<string, string>[];
  expect(first).toMatchObject({ mountpoint: "\t/data <x>", signal: "\thost_disk_use", severity: "\tcritical" });
});

test("PagerDuty is told the most urgent of what fires, in its own words", (context) => {
  const amtool = realTool("amtool", context);
  const of = (priority: string, change: Partial<AlertData> = {}) =>
    alertData({ annotations: { ...alertData().annotations, priority }, ...change });
  const told = (...alerts: AlertData[]) => render(amtool, "urgency", alerts);
  expect(["low", "medium", "high", "critical"].map((priority) => told(of(priority)))).toEqual([
    "info",
    "warning",
    "error",
    "critical",
  ]);
  expect(told(of("low"), of("high"), of("medium"))).toBe("error");
  expect(told(of("low"), of("critical", resolved))).toBe("info");
  // What comes from elsewhere has none.
  expect(told(of(""))).toBe("critical");
});

test("a message about errors leads to the tracker's list of them, and no other does", (context) => {
  const amtool = realTool("amtool", context);
  const address = "https://example.sentry.io/issues/?query=is:unresolved+project:web";
  const alert = alertData({ annotations: { ...alertData().annotations, issues_url: address } });
  expect(render(amtool, "email.text", [alert])).toContain(`\nIssues: ${address}\nLogs: `);
  expect(render(amtool, "slack.text", [alert])).toContain(`<${address}|Issues>`);
  expect(render(amtool, "email.text", [alertData()])).not.toContain("Issues");
});

test("a resolved message says so and how long it took", (context) => {
  const amtool = realTool("amtool", context);
  const alerts = [alertData(resolved)];
  expect(render(amtool, "title", alerts)).toBe("[RESOLVED] HttpLatencyHigh: orders-api in production");
  expect(render(amtool, "email.text", alerts)).toContain("Resolved: 2026-11-21 12:17 UTC, after 12m 30s");
  expect(render(amtool, "slack.color", alerts)).toBe(palette.ok);
});

test("the worst severity that still fires names the group", (context) => {
  const amtool = realTool("amtool", context);
  const warning = alertData({ labels: { ...alertData().labels, severity: "warning" } });
  expect(render(amtool, "title", [warning, alertData(resolved)])).toMatch(/^\[WARNING, 2 alerts\]/);
  expect(render(amtool, "slack.color", [warning])).toBe(palette.warning);
  expect(render(amtool, "slack.color", [warning, alertData()])).toBe(palette.critical);
});

test("a large group lists its first alerts and says how many there are", (context) => {
  const amtool = realTool("amtool", context);
  const text = render(
    amtool,
    "slack.text",
    Array.from({ length: 30 }, (_, index) => alertData({}, `/route-${index}`)),
  );
  expect(text.match(/^\*/gm)).toHaveLength(8);
  expect(text).toContain("The first 8 of 30 alerts are listed.");
});

test("labels of any shape neither ping, nor forge a link or a line, nor become HTML", (context) => {
  const amtool = realTool("amtool", context);
  const alerts = [alertData({}, hostile)];
  const links = ["dashboard", "logs", "runbook"].map((name) =>
    alerts[0]?.annotations[`${name}_url`]?.replaceAll("&", "&amp;"),
  );
  for (const slack of [render(amtool, "slack.text", alerts), render(amtool, "slack.title", alerts, "text", hostile)]) {
    const allowed = [...slack.matchAll(/<([^>]*)\|(?:Dashboard|Logs|Runbook)>/g)].map(([, address]) => address);
    expect(slack.replace(/<[^>]*\|(?:Dashboard|Logs|Runbook)>/g, "")).not.toMatch(/[<>]/);
    expect(slack).toContain("&lt;!channel&gt;");
    if (allowed.length > 0) expect(allowed).toEqual(links);
  }
  const html = render(amtool, "email.html", alerts, "html", hostile);
  expect(html).not.toContain("<b>");
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, address]) => address)).toEqual(links);
  const lines = render(amtool, "email.text", alerts, "text", hostile).split("\n");
  expect(lines.filter((line) => line.startsWith("Runbook:"))).toHaveLength(1);
  expect(lines.join("\n")).not.toContain("\u202e");
});

test("PagerDuty's details are JSON in which no template is left to run", (context) => {
  const amtool = realTool("amtool", context);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.constant(hostile),
        fc.string({ unit: fc.constantFrom("{", "}", '"', "\\", "\n", ":", "-", "a", "<") }),
      ),
      (route) => {
        const json = render(amtool, "pagerduty.alerts", [alertData({}, route)]);
        expect(json).not.toContain("{{");
        const [first] = JSON.parse(json) as Record<string, string>[];
        // The tab keeps Alertmanager from reading the text as YAML, where `a: b` would be a map and `12` a number.
        const text = `\t${route.replace(/[\p{Z}\p{C}]+/gu, " ").replace(/\{+/g, "{")}`;
        // What an alert does not have is no empty line of the message.
        expect(first?.route).toBe(route === "" ? undefined : text);
        expect(Object.values(first ?? {})).not.toContain("\t");
        expect(first?.logs).toBe(`\t${alertData().annotations.logs_url}`);
      },
    ),
    { numRuns: 30 },
  );
});

test("the real Alertmanager delivers hostile labels through every kind of receiver", async (context) => {
  const alertmanager = realTool("alertmanager", context);
  const hook = await startWebhookReceiver();
  const mails: string[] = [];
  const mail = await startMailReceiver((text) => mails.push(text));
  const port = await freePort();
  const endpoints = {
    service: "orders-api",
    environment: "production",
    servicePort: 1,
    alertmanagerPort: port,
    webhookPort: hook.port,
    mailPorts: new Map([["web-mail", mail.port]]),
  };
  const { files } = liveConfigs(
    renderAlertmanager(samplePlatform({ email: { from: "firedrill@example.com", smarthost: "127.0.0.1:25" } })),
    endpoints,
    60,
  );
  const server = await startServer({
    name: "Alertmanager",
    command: alertmanager,
    args: [
      "--config.file=alertmanager.yml",
      "--storage.path=data",
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    cwd: join(writeArtifacts(files), "alertmanager"),
    readyUrl: `http://127.0.0.1:${port}/-/ready`,
    readyTimeoutMs: 20_000,
  });
  try {
    const startsAt = new Date(Date.now() - 60_000).toISOString();
    const alerts = [
      ["orders", "critical"],
      ["web", "critical"],
      ["web", "warning"],
    ].map(([team = "", severity = ""]) => ({
      labels: {
        ...alertData({}, hostile).labels,
        team,
        severity,
        service: hostile,
        alertname: `Alert-${team}-${severity}`,
      },
      annotations: alertData({}, hostile).annotations,
      startsAt,
    }));
    const answer = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
    expect(answer.status).toBe(200);
    const wanted = ["/slack/orders-chat", "/pagerduty/orders-pager", "/webhook/web-hook", "/webhook/web-secret-hook"];
    const arrived = () => wanted.filter((path) => hook.calls.some((call) => call.path === path));
    for (let tries = 0; tries < 100 && (arrived().length < wanted.length || mails.length === 0); tries++)
      await wait(100);
    expect(arrived(), server.output()).toEqual(wanted);

    const bodyOf = (path: string) => JSON.parse(hook.calls.find((call) => call.path === path)?.body ?? "{}");
    const { payload, links } = bodyOf("/pagerduty/orders-pager");
    // PagerDuty's word for what is of high priority.
    expect(payload.severity).toBe("error");
    expect(payload.custom_details.firing[0].summary).toContain("<!channel> *b* `x` { template");
    expect(links.map(({ text }: { text: string }) => text)).toEqual(["Dashboard", "Logs", "Runbook"]);
    expect(JSON.stringify(bodyOf("/slack/orders-chat"))).not.toContain("<!channel>");
    expect(bodyOf("/webhook/web-hook").alerts[0].labels.route).toBe(hostile);
    expect(readMail(mails[0] ?? "").subject).toContain("[WARNING] Alert-web-warning: <!channel>");
  } finally {
    await Promise.all([server.stop(), hook.stop(), mail.stop()]);
  }
}, 60_000);
