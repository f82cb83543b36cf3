import { HttpLatencyHigh, http, latencyP95 } from "../alert-rules/http.ts";
import { loadEngine } from "../src/engine/engine.ts";
import { promqlString } from "../src/model/promql.ts";
import { seconds } from "../src/model/quantity.ts";
import { resolvePlatform } from "../src/model/resolve-platform.ts";
import { renderRules } from "../src/render/rules.ts";
import { clockMs } from "../src/worlds/clock.ts";
import { expose } from "../src/worlds/exposition.ts";
import { route } from "../src/worlds/route-change.ts";
import { healthy } from "../src/worlds/world.ts";
import { writeWhole } from "./shared.ts";

/** The README's picture: one slow route, seen through two sets of buckets by the same alert. Drawn from a real drill. */

const truth = { before: 0.3, after: 2.4, at: "12:00" };
const timeline = { startMs: clockMs("11:50") ?? 0, endMs: clockMs("12:14") ?? 0 };
const threshold = HttpLatencyHigh.levels.critical?.value ?? 0;
const shown = { startMs: clockMs("11:56") ?? 0, endMs: timeline.endMs };

const frame = { left: 56, right: 640, top: 84, bottom: 300, width: 860, height: 344 };
const x = (ms: number) =>
  frame.left + ((ms - shown.startMs) / (shown.endMs - shown.startMs)) * (frame.right - frame.left);
const y = (value: number) => frame.bottom - (value / 2.75) * (frame.bottom - frame.top);

async function measuredWith(latencyBucketsSeconds: readonly number[] | undefined) {
  const platform = resolvePlatform(
    {
      name: "picture",
      links: { grafana: "https://grafana.example.com", runbooks: "https://example.com/runbooks" },
      environments: [{ name: "production" }],
      teams: [{ name: "orders", receivers: [] }],
      services: [
        {
          name: "orders-api",
          owner: "orders",
          packs: ["http"],
          scrape: { targets: { production: ["orders-api:8000"] } },
          instrumentation: { kind: "fastapi-instrumentator", latencyBucketsSeconds },
          routes: ["/orders", "/health"],
        },
      ],
    },
    { http },
  );
  const service = platform.services[0];
  if (!service) throw new Error("the picture's platform has no service");
  const world = healthy(service).from(truth.at, route("/orders").withLatency({ p95: seconds(truth.after) }));
  const { alerts, queries } = (await loadEngine()).evaluate({
    ruleFiles: renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text })),
    series: expose(world, timeline),
    ...timeline,
    evaluationIntervalMs: platform.intervals.evaluation.value * 1000,
    queries: [{ id: "p95", expr: `${latencyP95.series}{route=${promqlString("/orders")}}`, ...shown, stepMs: 30_000 }],
  });
  const critical = alerts.find(({ alert, labels }) => alert === HttpLatencyHigh.name && labels.severity === "critical");
  const firedMs = critical?.phases.find(({ state }) => state === "firing")?.fromMs;
  const { timestampsMs = [], values = [] } = queries[0]?.series[0] ?? {};
  return { firedMs, points: timestampsMs.map((ms, index) => [ms, values[index] ?? 0] as const) };
}

const path = (points: readonly (readonly [number, number])[]) =>
  points.map(([ms, value], index) => `${index ? "L" : "M"}${x(ms).toFixed(1)} ${y(value).toFixed(1)}`).join("");

const text = (atX: number, atY: number, words: string, style = "") =>
  `<text x="${atX.toFixed(1)}" y="${atY.toFixed(1)}" ${style}>${words}</text>`;

const [blind, seeing] = await Promise.all([measuredWith(undefined), measuredWith([0.1, 0.5, 1, 1.5, 2, 2.5, 5])]);
const change = clockMs(truth.at) ?? 0;
const atRight = frame.right + 12;
const lastOf = (points: readonly (readonly [number, number])[]) => points.at(-1)?.[1] ?? 0;
const hours = ["12:00", "12:05", "12:10"];

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" role="img"
 aria-label="A route whose true p95 is ${truth.after} s: with the default buckets the measured value stops at 1 s and the alert at ${threshold} s never fires; with an edge at ${threshold} s it does." font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="13">
<rect width="100%" height="100%" rx="10" fill="#0f1720"/>
<g fill="#e6edf3">
${text(24, 34, "One slow route, one alert: p95 above 2 s for 5 minutes", 'font-size="18" font-weight="600"')}
${text(24, 58, "The same world seen through two sets of histogram buckets, evaluated by Prometheus’ own engine", 'fill="#9fb0c0"')}
</g>
<g stroke="#2b3947">
${[0, 0.5, 1, 1.5, 2, 2.5].map((value) => `<path d="M${frame.left} ${y(value).toFixed(1)}H${frame.right}"/>`).join("\n")}
</g>
<g fill="#9fb0c0" text-anchor="end">
${[0, 1, 2].map((value) => text(frame.left - 8, y(value) + 4, `${value} s`)).join("\n")}
</g>
<g fill="#9fb0c0" text-anchor="middle">
${hours.map((hour) => text(x(clockMs(hour) ?? 0), frame.bottom + 22, hour)).join("\n")}
</g>
<path d="M${frame.left} ${y(threshold).toFixed(1)}H${frame.right}" stroke="#ff9f43" stroke-width="1.5" stroke-dasharray="7 5"/>
<path d="${path([
  [shown.startMs, truth.before],
  [change, truth.before],
  [change, truth.after],
  [shown.endMs, truth.after],
])}" fill="none" stroke="#9fb0c0" stroke-width="1.5" stroke-dasharray="2 4"/>
<path d="${path(seeing.points)}" fill="none" stroke="#4cc2ff" stroke-width="2.5"/>
<path d="${path(blind.points)}" fill="none" stroke="#ffd166" stroke-width="2.5"/>
${
  seeing.firedMs === undefined
    ? ""
    : `<path d="M${x(seeing.firedMs).toFixed(1)} ${frame.top}V${frame.bottom}" stroke="#4cc2ff" stroke-dasharray="3 3"/>
<g fill="#4cc2ff" text-anchor="middle">${text(x(seeing.firedMs), frame.top - 6, "fires", 'font-weight="600"')}</g>`
}
<g>
${text(atRight, y(truth.after) - 8, "what is true: 2.4 s", 'fill="#9fb0c0"')}
${text(atRight, y(lastOf(seeing.points)) + 12, "buckets with an edge at 2 s", 'fill="#4cc2ff"')}
${text(atRight, y(threshold) + 14, "threshold: 2 s", 'fill="#ff9f43"')}
${text(atRight, y(lastOf(blind.points)) - 4, "default buckets: stuck at 1 s,", 'fill="#ffd166"')}
${text(atRight, y(lastOf(blind.points)) + 14, blind.firedMs === undefined ? "the alert can never fire" : "the alert fires", 'fill="#ffd166"')}
</g>
</svg>
`;

await writeWhole("docs/one-slow-route.svg", svg);
console.log("docs/one-slow-route.svg is drawn.");
