import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { minutes, seconds } from "../../src/model/quantity.ts";
import { alertmanagerConfig, renderAlertmanager } from "../../src/render/alertmanager.ts";
import { heartbeatName, renderHeartbeat } from "../../src/render/heartbeat.ts";
import { managedDestinations } from "../../src/render/managed-alertmanager.ts";
import { receiversFor } from "../../src/render/routing.ts";
import fc from "../helpers/fast-check.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

const heartbeat = { url: { secret: "heartbeat-url" } };
const platform = samplePlatform({ heartbeat });
const beat = { alertname: "Watchdog", severity: "none", pack: "meta" };
const teams = sampleProps.teams.flatMap(({ receivers }) => receivers.map(({ name }) => name));

describe("the heartbeat", () => {
  it("is there only where somebody listens for it", () => {
    expect(renderHeartbeat(samplePlatform())).toEqual([]);
    expect(alertmanagerConfig(samplePlatform()).receivers.map(({ name }) => name)).not.toContain(heartbeatName);
    expect(renderHeartbeat(platform).map(({ path }) => path)).toEqual(["prometheus/rules/heartbeat.yml"]);
  });

  it("fires from the first evaluation on, for as long as Prometheus evaluates, in a world with no series at all", async () => {
    const engine = await loadEngine();
    const ruleFiles = renderHeartbeat(platform).map(({ path, text }) => ({ name: path, yaml: text }));
    const startMs = Date.UTC(2026, 0, 5, 12);
    const endMs = startMs + 3_600_000;
    const { alerts } = engine.evaluate({ ruleFiles, series: [], startMs, endMs, evaluationIntervalMs: 30_000 });
    const [one, ...others] = alerts;
    expect(others).toEqual([]);
    expect(one).toMatchObject({ alert: "Watchdog", labels: beat });
    expect(one?.phases).toHaveLength(1);
    expect(one?.phases[0]).toMatchObject({ state: "firing" });
    expect(one?.phases[0]?.fromMs).toBeLessThanOrEqual(startMs + 30_000);
    expect(one?.phases[0]?.toMs).toBeUndefined();
  });

  it("reaches who listens and no team, whatever the teams take", () => {
    expect(receiversFor(platform, beat)).toEqual([heartbeatName]);
    for (const { name: team } of sampleProps.teams) {
      expect(receiversFor(platform, { ...beat, team, environment: "production" })).toEqual([heartbeatName]);
    }
  });

  it("takes no alert of a service away from its team", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("HttpLatencyHigh", "Watchdog"),
        fc.constantFrom("warning", "critical"),
        fc.constantFrom(...sampleProps.teams.map(({ name }) => name)),
        (alertname, severity, team) => {
          const labels = { alertname, severity, team, environment: "production" };
          expect(receiversFor(platform, labels)).toEqual(receiversFor(samplePlatform(), labels));
          expect(teams).toEqual(expect.arrayContaining(receiversFor(platform, labels)));
        },
      ),
    );
  });

  it("is sent again at every look, not at every second one", () => {
    for (const every of [seconds(10), minutes(1), minutes(30)]) {
      const [route] = alertmanagerConfig(samplePlatform({ heartbeat: { ...heartbeat, every } })).route.routes ?? [];
      const inSeconds = (text = "") =>
        [...text.matchAll(/(\d+)([ms])/g)].reduce((sum, [, n, unit]) => sum + Number(n) * (unit === "m" ? 60 : 1), 0);
      expect(inSeconds(route?.group_interval)).toBe(every.value);
      expect(inSeconds(route?.repeat_interval)).toBeGreaterThan(0);
      expect(inSeconds(route?.repeat_interval)).toBeLessThan(every.value);
    }
  });

  it("has its address in no file, and is a topic of its own where Amazon sends", () => {
    const [config] = renderAlertmanager(platform);
    expect(config?.text).toContain("url_file: secrets/heartbeat-url");
    expect(managedDestinations(platform)[0]).toMatchObject({ kind: "topic", receiver: { name: heartbeatName } });
  });

  it("is routed so by Alertmanager itself", (context) => {
    const amtool = realTool("amtool", context);
    const config = join(writeArtifacts(renderAlertmanager(platform)), "alertmanager/alertmanager.yml");
    const words = Object.entries(beat).map(([label, value]) => `${label}=${value}`);
    const asked = spawnSync(amtool, ["config", "routes", "test", `--config.file=${config}`, ...words], {
      encoding: "utf8",
    });
    expect(asked.stdout.trim()).toBe(heartbeatName);
  });
});
