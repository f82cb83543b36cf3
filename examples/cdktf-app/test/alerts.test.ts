import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  drill,
  explainDrill,
  fires,
  HttpErrorRatioHigh,
  HttpLatencyHigh,
  healthy,
  loadEngine,
  percent,
  quiet,
  route,
  runDrills,
  seconds,
} from "../firedrill.ts";
import { ParcelStack } from "../parcel-stack.ts";

const app = new App({ outdir: join(mkdtempSync(join(tmpdir(), "parcel-")), "out") });
// The rules that are drilled are those that this stack deploys.
const { platform, ruleFiles } = new ParcelStack(app, "parcel").rules;
const [tracking] = platform.services;
if (!tracking) throw new Error("there is no service");

const drills = [
  drill("a slow map pages the parcel team after three minutes", {
    world: healthy(tracking).from("12:00", route("/parcels/{id}").withLatency({ p95: seconds(1) })),
    expect: [
      fires(HttpLatencyHigh, "critical", { route: "/parcels/{id}" }).between("12:03", "12:10").reaching("parcel-pager"),
      quiet(HttpErrorRatioHigh),
    ],
  }),
  drill("two in a hundred requests that fail are a mail and no page", {
    world: healthy(tracking).from("12:00", route("/parcels").withErrors(percent(2))),
    expect: [
      fires(HttpErrorRatioHigh, "warning", { route: "/parcels" }).between("12:05", "12:12").reaching("parcel-mail"),
      quiet(HttpErrorRatioHigh, "critical"),
    ],
  }),
  drill("a good day is quiet", {
    world: healthy(tracking).until("13:00"),
    expect: [quiet(HttpLatencyHigh), quiet(HttpErrorRatioHigh)],
  }),
];

describe("the alerts of the parcel stack", async () => {
  const results = runDrills({ platform, ruleFiles, drills, engine: await loadEngine() });
  it.each(results.map((result) => [result.name, result] as const))("%s", (_, result) => {
    expect(result.outcome, explainDrill(result)).toBe("passed");
  });
});
