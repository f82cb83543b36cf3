import { expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { exportersOf } from "../../src/model/pack.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { rulesOf, serviceOf, shop } from "../helpers/shop.ts";

const n8n = (name: string, kind: string): ServiceProps => ({
  name,
  owner: "orders",
  packs: ["n8n"],
  scrape: { targets: { production: [`${name}:5678`] } },
  instrumentation: { kind },
});
const platform = shop({ services: [n8n("workflows", "n8n"), n8n("queue", "n8n-queue")] });

it("a service is promised no alert about a fact that its exporter does not show", () => {
  const promisedTo = (name: string) => [...serviceOf(platform, name).promises.keys()];
  const all = packs.n8n?.alerts.map(({ name }) => name) ?? [];
  expect(promisedTo("queue")).toEqual(all);
  expect(promisedTo("workflows")).toEqual(all.filter((name) => !["N8nQueueWaiting", "N8nJobsStalled"].includes(name)));
});

it("a rule need not exclude services whose exporter does not show what it is about", () => {
  const exprs = rulesOf(platform).flatMap(
    ({ yaml }) => yaml.match(/expr: service:n8n_queue_jobs_waiting:max.*/g) ?? [],
  );
  expect(exprs.length).toBe(2);
  expect(exprs.filter((expr) => expr.includes("{"))).toEqual([]);
});

it("every fact that an alert is about is shown by an exporter of its pack", () => {
  for (const pack of Object.values(packs)) {
    const facts = exportersOf([pack]).flatMap((exporter) => Object.keys(exporter.facts));
    for (const { signal, guard } of pack.alerts) {
      for (const fact of [signal.fact, guard?.signal.fact]) if (fact !== undefined) expect(facts).toContain(fact);
    }
  }
});
