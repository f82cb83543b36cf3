import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { measureTasks } from "../../src/measure/measure-platform.ts";
import { allPromises } from "../../src/model/promises.ts";
import { shop } from "../helpers/shop.ts";

const platform = shop();

it("every alert of every service is measured once, with those of its own pack", () => {
  const tasks = measureTasks(platform);
  const measured = tasks.flatMap(({ number, alerts }) => alerts.map((alert) => `${number} ${alert}`));
  const promised = platform.services.flatMap((service, number) =>
    allPromises(service).map(({ alert }) => `${number} ${alert.name}`),
  );
  expect(measured.sort()).toEqual([...new Set(promised)].sort());
  const packOf = new Map(platform.packs.flatMap(({ alerts }) => alerts.map(({ name, pack }) => [name, pack])));
  for (const { pack, alerts } of tasks) expect(alerts.map((name) => packOf.get(name))).toEqual(alerts.map(() => pack));
});

it("--only measures an alert by its name, and nothing else", { timeout: 120_000 }, () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["scripts/firedrill.mjs", "measure", "--only", "HttpErrorRatioHigh"],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  const measured = [...stdout.matchAll(/^ {2}([A-Z]\w+) (?:warning|critical)/gm)].map(([, alert]) => alert);
  expect(new Set(measured)).toEqual(new Set(["HttpErrorRatioHigh"]));
  expect(stdout).toContain(`\n${measured.length} thresholds measured, 0 not as promised.`);
  expect(status).toBe(0);
});
