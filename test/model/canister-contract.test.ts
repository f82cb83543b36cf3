import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { icCanister, icPoller } from "../../alert-rules/canister.exporter.ts";
import { parseConfig } from "../../src/config/config.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/canisters.md"), "utf8");

it("the contract of canisters is written down: every metric, its type, its labels and who shows it", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `canister_"));
  const told = rows.map((row) =>
    row
      .split("|")
      .slice(1, 5)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
  const names = [...new Set([icCanister, icPoller].flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  const expected = names.map((name) => {
    const shows = ({ metrics }: typeof icCanister) => metrics.find((metric) => metric.name === name);
    const [own, polled] = [shows(icCanister), shows(icPoller)];
    const labels = [...(own?.perPlace ? ["method"] : []), ...Object.keys((own ?? polled)?.labels ?? {})];
    return [name, own && polled ? "both" : own ? "canister" : "poller", (own ?? polled)?.type, labels.join(", ")];
  });
  const sorted = (all: unknown[][]) => all.map((row) => row.join(" | ")).sort();
  expect(sorted(told.map(([name, by, type, labels = ""]) => [name, by, type, labels.replace(/:.*/, "")]))).toEqual(
    sorted(expected),
  );
});

it("its example is a service that can be watched", () => {
  const [, services = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const text = `platform: shop
links: { grafana: "https://grafana.example.com", runbooks: "https://docs.example.com/runbooks" }
environments: [{ name: production }]
teams: [{ name: market, receivers: [{ name: hook, webhook: { url: "http://127.0.0.1:9099/" } }] }]
${services}`;
  expect(parseConfig(text, "monitoring.yaml").findings).toEqual([]);
});
