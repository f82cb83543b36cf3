import { expect, test } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import type { PlatformDraft } from "../../src/config/platform-draft.ts";
import { reachFindings } from "../../src/config/reach-findings.ts";

const found = (props: PlatformDraft) =>
  reachFindings(props, packs).map(({ rule, path }) => `${rule} ${path.join(".")}`);
type Receivers = NonNullable<NonNullable<NonNullable<PlatformDraft["teams"]>[0]>["receivers"]>;
const team = (...receivers: Receivers): PlatformDraft => ({
  teams: [{ receivers }],
});
const webhook = { url: "http://127.0.0.1/" };

test("a service is reached in exactly one way", () => {
  const [scrape, otlp] = [{ targets: {} }, { environments: [] }];
  expect(found({ services: [{ scrape }, { otlp }, undefined] })).toEqual([]);
  expect(found({ services: [{}, { scrape, otlp }] })).toEqual([
    "config/reach services.0",
    "config/reach services.1.otlp",
  ]);
  expect(found({ services: [{ scrape }, { otlp }], features: { otlp: false } })).toEqual([
    "config/feature-off services.1.otlp",
  ]);
});

test("alerts on logs need somebody who keeps the logs", () => {
  const services = [{ packs: ["http"] }, { packs: ["http", "logs", "toString"] }, {}];
  const logs = (logging: boolean) => found({ services, features: { logging } }).filter((one) => one.includes("packs"));
  expect(logs(true)).toEqual([]);
  expect(logs(false)).toEqual(["config/feature-off services.1.packs.1"]);
});

test("a receiver is of exactly one kind; of two, the one that is written second is told", () => {
  const slack = { channel: "#a" };
  expect(found(team({ webhook }))).toEqual([]);
  expect(found(team({}))).toEqual(["config/receiver-kind teams.0.receivers.0"]);
  expect(found(team({ webhook, slack }))).toEqual(["config/receiver-kind teams.0.receivers.0.slack"]);
  expect(found(team({ slack, webhook }))).toEqual(["config/receiver-kind teams.0.receivers.0.webhook"]);
});

test("mail needs a server", () => {
  const mail = team({ email: { to: "a@example.com" } });
  expect(found(mail)).toEqual(["config/no-mail-server teams.0.receivers.0.email"]);
  expect(found({ ...mail, email: {} })).toEqual([]);
});

test("a team that nobody tells of critical alerts is an error, of warnings a warning", () => {
  const severitiesOf = (...all: ("warning" | "critical")[][]) =>
    reachFindings(team(...all.map((severities) => ({ webhook, severities }))), packs).map(
      ({ severity, rule }) => `${severity} ${rule}`,
    );
  expect(severitiesOf(["critical"], ["warning"])).toEqual([]);
  expect(severitiesOf(["warning"])).toEqual(["error config/no-critical-receiver"]);
  expect(severitiesOf(["critical"])).toEqual(["warning config/no-warning-receiver"]);
  expect(severitiesOf()).toHaveLength(2);
});

test("where nothing pages, a team that has pagers only is told of nothing", () => {
  const pagerduty = { routingKey: { secret: "key" } };
  const of = (...receivers: Receivers) =>
    found({
      teams: [{ name: "orders", receivers }],
      environments: [{ name: "production" }, { name: "staging", pages: false }],
      services: [{ name: "orders-api", owner: "orders", criticality: "low", otlp: { environments: ["staging"] } }],
    });
  expect(of({ pagerduty })).toEqual(["config/no-receiver-where-quiet teams.0"]);
  expect(of({ pagerduty }, { webhook, criticalities: ["high"] })).toEqual(["config/no-receiver-where-quiet teams.0"]);
  // Who gets warnings elsewhere gets critical alerts from there; where nobody does, all but pagers do.
  expect(of({ pagerduty }, { webhook, severities: ["warning"] })).toEqual([]);
  expect(of({ pagerduty }, { webhook, severities: ["critical"] })).toEqual([]);
});
