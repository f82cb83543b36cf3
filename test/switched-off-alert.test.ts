import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { drillsOf } from "../alert-rules/drills.ts";
import { packs } from "../alert-rules/index.ts";
import { dashboards } from "../dashboards/index.ts";
import { loadConfig } from "../src/config/load.ts";
import type { Drill } from "../src/drills/drill.ts";
import type { Platform } from "../src/model/platform.ts";
import { allPromises } from "../src/model/promises.ts";
import { resolvePlatform } from "../src/model/resolve-platform.ts";
import { renderDashboards } from "../src/render/dashboard.ts";
import { renderLogRules } from "../src/render/log-rules.ts";
import { renderRules } from "../src/render/rules.ts";
import { seededRandom } from "../src/worlds/random.ts";

// Whatever alert of whatever pack is switched off: what is its own goes with it, and nothing else changes.

const folder = join(import.meta.dirname, "../examples");
const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, "generated")));

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  annotations?: Record<string, string>;
}

const rulesOf = (platform: Platform): Rule[] =>
  [...renderRules(platform), ...renderLogRules(platform)].flatMap(({ text }) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules),
  );

interface Panel {
  id: number;
  title: string;
  description?: string;
  links?: unknown;
  fieldConfig?: { defaults: { thresholds?: { steps: { value: number | null }[] } } };
  panels?: Panel[];
}

const panelsOf = (platform: Platform): { board: string; panel: Panel }[] =>
  renderDashboards(platform, dashboards).flatMap(({ path, text }) => {
    const all = (panels: Panel[]): Panel[] => panels.flatMap((panel) => [panel, ...all(panel.panels ?? [])]);
    return all((JSON.parse(text) as { panels: Panel[] }).panels).map((panel) => ({ board: path, panel }));
  });

/** Which drills there are, but for worlds and names: what is healthy depends on what is promised. */
const cellsOf = (drills: readonly Drill[]): string[] =>
  drills
    .flatMap(({ probes, world }) =>
      probes
        ? [`${world.service.name} ${world.environment} ${probes.alert} ${probes.severity} ${probes.boundary}`]
        : [],
    )
    .sort();

/** A service whose thresholds are the default's when the alert is gone has no dashboard of its own any more. */
const withoutDashboard = ({ annotations: { dashboard_url: _, ...others } = {}, ...rule }: Rule) => ({
  ...rule,
  others,
});

const boardsOf = (panels: readonly { board: string }[]): string[] => [...new Set(panels.map(({ board }) => board))];

/** What is derived reads the thresholds of all alerts, and tells of those that fire. */
const isOfAll = ({ record = "" }: Rule): boolean => /^capacity:|health|alerts_open/.test(record);

describe.each(examples)("in the example %s", (example) => {
  it("an alert of each pack is switched off with all that is its own, and nothing else", {
    timeout: 300_000,
  }, async () => {
    const { props } = await loadConfig(join(folder, example, "monitoring.yaml"));
    if (!props) throw new Error(`${example} has errors`);
    const random = seededRandom(examples.indexOf(example) + 1);
    const before = resolvePlatform(props, packs);
    const promised = new Set(before.services.flatMap(allPromises).map(({ alert }) => alert));
    const [rules, panels, drills] = [rulesOf(before), panelsOf(before), drillsOf(before)];
    for (const pack of before.packs) {
      const some = pack.alerts.filter((alert) => promised.has(alert));
      const alert = some[Math.floor(random.uniform() * some.length)];
      if (!alert) continue;
      const { name } = alert;
      const after = resolvePlatform({ ...props, features: { ...props.features, [name]: false } }, packs);

      const left = rulesOf(after);
      expect(left.filter((rule) => rule.alert === name)).toEqual([]);
      const alerts = (all: readonly Rule[]) =>
        all.filter((rule) => rule.alert !== undefined && rule.alert !== name).map(withoutDashboard);
      expect(alerts(left)).toEqual(alerts(rules));
      // What nobody asks for any more is not recorded; what still is, is recorded as before.
      const records = new Set(rules.map((rule) => JSON.stringify(rule)));
      for (const rule of left) if (rule.record && !isOfAll(rule)) expect(records).toContain(JSON.stringify(rule));

      const drilled = drillsOf(after);
      expect(drilled.filter(({ expect: all }) => all.some((one) => one.alert === name))).toEqual([]);
      expect(cellsOf(drilled)).toEqual(cellsOf(drills.filter(({ probes }) => probes?.alert !== name)));

      const shown = panelsOf(after);
      expect(JSON.stringify(shown)).not.toContain(`/${pack.name}/${name}.md`);
      expect(JSON.stringify(shown)).not.toContain(`**${name}**`);
      // Where this was the only override of a service, it has no dashboard of its own any more.
      if (boardsOf(shown).join() !== boardsOf(panels).join()) continue;
      for (const { board, panel } of panels) {
        const still = shown.find((one) => one.board === board && one.panel.id === panel.id)?.panel;
        if (!JSON.stringify(panel).includes(name)) expect(still, `${board}: ${panel.title}`).toEqual(panel);
        else if (panel.title === alert.signal.title) expect(still ?? {}, panel.title).not.toEqual(panel);
      }
    }
  });
});
