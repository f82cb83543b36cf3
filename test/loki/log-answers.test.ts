import { describe, expect, it } from "vitest";
import { LogErrorsHigh } from "../../alert-rules/logs.ts";
import { type Drill, drill, fires, quiet } from "../../src/drills/drill.ts";
import { explainDrill } from "../../src/drills/explain-drill.ts";
import { runDrills } from "../../src/drills/run-drills.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { startDrillLoki } from "../../src/loki/drill-loki.ts";
import { askLoki } from "../../src/loki/log-answers.ts";
import { lokiClient } from "../../src/loki/loki-client.ts";
import { linesPerSecond } from "../../src/model/quantity.ts";
import { healthy } from "../../src/worlds/world.ts";
import { drillLoki, logRulesOf, runWithLoki } from "../helpers/log-drills.ts";
import { ordersApi, rulesOf, serviceOf, shop } from "../helpers/shop.ts";
import { isAlive } from "../processes.ts";
import { realTool } from "../real-tools.ts";

const platform = shop({ services: [{ ...ordersApi, packs: ["http", "logs"] }] });
const world = healthy(serviceOf(platform, "orders-api"), "production");
const failing = world.logs({ level: "error", rate: linesPerSecond(12) }, "12:00", "12:30");

const firing = drill("errors are critical", {
  world: failing,
  expect: [fires(LogErrorsHigh, "critical").between("12:06", "12:09").reaching("orders-pager", "orders-chat")],
});
const calm = drill("nothing happens", { world, expect: [quiet(LogErrorsHigh)] });

const outcomes = async (loki: Parameters<typeof runWithLoki>[0], drills: Drill[], change = (text: string) => text) => {
  const files = logRulesOf(platform).map(({ name, yaml }) => ({ name, yaml: change(yaml) }));
  return (await runWithLoki(loki, platform, drills, files)).map(({ outcome }) => outcome);
};

describe("drills on log lines", { timeout: 120_000 }, () => {
  it("do not meet: the errors of one do not make the next one fire", async (context) => {
    const loki = await drillLoki(context);
    expect(await outcomes(loki, [calm, firing, calm])).toEqual(["passed", "passed", "passed"]);
  });

  it.for([
    ["a threshold", "> 5", "> 20"],
    ["a comparison", "> 5", "< 5"],
    ["how long it must hold", "for: 5m", "for: 9m"],
    ["a severity", "severity: critical", "severity: page"],
    ["the levels that count", "error|fatal|critical", "fatal|critical"],
    ["a label that is kept", "sum by (environment, service, team)", "sum by (environment, service)"],
  ] as const)("notice that %s of the deployed rule changed", async ([, before, after], context) => {
    const loki = await drillLoki(context);
    const [outcome] = await outcomes(loki, [firing], (text) => text.replaceAll(before, after));
    expect(outcome).not.toBe("passed");
  });

  it("show the values that Loki had where one fails", async (context) => {
    const loki = await drillLoki(context);
    const wrong = drill("too early", {
      world: failing,
      expect: [fires(LogErrorsHigh, "critical").between("12:01", "12:02")],
    });
    const [result] = await runWithLoki(loki, platform, [wrong]);
    expect(explainDrill(result!)).toMatch(/It fired at 12:07.*too late[\s\S]*Errors in logs per second.*12:00 0\.00/);
    expect(explainDrill(result!)).toContain("the world from 12:00 to 12:30: 12/s lines of level error");
  });

  it("tell where LogQL is wrong, in Loki's words", async (context) => {
    const loki = await drillLoki(context);
    const files = logRulesOf(platform).map(({ name, yaml }) => ({ name, yaml: yaml.replaceAll("rate(", "raate(") }));
    const [result] = await runWithLoki(loki, platform, [calm], files);
    expect(result?.outcome).toBe("error");
    const placesOfFaults = files.flatMap(({ name, yaml }) =>
      yaml.split("\n").flatMap((line, index) => (line.includes("raate(") ? [`${name}:${index + 1}`] : [])),
    );
    expect(placesOfFaults).toHaveLength(2);
    expect(result?.failures.map(({ happened }) => happened)).toEqual(
      placesOfFaults.map((place) =>
        expect.stringMatching(new RegExp(`^${place}: parse error at line 1, col \\d+: syntax error`)),
      ),
    );
  });

  it("compare with the threshold as Loki itself does", async (context) => {
    const { address } = await drillLoki(context);
    const ask = await askLoki(lokiClient(address), "comparison", firing, platform, logRulesOf(platform));
    const [signal] = ask.ruleFiles.flatMap(({ yaml }) => /expr: "(\S+) > 5"/.exec(yaml)?.[1] ?? []);
    const answered = ask.series.filter(({ labels }) => labels.__name__ === signal);
    const [whole] = logRulesOf(platform).flatMap(({ yaml }) => /expr: (.* > 5)$/m.exec(yaml)?.[1] ?? []);
    const compared = await ask.ask(whole ?? "", signal ?? "");
    const above = answered.flatMap(({ values, timestampsMs }) =>
      [...values].flatMap((value, index) => (value > 5 ? [[timestampsMs[index], value]] : [])),
    );
    expect(above.length).toBeGreaterThan(10);
    expect(compared.flatMap(({ values, timestampsMs }) => [...values].map((v, i) => [timestampsMs[i], v]))).toEqual(
      above,
    );
  });

  it("leave no process when they are done", async (context) => {
    realTool("loki", context);
    const loki = await startDrillLoki(platform);
    expect(isAlive(loki?.pid ?? -1)).toBe(true);
    await loki?.stop();
    expect(isAlive(loki?.pid ?? -1)).toBe(false);
  });
});

it("is not run, by name and with the way out, where there is no Loki", async () => {
  const engine = await loadEngine();
  const logRuleFiles = logRulesOf(platform);
  const [result] = runDrills({ platform, ruleFiles: rulesOf(platform), logRuleFiles, drills: [calm], engine });
  expect(result).toMatchObject({ outcome: "not-run", name: "nothing happens" });
  expect(explainDrill(result!)).toContain("npm run tools");
});
