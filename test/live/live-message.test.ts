import { describe, expect, it } from "vitest";
import { HttpErrorRatioHigh, HttpLatencyHigh } from "../../alert-rules/http.ts";
import {
  type MessageExpectation,
  messageFaults,
  readHumanized,
  readMessage,
  summaryPattern,
} from "../../src/live/live-message.ts";
import { minutes, seconds } from "../../src/model/quantity.ts";
import fc from "../helpers/fast-check.ts";

const expected: MessageExpectation = {
  alert: HttpLatencyHigh,
  severity: "critical",
  priority: "high",
  threshold: seconds(2),
  for: minutes(5),
  labels: { service: "orders-api", environment: "production", route: "/orders" },
  grafana: "https://grafana.example.com",
  runbook: "https://git.example.com/runbooks/http/HttpLatencyHigh.md",
  dashboards: new Set(["firedrill-http"]),
  logs: true,
};

const dashboard =
  "https://grafana.example.com/d/firedrill-http?var-environment=production&var-service=orders-api&var-route=%2Forders";
const logs = "https://grafana.example.com/explore?schemaVersion=1&panes=%7B%22expr%22%3A%22orders-api%22%7D";

/** The parts of a good message; a test spoils one of them. */
const parts = {
  title: "[CRITICAL] HttpLatencyHigh: orders-api in production",
  summary: "/orders of orders-api is slow: p95 is 2.475s",
  priority: "Priority: high",
  threshold: "Value: 2.475s, alerts above 2 s for 5m",
  dashboard,
  logs,
  runbook: expected.runbook,
};
type Parts = typeof parts;

const slackEscaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

const slack = ({ title, summary, priority, threshold, dashboard, logs, runbook }: Parts) =>
  JSON.stringify({
    channel: "#orders",
    attachments: [
      {
        title,
        text: `*${slackEscaped(summary)}*\n${priority}\n${threshold}\n<${slackEscaped(dashboard)}|Dashboard>  <${slackEscaped(logs)}|Logs>  <${runbook}|Runbook>`,
      },
    ],
  });

const faultsOf = (change: Partial<Parts>) =>
  messageFaults(readMessage("orders-chat", "slack", slack({ ...parts, ...change }), 0), expected);

describe("a message", () => {
  it("without a fault has none", () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each([
    ["priority", { priority: "Priority: low" }, "it does not say its priority, high"],
    ["severity", { title: "[WARNING] HttpLatencyHigh: orders-api in production" }, 'its severity is "warning"'],
    ["route", { summary: "/products of orders-api is slow: p95 is 2.475s" }, 'it does not say "/orders of orders-api'],
    ["value", { summary: "/orders of orders-api is slow: p95 is" }, 'it does not say "/orders of orders-api'],
    [
      "value above the threshold",
      { summary: "/orders of orders-api is slow: p95 is 1.9s" },
      "its value 1.9s is not above 2 s",
    ],
    ["threshold", { threshold: "Value: 2.475s" }, 'it does not say the threshold, "above 2 s for 5m"'],
    ["runbook", { runbook: "https://git.example.com/runbooks/http/Other.md" }, "it has no link to the runbook"],
    ["dashboard", { dashboard: "" }, "it has no link to a dashboard"],
    [
      "known dashboard",
      { dashboard: dashboard.replace("firedrill-http", "old") },
      'its dashboard "old" does not exist',
    ],
    [
      "dashboard of the route",
      { dashboard: dashboard.replace("%2Forders", "%2F") },
      'chooses route "/", not "/orders"',
    ],
    ["logs", { logs: "" }, "it has no link to the logs of orders-api"],
  ])("is found out when it lacks the right %s", (_, change, fault) => {
    const faults = faultsOf(change);
    expect(faults).toContainEqual(expect.stringContaining(fault));
    // The route stands in the summary too.
    expect(faults).toHaveLength("summary" in change && change.summary.includes("/products") ? 2 : 1);
  });

  it("need not link to what is switched off", () => {
    const message = readMessage("a", "slack", slack({ ...parts, dashboard: "", logs: "" }), 0);
    expect(messageFaults(message, { ...expected, dashboards: undefined, logs: false })).toEqual([]);
  });

  it("is read the same from PagerDuty, a webhook and a mail", () => {
    const annotations = {
      summary: parts.summary,
      // Alertmanager puts a tab before the texts of PagerDuty's details.
      priority: "\thigh",
      threshold: "above 2 s for 5m",
      dashboard,
      logs,
      runbook: parts.runbook,
    };
    const pagerduty = {
      event_action: "trigger",
      payload: { summary: parts.title, severity: "error", custom_details: { firing: [annotations] } },
    };
    const webhook = { status: "firing", alerts: [{ labels: { severity: "critical", route: "/orders" }, annotations }] };
    const mail = [
      `Subject: ${parts.title}`,
      "Content-Type: multipart/alternative; boundary=abc",
      "",
      "--abc",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      Object.values(parts).join("\n").replaceAll("=", "=3D"),
      "--abc--",
    ].join("\n");
    for (const message of [
      readMessage("r", "pagerduty", JSON.stringify(pagerduty), 0),
      readMessage("r", "webhook", JSON.stringify(webhook), 0),
      readMessage("r", "email", mail, 0),
    ]) {
      expect(message).toMatchObject({ status: "firing", severity: "critical" });
      expect(messageFaults(message, expected)).toEqual([]);
    }
  });

  it("to PagerDuty says in its words how urgent it is", () => {
    const body = { payload: { summary: Object.values(parts).join("\n"), severity: "critical" } };
    const message = readMessage("r", "pagerduty", JSON.stringify(body), 0);
    expect(messageFaults(message, expected)).toEqual(['PagerDuty takes it for "critical", not "error"']);
  });

  it("that says it is over is not one that says it began", () => {
    const title = "[RESOLVED] HttpLatencyHigh: orders-api";
    expect(readMessage("a", "slack", slack({ ...parts, title }), 0).status).toBe("resolved");
    expect(readMessage("a", "pagerduty", '{"event_action":"resolve"}', 0).status).toBe("resolved");
    expect(readMessage("a", "webhook", '{"status":"resolved"}', 0).status).toBe("resolved");
  });

  it("that cannot be read says nothing right", () => {
    const message = readMessage("a", "slack", "<html>", 0);
    expect(message.status).toBe("unreadable");
    expect(messageFaults(message, expected).length).toBeGreaterThan(5);
  });
});

it("a label with characters that mean something to regular expressions is matched as it is", () => {
  const labels = { service: "a.b", route: "/x(1)[2]*" };
  expect(
    summaryPattern(HttpErrorRatioHigh.summary, labels).exec("/x(1)[2]* of a.b fails: 12.5% of requests end in a 5xx"),
  ).toMatchObject({ groups: { value: "12.5%" } });
  expect("/x(1)[2]* of aab fails: 12.5% of requests").not.toMatch(summaryPattern(HttpErrorRatioHigh.summary, labels));
});

it("values are read as Prometheus writes them", () => {
  expect(readHumanized("2.475s")).toBe(2.475);
  expect(readHumanized("350ms")).toBeCloseTo(0.35);
  expect(readHumanized("1m 12s")).toBe(72);
  expect(readHumanized("1d 1h 0m 3s")).toBe(90_003);
  expect(readHumanized("0.25")).toBe(0.25);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (hundredths) => {
      expect(readHumanized(`${hundredths / 100}%`)).toBeCloseTo(hundredths / 10_000, 10);
    }),
  );
});
