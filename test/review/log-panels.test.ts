import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, type TestContext } from "vitest";
import { dashboards } from "../../dashboards/index.ts";
import { lokiClient } from "../../src/loki/loki-client.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { askLogQueries, logQueries, logQueryEntry, logQueryLines } from "../../src/review/log-panels.ts";
import { drillLoki, logRulesOf } from "../helpers/log-drills.ts";
import { checkout, ordersApi, shop } from "../helpers/shop.ts";

const platform = shop({ services: [ordersApi, checkout].map((one) => ({ ...one, packs: ["http", "logs"] })) });

const panels = [
  "Errors per second",
  "Lines per second",
  "Volume per day",
  "Errors in logs per second",
  "Warnings in logs per second",
  "Log lines per second",
  "Volume of logs, per day",
  "Log lines that no longer come",
  "Services that log most, bytes per day",
  "Services that log most, lines per second",
  "Levels that make most of it",
  "Instances that log most",
  "Lines that tell of errors",
].map((title) => `panel "${title}" of "Logs"`);
const alerts = ["alert LogErrorsHigh", "alert LogsMissing"];

/** The queries as they are deployed, after a text of the files has been changed by hand. */
function queriesAfter(from = "", to = "") {
  const change = (text: string) => (from === "" ? text : text.replaceAll(from, to));
  const rules = logRulesOf(platform).map(({ name, yaml }) => ({ name, yaml: change(yaml) }));
  const files = renderDashboards(platform, dashboards).map(({ path, text }) => ({ path, text: change(text) }));
  return logQueries(rules, files);
}

/** `name: message` of what failed. */
async function failedAfter(context: Pick<TestContext, "skip">, from: string, to: string): Promise<string[]> {
  const { address } = await drillLoki(context);
  const changed = queriesAfter(from, to);
  expect(changed).not.toEqual(queriesAfter());
  const results = await askLogQueries(changed, platform, lokiClient(address));
  return results.filter(({ outcome }) => outcome === "failed").map(({ name, message }) => `${name}: ${message}`);
}

describe("on a platform on which all is well", { timeout: 60_000 }, () => {
  it("every panel and every alert on log lines has something to show", async (context) => {
    const { address } = await drillLoki(context);
    const results = await askLogQueries(queriesAfter(), platform, lokiClient(address));
    expect(results.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(
      [...panels, ...alerts].map((name) => `${name} passed`),
    );
    expect(logQueryLines(results).map(stripVTControlCharacters)).toEqual([
      "queries of log lines",
      "  ✓ 15 queries return something",
    ]);
  });

  it("a panel and an alert that show nothing instead of 0 fail, where they are written", async (context) => {
    const { address } = await drillLoki(context);
    const changed = queriesAfter(" or 0 * ", " or 0 < 0 * ");
    const results = await askLogQueries(changed, platform, lokiClient(address));
    const failed = results.filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ name }) => name)).toEqual([panels[0], panels[3], panels[4], panels[7], ...alerts]);
    expect(failed[0]?.message).toBe("It is empty although all is well.");
    expect(failed[0]?.place.file).toMatch(/^grafana\/dashboards\/.*logs\.json$/);
    expect(failed.at(-1)?.place).toMatchObject({ file: "loki/rules/fake/logs.yml", line: expect.any(Number) });
    expect(logQueryEntry(failed[0]!)).toMatchObject({
      kind: "check",
      name: 'panel "Errors per second" of "Logs" returns something',
      outcome: "failed",
      details: expect.stringMatching(/^Asked: sum\(sum by .*\n→ Show 0/),
    });
    const lines = logQueryLines(results).map(stripVTControlCharacters);
    expect(lines).toContain("  ✓ 9 queries return something");
    expect(lines).toContain('  ✗ panel "Errors per second" of "Logs"');
  });

  it("a panel that is empty for one service only says for which", async (context) => {
    const chosen = 'service=~\\"$service\\"';
    const failed = await failedAfter(context, chosen, `${chosen}, service_name!=\\"checkout\\"`);
    expect(failed).toEqual(
      panels.map((name) => `${name}: It is empty with team payments, service checkout although all is well.`),
    );
  });

  it("a list of lines that nobody ever logs fails, although a list of errors does not", async (context) => {
    const listed = 'detected_level=~\\"error|fatal|critical\\""';
    const failed = await failedAfter(context, listed, `${listed.slice(0, -1)} |= \\"never logged\\""`);
    expect(failed).toEqual([`${panels.at(-1)}: It is empty although all is well.`]);
  });

  it("what Loki refuses fails in its words, though the grammar takes it", async (context) => {
    const failed = await failedAfter(context, '"sum(sum by', '"avg_over_time({service=\\"a\\"}[5m]) + sum(sum by');
    expect(failed).toEqual([panels[0], panels[1]].map((name) => expect.stringContaining(`${name}: Loki refuses it: `)));
    expect(failed[0]).toMatch(/avg_over_time/);
  });
});

it("without Loki they are not run, by name and with the way out", async () => {
  const results = await askLogQueries(queriesAfter(), platform, undefined);
  expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => "not-run"));
  const lines = logQueryLines(results).map(stripVTControlCharacters);
  expect(lines.slice(1, 1 + panels.length + alerts.length)).toEqual(
    [...panels, ...alerts].map((name) => `  – ${name}`),
  );
  expect(lines.at(-1)).toContain("npm run tools");
});
