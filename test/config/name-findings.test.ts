import { expect, test } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { nameFindings } from "../../src/config/name-findings.ts";
import type { PlatformDraft } from "../../src/config/platform-draft.ts";

const found = (props: PlatformDraft) => nameFindings(props, packs).map(({ rule, path }) => `${rule} ${path.join(".")}`);

test("the second of two of one name is told, with where the first is", () => {
  const teams = [
    { name: "a", receivers: [{ name: "x" }] },
    { name: "b", receivers: [{ name: "y" }, { name: "x" }] },
  ];
  expect(nameFindings({ teams }, packs)).toMatchObject([
    { path: ["teams", 1, "receivers", 1, "name"], other: ["teams", 0, "receivers", 0, "name"] },
  ]);
  expect(found({ services: [{ name: "a" }, { name: "a" }, { name: "a" }] })).toEqual([
    "config/duplicate-name services.1.name",
    "config/duplicate-name services.2.name",
  ]);
});

test("a service and a team may have the same name", () => {
  expect(found({ teams: [{ name: "a" }], services: [{ name: "a" }], environments: [{ name: "a" }] })).toEqual([]);
});

test("two services that send the same service.name are one to whoever reads it", () => {
  const otlp = { environments: [] };
  expect(
    found({
      services: [
        { name: "a", otlp },
        { name: "b", otlp: { serviceName: "a" } },
      ],
    }),
  ).toEqual(["config/duplicate-name services.1.otlp.service_name"]);
  expect(
    found({
      services: [
        { name: "a", otlp },
        { name: "a", otlp: { serviceName: "b" } },
      ],
    }),
  ).toEqual(["config/duplicate-name services.1.name"]);
});

test("a name that leads nowhere is told, unless the one it may mean cannot be read", () => {
  const services = [{ owner: "b", packs: ["toString"], scrape: { targets: { constructor: [] } } }];
  const environments = [{ name: "production" }];
  expect(found({ services, environments, teams: [{ name: "a" }] })).toEqual([
    "config/unknown-team services.0.owner",
    "config/unknown-pack services.0.packs.0",
    "config/unknown-environment services.0.scrape.targets.constructor",
  ]);
  expect(found({ services, environments: [{}], teams: [{ name: "a" }, undefined] })).toEqual([
    "config/unknown-pack services.0.packs.0",
  ]);
});
