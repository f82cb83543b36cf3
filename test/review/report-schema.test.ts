import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, expect, it } from "vitest";
import { reportWriters } from "../../src/review/report-writers.ts";
import { liveEntriesOf, livePlanOf } from "../helpers/live-entries.ts";
import { withoutProgress } from "../helpers/without-progress.ts";
import { samplePlatform } from "../sample-platform.ts";

const temporary = mkdtempSync(join(tmpdir(), "firedrill-schema-"));
afterAll(() => rmSync(temporary, { recursive: true }));
const at = (name: string) => join(temporary, name);

const validate = new Ajv({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync("docs/report.schema.json", "utf8")),
);

writeFileSync(at("misspelt.yaml"), readFileSync("monitoring.yaml", "utf8").replace("owner: orders", "owner: ordres"));
const wrong = "labels: { job: other }";
writeFileSync(
  at("relabel.yml"),
  `scrape_config: ${join(process.cwd(), "test/relabel/prometheus.yml")}\ntests: [{name: n, target: {__address__: "a:1"}, ${wrong}}]`,
);

interface Entry {
  kind: string;
  outcome: string;
  message?: string;
}

/** Commands, and what kinds of entries with which outcomes they write at least. */
const runs: readonly [command: string, args: string[], seen: string[]][] = [
  ["check", ["check", "--config", at("misspelt.yaml")], ["check failed", "finding failed"]],
  [
    "test",
    ["test", "--config", "examples/default-buckets/monitoring.yaml", "--only", "just above 2 s", "--only", "a restart"],
    ["alert failed", "drill failed", "drill passed"],
  ],
  ["test over its limit", ["test", "--only", "checkout › a restart", "--limit", "1ms"], ["drill error"]],
  [
    "test --promtool",
    [
      ...["test", "--promtool", "examples/promtool/alerts.test.yml", "test/promtool/good.yml"],
      ...["test/bad/promtool/tab.yml", "test/bad/promtool/wrong-expression.yml", at("nowhere.yml")],
    ],
    ["alert passed", "file error", "file failed", "file passed", "finding failed", "finding passed"],
  ],
  [
    "test --promtool over its limit",
    ["test", "--limit", "1ms", "--promtool", "test/promtool/good.yml"],
    ["file error"],
  ],
  [
    "test --relabel",
    ["test", "--relabel", "test/relabel/tests.yml", at("relabel.yml"), at("nowhere.yml")],
    ["check passed", "finding error"],
  ],
  [
    "mutate --promtool",
    ["mutate", "--promtool", "examples/promtool/alerts.test.yml", at("nowhere.yml")],
    ["file error", "mutant failed", "mutant passed"],
  ],
  ["measure", ["measure", "--only", "checkout"], ["measurement passed"]],
  ["measure over its limit", ["measure", "--limit", "1ms"], ["measurement error"]],
];

it.each(runs)(
  "what %s really writes keeps to the schema, without a field that it does not name",
  (_, args, seen) => {
    const file = at("report.json");
    rmSync(file, { force: true });
    const { stdout, stderr } = spawnSync(process.execPath, ["scripts/firedrill.mjs", ...args, "--report", file], {
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect(withoutProgress(stderr)).toBe("");
    const report = JSON.parse(readFileSync(file, "utf8")) as { entries: Entry[] };
    expect(validate(report) ? [] : validate.errors).toEqual([]);
    const written = new Set(report.entries.map(({ kind, outcome }) => `${kind} ${outcome}`));
    expect([...written]).toEqual(expect.arrayContaining(seen));
    if (!args.includes("1ms")) return;
    // Whoever is over the limit is named, and told what to do.
    for (const { outcome } of report.entries.filter(({ kind }) => kind !== "alert")) expect(outcome).toBe("error");
    expect(stdout).toMatch(/checkout|good\.yml/);
    expect(stdout).toMatch(/--limit 5m?s?/);
  },
  180_000,
);

/** As `live` writes them, which takes real servers and minutes: what it saw goes through its own verdict and writer. */
it("what live writes keeps to the schema: told in time, told wrongly, never told, told to nobody, switched off", async () => {
  const plan = livePlanOf(samplePlatform({ features: { HttpErrorRatioHigh: false } }));
  const [fault] = plan.faults;
  if (!fault) throw new Error("nothing is drilled");
  const detections = [
    { fault, receiver: "in-time", secondsToDetect: 3.2, faults: [] },
    { fault, receiver: "wrongly", secondsToDetect: 3.2, faults: ["it has no link", "it names no route"] },
    { fault, receiver: "never", faults: [] },
  ];
  const lonely = { ...plan, faults: [...plan.faults, { ...fault, receivers: [] }] };
  const fired = [
    { alertname: "HttpTargetDown", service: "orders-api" },
    { alertname: "HttpNoTraffic", service: "checkout" },
  ];
  const entries = await liveEntriesOf(lonely, { detections, fired, bucketsSeconds: [1] });
  const report = JSON.parse(reportWriters[".json"]?.({ command: "live", entries }) ?? "");
  expect(validate(report) ? [] : validate.errors).toEqual([]);
  const written = entries.map(({ kind, outcome, details }) => `${kind} ${outcome}${details ? " with details" : ""}`);
  expect(new Set(written)).toEqual(new Set(["live passed", "live failed", "live failed with details", "live not-run"]));
});
