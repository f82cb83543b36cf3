import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { parseConfig } from "../../src/config/config.ts";
import type { PlatformDraft } from "../../src/config/platform-draft.ts";
import { platformFindings } from "../../src/config/platform-findings.ts";
import type { PlatformProps } from "../../src/model/platform-props.ts";
import { count, percent, seconds } from "../../src/model/quantity.ts";
import fc from "../helpers/fast-check.ts";

const text = readFileSync(join(import.meta.dirname, "../../monitoring.yaml"), "utf8");
const standard = parseConfig(text, "monitoring.yaml").props!;
const rules = (props: PlatformDraft) =>
  platformFindings(props, packs).map(({ rule, path }) => `${rule} ${path.join(".")}`);

/** A platform in TypeScript, as a CDKTF program of one's own has it. */
const typed: PlatformProps = {
  name: "shop",
  links: { grafana: "https://grafana.example.com", runbooks: "https://docs.example.com/runbooks" },
  environments: [{ name: "production" }],
  teams: [{ name: "orders", receivers: [{ name: "orders-hook", webhook: { url: "http://127.0.0.1:9099/" } }] }],
  services: [
    {
      name: "orders-api",
      owner: "orders",
      packs: ["http"],
      scrape: { targets: { production: ["orders-api:8000"] } },
      instrumentation: { kind: "fastapi-instrumentator" },
    },
  ],
};
const [service] = typed.services;

describe("platformFindings", () => {
  test("has nothing against the default platform, nor against a small one in TypeScript", () => {
    expect(rules(standard)).toEqual([]);
    expect(rules(typed)).toEqual([]);
  });

  test("sees in typed props what no schema has checked", () => {
    const wrong: PlatformProps = {
      ...typed,
      name: "Shop\n",
      links: { ...typed.links, grafana: "javascript:alert(1)" },
      services: [
        {
          ...service!,
          name: 'orders"} or vector(1) #',
          scrape: { path: "metrics", targets: { production: ["http://orders-api"] } },
          instrumentation: { kind: "otel-http", latencyBucketsSeconds: [1, Number.NaN, -1] },
          routes: ["{{ template }}"],
          thresholds: {
            HttpLatencyHigh: { critical: percent(5), for: seconds(Number.POSITIVE_INFINITY) },
            HttpMetricsMissing: { critical: count(Number.NaN) },
            Nothing: { critical: seconds(1) },
          },
        },
      ],
      retention: { metrics: seconds(-1) },
    };
    expect(rules(wrong).sort()).toEqual([
      "config/buckets services.0.instrumentation.latency_buckets.1",
      "config/buckets services.0.instrumentation.latency_buckets.2",
      "config/format links.grafana",
      "config/format platform",
      "config/format services.0.name",
      "config/format services.0.routes.0",
      "config/format services.0.scrape.path",
      "config/format services.0.scrape.targets.production.0",
      "config/quantity retention.metrics",
      "config/quantity services.0.thresholds.HttpLatencyHigh.critical",
      "config/quantity services.0.thresholds.HttpLatencyHigh.for",
      "config/quantity services.0.thresholds.HttpMetricsMissing.critical",
      "config/unknown-alert services.0.thresholds.Nothing",
    ]);
  });

  test("tells of an alert whose pack the service does not have", () => {
    const other = { name: "other", title: "Other", signals: [], alerts: [] };
    const props = {
      ...typed,
      services: [
        {
          ...service!,
          packs: ["other"],
          thresholds: { HttpLatencyHigh: { critical: seconds(3) } },
          features: { HttpNoTraffic: false },
        },
      ],
    };
    const found = platformFindings(props, { ...packs, other });
    expect(found.map(({ rule, path }) => `${rule} ${path.at(-1)}`)).toEqual([
      "config/alert-not-in-packs HttpLatencyHigh",
      "config/alert-not-in-packs HttpNoTraffic",
    ]);
    expect(found[0]?.summary).toContain("pack http");
  });

  /** The default platform with some parts gone, as they are when they could not be read. */
  const holes = (value: unknown, gone: () => boolean): unknown => {
    if (typeof value !== "object" || value === null || "unit" in value) return value;
    if (Array.isArray(value)) return value.map((item) => (gone() ? undefined : holes(item, gone)));
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => (gone() ? [] : [[key, holes(item, gone)]])),
    );
  };

  test("blames nothing on parts that are missing, except for what must be there as one of several", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 19 })), (stream) => {
        const draft = holes(standard, () => stream.next().value === 0) as PlatformDraft;
        const needOne = ["reach", "receiver-kind", "no-critical-receiver", "no-warning-receiver", "no-mail-server"];
        for (const { rule, path } of platformFindings(draft, packs)) {
          const missing = rule === "config/unknown-environment" || rule === "config/unknown-team";
          const isKnown = missing
            ? !(rule.endsWith("team") ? draft.teams : draft.environments)?.includes(undefined)
            : true;
          expect(isKnown, `${rule} ${path.join(".")}`).toBe(true);
          if (!missing) expect([...needOne.map((name) => `config/${name}`), "config/threshold-order"]).toContain(rule);
        }
      }),
      { numRuns: 500, seed: 20261121 },
    );
  });
});
