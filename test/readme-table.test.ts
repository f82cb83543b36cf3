import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packs } from "../alert-rules/index.ts";

/** Rows of README's table of what is watched, as cells. */
const rows = readFileSync("README.md", "utf8")
  .split("\n| you monitor |")[1]!
  .split("\n\n")[0]!
  .split("\n")
  .slice(2)
  .map((line) => line.slice(2, -2).split(" | "));

/** What a derived pack is asked for with. */
const keys: Readonly<Record<string, string>> = {
  slo: "slos",
  anomaly: "anomalies",
  capacity: "forecasts",
  releases: "versions",
  experiments: "experiments",
};

test("the table of what is watched has a row for every pack with alerts, and says how many they are where it counts", () => {
  for (const { name, alerts } of Object.values(packs).filter((pack) => pack.alerts.length > 0)) {
    const row = rows.find(([what]) => what?.includes(`\`${keys[name] ?? name}\``));
    expect(row, name).toBeDefined();
    const counted = /^\d+/.exec(row?.[2] ?? "")?.[0];
    if (counted !== undefined) expect(Number(counted), name).toBe(alerts.length);
  }
});

test("each row leads to a dashboard of that title", () => {
  for (const [what, , , dashboards = ""] of rows) {
    const links = [...dashboards.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)];
    expect(links.length, what).toBeGreaterThan(0);
    for (const [, title = "", file = ""] of links) {
      const built = JSON.parse(readFileSync(file, "utf8")) as { title: string };
      expect(built.title.startsWith(title), `${file} has the title ${built.title}`).toBe(true);
    }
  }
});
