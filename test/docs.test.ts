import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** Every page that tells somebody to type something. */
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "tools/README.md",
  "engine/README.md",
  ...markdownBelow("docs"),
  ...markdownBelow("examples"),
];

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
    .map((path) => join(folder, path))
    .sort();
}

/** A command in a code span or at the beginning of a code block's line, without the comment behind it. */
function commandsOf(page: string): string[] {
  const text = readFileSync(page, "utf8");
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  const blocks = [...text.matchAll(/```[a-z]*\n(.*?)```/gs)].flatMap(([, code = ""]) => code.split("\n"));
  return [...spans, ...blocks]
    .map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s{2,}\S.*$|\s+#.*$/, "")
        .trim(),
    )
    .filter((line) => /^(npx (firedrill|cdktf)|npm (start|test|run)\b)/.test(line));
}

/** Run by `.ci/run`, word for word, or with more options. */
const ranByCi = readFileSync(".ci/run", "utf8").replaceAll(" --silent", "");

/** Run by tests, in another form or on other input; or not to be run here, with the reason. */
const ranElsewhere: Readonly<Record<string, string>> = {
  "npm start": "test/start.test.ts",
  "npm run bench": "measures; asserts nothing",
  "npm run bench:anomaly": "measures; asserts nothing. What it is made of: test/nab",
  "npm run bench:redaction": "measures; asserts nothing. What it is made of: test/redaction.test.ts",
  "npm run bench:forecast": "measures; asserts nothing. What it is made of: test/forecast",
  "npm run bench:scale": "measures; asserts nothing",
  "npx firedrill bottleneck-report --prometheus http://127.0.0.1:9090": "test/bottleneck-report.test.ts",
  "npx firedrill capacity-report --prometheus http://127.0.0.1:9090": "test/capacity-report.test.ts",
  "npx firedrill capacity-report --prometheus http://127.0.0.1:9090 --to 2026-11-01 --format json":
    "test/capacity-report.test.ts",
  "npx firedrill experiment-report --prometheus http://127.0.0.1:9090": "test/experiment-report.test.ts",
  "npm run engine:build": "npm run engine:verify builds the same and compares it",
  "npm run engine:build -- --licences": "for a change of what engine/ depends on",
  "npx firedrill live --config examples/fastapi-service/monitoring.yaml": "test/live/live.test.ts",
  "npx firedrill release-report --prometheus http://127.0.0.1:9090": "test/release-report.test.ts",
  "npx firedrill slo-report --prometheus http://127.0.0.1:9090": "test/slo-report.test.ts",
  "npx firedrill slo-report --prometheus http://127.0.0.1:9090 --from 2026-10-01 --to 2026-11-01 --format json":
    "test/slo-report.test.ts",
  "npx firedrill export": "test/cli.test.ts, into another folder",
  "npx cdktf": "no whole command",
  "npx cdktf deploy": "no whole command",
  "npx cdktf deploy grafana": "needs an account",
  "npx cdktf diff aws": "needs an account",
};

const here = new Set([
  "npx firedrill check --config examples/default-buckets/monitoring.yaml",
  "npx firedrill test --config examples/default-buckets/monitoring.yaml",
  "npx firedrill test --promtool examples/promtool/alerts.test.yml",
  "npx firedrill mutate --promtool examples/promtool/alerts.test.yml",
  'npx firedrill test --config examples/default-buckets/monitoring.yaml --only "p95 of 2.04" --report drill.json',
]);

/** What pages show of a command's output: a block that begins with the command. */
const shownOutputs = () =>
  pages.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/```\n\$ (npx firedrill [^\n]+)\n(.*?)```/gs)].map(
      ([, command = "", shown = ""]) => ({ page, command, shown }),
    ),
  );

function firedrill(command: string) {
  const words = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
  return spawnSync(process.execPath, ["scripts/firedrill.mjs", ...words.slice(2)], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
}

/** A command that two pages show is run once. */
const outputs = new Map<string, ReturnType<typeof firedrill>>();
function outputOf(command: string): ReturnType<typeof firedrill> {
  const output = outputs.get(command) ?? firedrill(command);
  outputs.set(command, output);
  return output;
}

/** Lines move with every edit; what the page must get right is everything else. */
const withoutLineNumbers = (text: string): string => text.replace(/(\.(ts|yaml)):\d+(:\d+)?/g, "$1");

/** What was written, with `…` where what is shown leaves out the rest of a text or of a list. */
function abridged(shown: unknown, written: unknown): unknown {
  if (typeof shown === "string" && typeof written === "string" && shown.endsWith("…"))
    return written.startsWith(shown.slice(0, -1)) ? shown : written;
  if (Array.isArray(shown) && Array.isArray(written)) {
    const isCut = shown.at(-1) === "…" && written.length >= shown.length;
    const kept = isCut ? written.slice(0, shown.length - 1) : written;
    return [...kept.map((item, index) => abridged(shown[index], item)), ...(isCut ? ["…"] : [])];
  }
  if (!isRecord(shown) || !isRecord(written)) return written;
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [key, abridged(shown[key], value)]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

describe("the documentation", () => {
  it.each(pages)("%s tells only commands that are run by a test or by CI", (page) => {
    const unknown = commandsOf(page).filter(
      (command) =>
        !ranByCi.includes(command) && !(command in ranElsewhere) && !here.has(command) && !ranByTest(command),
    );
    expect(unknown).toEqual([]);
  });

  it.each(shownOutputs())(
    "$page shows what comes out of: $command",
    ({ command, shown }) => {
      expect(here).toContain(command);
      const { status, stdout } = outputOf(command);
      expect(status).toBe(1);
      expect(withoutLineNumbers(stdout)).toContain(withoutLineNumbers(shown.trimEnd()));
    },
    240_000,
  );

  it("shows the report that its example's command writes", () => {
    const [, command = "", shown = ""] =
      /`(npx firedrill [^`]+ --report drill\.json)`.*?```json\n(.*?)```/s.exec(
        readFileSync("docs/reports.md", "utf8"),
      ) ?? [];
    expect(here).toContain(command);
    const folder = mkdtempSync(join(tmpdir(), "firedrill-docs-"));
    firedrill(command.replace("drill.json", join(folder, "drill.json")));
    const written: unknown = JSON.parse(readFileSync(join(folder, "drill.json"), "utf8"));
    rmSync(folder, { recursive: true });
    expect(abridged(JSON.parse(shown), written)).toEqual(JSON.parse(shown));
  }, 120_000);

  it("says how few faults the tests of the promtool example notice", () => {
    const { status, stdout } = outputOf("npx firedrill mutate --promtool examples/promtool/alerts.test.yml");
    expect(status).toBe(1);
    const [, score = "no score"] = /Score ([\d.]+ %)/.exec(stdout) ?? [];
    expect(readFileSync("docs/validator.md", "utf8")).toContain(`gives these tests ${score}`);
  }, 120_000);

  it("says what check finds in the example with the default buckets", () => {
    const { status, stdout } = firedrill("npx firedrill check --config examples/default-buckets/monitoring.yaml");
    expect(status).toBe(1);
    expect(stdout).toContain("HttpLatencyHigh critical of orders-api can never fire at 2 s");
    expect(stdout).toContain("latency_lowr_buckets=(0.1, 0.5, 1, 1.5, 2");
  });

  it.each(pages)("%s links only to what is there", (page) => {
    const text = readFileSync(page, "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(([, path = ""]) => path);
    const missing = links.filter((path) => {
      const target = join(page, "..", path);
      return spawnSync("git", ["ls-files", "--error-unmatch", target], { encoding: "utf8" }).status !== 0;
    });
    expect(missing).toEqual([]);
  });
});

/** Commands whose words a test file holds: `firedrill live --config examples/…`. */
function ranByTest(command: string): boolean {
  const words = command.split(" ").slice(1).join(" ");
  return ["test/live/live.test.ts", "test/tools.test.ts"].some((file) => readFileSync(file, "utf8").includes(words));
}
