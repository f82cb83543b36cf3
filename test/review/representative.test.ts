import { beforeAll, describe, expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { dashboards } from "../../dashboards/index.ts";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { linesPerSecond } from "../../src/model/quantity.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { renderLogRules } from "../../src/render/log-rules.ts";
import { representative } from "../../src/review/healthy-platform.ts";
import { logQueryFindings } from "../../src/review/log-queries.ts";
import { sampleProps } from "../sample-platform.ts";

const alike = (name: string): ServiceProps => ({
  name,
  owner: "orders",
  packs: ["http", "logs"],
  routes: ["/"],
  scrape: { targets: { production: [`${name}:8000`] } },
  instrumentation: { kind: "fastapi-instrumentator" },
});
const platformOf = (...services: ServiceProps[]): Platform => resolvePlatform({ ...sampleProps, services }, packs);
const names = ({ services }: Platform) => services.map(({ name }) => name);

describe("services that stand for all", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine();
  });

  it("are one of each kind", () => {
    const platform = platformOf(alike("a"), alike("b"), { ...alike("c"), packs: ["http"] });
    expect(names(representative(platform, []))).toEqual(["a", "c"]);
  });

  it("are one of those that the same lines name, and one that none does", () => {
    const platform = platformOf(...["a", "b", "c", "d", "e"].map(alike));
    const rules = ['up{service!~"b|c|d"}', 'up{service=~"d"}'].join("\n");
    expect(names(representative(platform, [rules]))).toEqual(["a", "b", "d"]);
    expect(names(representative(platform, rules.split("\n")))).toEqual(["a", "b", "d"]);
  });

  it("are enough for rules that leave out the first of its kind", () => {
    const own = { LogErrorsHigh: { warning: linesPerSecond(2), critical: linesPerSecond(20) } };
    const platform = platformOf({ ...alike("a"), thresholds: own }, alike("b"));
    const logRules = renderLogRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
    expect(logRules.map(({ yaml }) => yaml).join()).toContain('service!="a"');
    expect(logQueryFindings(platform, logRules, renderDashboards(platform, dashboards), engine)).toEqual([]);
  });
});
