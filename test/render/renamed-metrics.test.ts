import { expect, it } from "vitest";
import { icCanister } from "../../alert-rules/canister.exporter.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import { targetFindings } from "../../src/review/target-labels.ts";
import { samplePlatform } from "../sample-platform.ts";

const canister = "rrkah-fqaaa-aaaaa-aaaaq-cai";

/** As the ckBTC minter of the Internet Computer and Orbit's station name theirs, and every other one with a prefix. */
const metrics: Record<string, string> = {
  ...Object.fromEntries(icCanister.metrics.map(({ name }) => [name, `market_${name.replace(/^canister_/, "")}`])),
  canister_cycle_balance: "station_canister_cycles_balance",
  canister_stable_memory_bytes: "ckbtc_minter_stable_memory_bytes",
};

const platform = samplePlatform({
  services: [
    {
      name: "market",
      owner: "orders",
      packs: ["canister"],
      scrape: {
        scheme: "https",
        targets: {
          production: [`${canister}.raw.icp0.io:443`, "market.example.com:443"],
          staging: ["127.0.0.1:4943"],
        },
      },
      instrumentation: { kind: icCanister.id, metrics },
    },
  ],
});

it("what the service calls its metrics is the contract's name once it is scraped, and all else stays", async () => {
  const engine = await loadEngine();
  const { path, text } = renderPrometheus(platform);
  const others = ["up", "market_users", "station_canister_cycles_balance_total", "my_ckbtc_minter_stable_memory_bytes"];
  const names = [...Object.values(metrics), ...others];
  const target = { __address__: `${canister}.raw.icp0.io:443` };
  const { errors, targets } = engine.relabel(
    { name: path, yaml: text },
    names.map((name) => ({ job: "market", labels: target, sample: { __name__: name, method: "swap" } })),
  );
  expect(errors).toEqual([]);
  const stored = targets.map((one) =>
    one.outcome === "kept" && one.sample?.outcome === "kept" ? one.sample.labels : {},
  );
  expect(stored.map(({ __name__ }) => __name__)).toEqual([...Object.keys(metrics), ...others]);
  expect(text).toContain("track_timestamps_staleness: true");
  expect(stored.every(({ method }) => method === "swap")).toBe(true);
});

it("each target says by its address which canister it is, as rules and drills expect", async () => {
  expect(targetFindings(platform, renderPrometheus(platform), await loadEngine())).toEqual([]);
  const { text } = renderPrometheus(platform);
  expect([...text.matchAll(/canister: (\S+)/g)].map(([, id]) => id)).toEqual([canister, "market", "127.0.0.1"]);
});
