import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packs } from "../alert-rules/index.ts";
import { loadConfig } from "../src/config/load.ts";
import { loadEngine } from "../src/engine/engine.ts";
import type { PlaceKey } from "../src/model/exporter.ts";
import { exportersOf } from "../src/model/pack.ts";
import { renderRules } from "../src/render/rules.ts";
import { recordingRuleCosts } from "./bench-rule-costs.ts";
import { measured } from "./bench-run.ts";

const node = process.execPath;
const sizes = [10, 100, 1000, 10_000];
/** Services on which the rules themselves are timed, one of each kind in turn. */
const timedServices = 240;

/** What services list of places that have no default. */
const examples: Partial<Record<PlaceKey, string>> = {
  endpoints: "[https://www.example.com/]",
  journeys: "{ swap: [offer, agree] }",
};

/** One service of each pack that there is, and both kinds of HTTP services: as its keys stand in monitoring.yaml. */
function kinds(): string[][] {
  const http = ["fastapi-instrumentator", "otel-http"].map((kind) => [
    "    packs: [http, logs]",
    `    instrumentation: { kind: ${kind}, latency_buckets: [0.1s, 0.5s, 1s, 1.5s, 2s, 2.5s, 5s] }`,
    "    routes: [/a, /b]",
  ]);
  const others = Object.values(packs).flatMap((pack) => {
    const [exporter] = exportersOf([pack]);
    if (!exporter) return [];
    const { id, places } = exporter;
    const listed = places?.default.length === 0 ? [`    ${places.key}: ${examples[places.key]}`] : [];
    return [[`    packs: [${pack.name}]`, `    instrumentation: { kind: ${id} }`, ...listed]];
  });
  return [...http, ...others];
}

/** Supabase answers nobody without them. */
const credentials = (kind: readonly string[] = []): string =>
  kind.some((line) => line.includes("supabase")) ? "password: { secret: key }, " : "";

function platformOf(count: number): string {
  const all = kinds();
  const services = Array.from({ length: count }, (_, index) => [
    `  - name: service-${index}`,
    "    owner: everybody",
    `    scrape: { ${credentials(all[index % all.length])}targets: { production: ["service-${index}.internal:9000"] } }`,
    ...(all[index % all.length] ?? []),
  ]);
  return [
    "platform: large",
    'links: { grafana: "https://grafana.example.com", runbooks: "https://example.com/runbooks" }',
    "environments: [{ name: production }]",
    "teams:",
    "  - name: everybody",
    '    receivers: [{ name: chat, slack: { channel: "#alerts", webhook: { secret: slack } } }]',
    "services:",
    ...services.flat(),
    "",
  ].join("\n");
}

/** How checking and generating grow with the number of services, as lines of Markdown. */
async function* scaleReport(): AsyncGenerator<string> {
  const folder = mkdtempSync(join(tmpdir(), "firedrill-bench-scale-"));
  try {
    const heads = ["check", "generate", "both", "each further service", "memory at most", "rules"];
    yield `| ${[`services of ${kinds().length} kinds`, ...heads].join(" | ")} |`;
    yield `|${" --- |".repeat(heads.length + 1)}`;
    let before = { size: 0, seconds: Number.NaN };
    for (const size of sizes) {
      const config = join(folder, `${size}.yaml`);
      writeFileSync(config, platformOf(size));
      const run = (...args: string[]) =>
        measured([node, "scripts/firedrill.mjs", ...args, "--config", config], { ...process.env, NO_COLOR: "1" });
      const check = run("check");
      const generate = run("generate", "--out", join(folder, `${size}`));
      const seconds = (value: number) => `${value.toFixed(1)} s`;
      const peak = Math.max(check.peakBytes ?? 0, generate.peakBytes ?? 0);
      const both = check.seconds + generate.seconds;
      const further = (1000 * (both - before.seconds)) / (size - before.size);
      before = { size, seconds: both };
      const cells = [
        size.toLocaleString("en"),
        seconds(check.seconds),
        seconds(generate.seconds),
        seconds(both),
        Number.isNaN(further) ? "" : `${further.toFixed(2)} ms`,
        `${Math.round(peak / 2 ** 20)} MiB`,
        await rulesOf(config),
      ];
      yield `| ${cells.join(" | ")} |`;
    }
    yield "";
    yield* await costs(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rulesOf(config: string): Promise<number> {
  const { platform } = await loadConfig(config);
  if (!platform) throw new Error(`${config} is not valid`);
  return renderRules(platform).reduce((sum, { text }) => sum + (text.match(/^ +- (record|alert):/gm) ?? []).length, 0);
}

async function costs(folder: string): Promise<string[]> {
  const config = join(folder, "timed.yaml");
  writeFileSync(config, platformOf(timedServices));
  const { platform } = await loadConfig(config);
  if (!platform) throw new Error(`${config} is not valid`);
  const [heaviest, ...rest] = recordingRuleCosts(platform, await loadEngine());
  if (!heaviest) return [];
  const whole = [heaviest, ...rest].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    `One evaluation of all ${rest.length + 1} recording rules on ${timedServices} services: ${whole.toFixed(0)} ms, on one thread.`,
    `The heaviest: ${heaviest.series}, ${heaviest.milliseconds.toFixed(1)} ms (${((100 * heaviest.milliseconds) / whole).toFixed(0)} %).`,
  ];
}

for await (const line of scaleReport()) console.log(line);
