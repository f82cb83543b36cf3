import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { criticalities, severities } from "../../src/model/conventions.ts";
import type { Environment, Receiver, Team } from "../../src/model/platform-props.ts";
import { nobody, renderAlertmanager } from "../../src/render/alertmanager.ts";
import { receiversFor, router } from "../../src/render/routing.ts";
import fc from "../helpers/fast-check.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

const route = (team: string, severity: string, environment = "production") =>
  receiversFor(samplePlatform(), { team, severity, environment });

test("an alert reaches the receivers of its team that are meant for its severity", () => {
  expect(route("orders", "warning")).toEqual(["orders-chat"]);
  expect(route("orders", "critical")).toEqual(["orders-chat", "orders-pager"]);
  expect(route("web", "warning")).toEqual(["web-mail", "web-secret-hook"]);
  expect(route("web", "critical")).toEqual(["web-hook", "web-secret-hook"]);
});

test("where an environment does not page, critical alerts go where warnings go", () => {
  expect(route("orders", "critical", "staging")).toEqual(["orders-chat"]);
  expect(route("web", "critical", "staging")).toEqual(["web-mail", "web-secret-hook"]);
});

test("where nobody takes warnings, they go to all that is not a pager", () => {
  expect(route("night", "critical", "staging")).toEqual(["night-mail"]);
  expect(route("night", "warning", "staging")).toEqual([]);
});

test("an alert of no known team reaches nobody", () => {
  expect(route("", "critical")).toEqual([]);
  expect(receiversFor(samplePlatform(), {})).toEqual([]);
});

describe("receivers that are meant for some criticalities", () => {
  const webhook = { url: "http://127.0.0.1:9/" };
  const [any] = sampleProps.services;
  const platform = samplePlatform({
    teams: [
      {
        name: "shop",
        receivers: [
          { name: "pager", severities: ["critical"], criticalities: ["medium", "high", "critical"], webhook },
          { name: "tickets-warned", severities: ["warning"], criticalities: ["high", "critical"], webhook },
          { name: "tickets-failed", severities: ["critical"], criticalities: ["low"], webhook },
          { name: "chat", severities: ["warning"], criticalities: ["low", "medium"], webhook },
        ],
      },
    ],
    services: criticalities.map((criticality) => ({ ...any!, name: `of-${criticality}`, owner: "shop", criticality })),
  });
  const table = {
    "warning low": ["chat"],
    "warning medium": ["chat"],
    "warning high": ["tickets-warned"],
    "warning critical": ["tickets-warned"],
    "critical low": ["tickets-failed"],
    "critical medium": ["pager"],
    "critical high": ["pager"],
    "critical critical": ["pager"],
  };
  const cases = Object.entries(table).map(([key, receivers]) => {
    const [severity = "", criticality] = key.split(" ");
    return [
      key,
      { team: "shop", severity, environment: "production", service: `of-${criticality}` },
      receivers,
    ] as const;
  });

  test.each(cases)("get what the table of four severities says of %s", (_, labels, receivers) => {
    expect(receiversFor(platform, labels)).toEqual(receivers);
  });

  test("get the same from Alertmanager itself", { timeout: 120_000 }, (context) => {
    const amtool = realTool("amtool", context);
    const config = join(writeArtifacts(renderAlertmanager(platform)), "alertmanager/alertmanager.yml");
    for (const [, labels, receivers] of cases) {
      const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
      const asked = spawnSync(amtool, ["config", "routes", "test", `--config.file=${config}`, ...words], {
        encoding: "utf8",
      });
      expect(asked.stdout.trim().split(",")).toEqual(receivers);
    }
  });
});

const name = fc.constantFrom("a", "b-c", "d.e", 'f"g', "h\\i", "j|k", "l(m", "ö n", "$o", "{p}");

const kind = fc.constantFrom<Partial<Receiver>>(
  { slack: { channel: "#x", webhook: { secret: "s" } } },
  { pagerduty: { routingKey: { secret: "s" } } },
  { email: { to: "x@example.com" } },
  { webhook: { url: "http://127.0.0.1:9/" } },
);

const teamsOf = fc
  .uniqueArray(
    fc.tuple(name, fc.array(fc.tuple(fc.subarray([...severities], { minLength: 1 }), kind), { maxLength: 4 })),
    {
      selector: ([team]) => team,
      maxLength: 3,
    },
  )
  .map((teams) =>
    teams.map(
      ([team, receivers]): Team => ({
        name: team,
        receivers: receivers.map(([meantFor, how], index) => ({
          name: `${team}/${index}`,
          severities: meantFor,
          ...how,
        })),
      }),
    ),
  );

const environmentsOf = fc.uniqueArray(
  fc.record({ name, pages: fc.constantFrom(true, false, undefined) }) as fc.Arbitrary<Environment>,
  { selector: (environment) => environment.name, minLength: 1, maxLength: 3 },
);

test("nothing pages from an environment that does not, and no critical alert is lost for want of a pager", () => {
  fc.assert(
    fc.property(teamsOf, environmentsOf, (teams, environments) => {
      const find = router(samplePlatform({ teams, environments, services: [] }));
      for (const team of teams) {
        for (const environment of environments.filter(({ pages }) => pages === false)) {
          const reached = find({ team: team.name, severity: "critical", environment: environment.name });
          const receivers = team.receivers.filter((receiver) => reached.includes(receiver.name));
          expect(receivers.filter(({ pagerduty }) => pagerduty)).toEqual([]);
          expect(receivers.length > 0).toBe(team.receivers.some(({ pagerduty }) => !pagerduty));
        }
      }
    }),
  );
});

test("the routes lead where Alertmanager's own do", (context) => {
  const amtool = realTool("amtool", context);
  const one = fc.nat(3);
  fc.assert(
    fc.property(
      teamsOf,
      environmentsOf,
      one,
      fc.constantFrom("warning", "critical", "info"),
      one,
      (teams, environments, team, severity, environment) => {
        const platform = samplePlatform({ teams, environments, services: [] });
        const config = join(writeArtifacts(renderAlertmanager(platform)), "alertmanager/alertmanager.yml");
        const labels = {
          team: teams[team]?.name ?? "other",
          severity,
          environment: environments[environment]?.name ?? "other",
        };
        const words = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
        const test = ["config", "routes", "test", `--config.file=${config}`, ...words];
        const { status, stdout, stderr } = spawnSync(amtool, test, { encoding: "utf8" });
        expect(status, stderr).toBe(0);
        const expected = stdout
          .trim()
          .split(",")
          .filter((receiver) => receiver !== nobody);
        expect(receiversFor(platform, labels)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
