import { expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { exportersOf, isLogSignal } from "../../src/model/pack.ts";
import { healthyPlatform } from "../../src/review/healthy-platform.ts";
import { examplePlaces } from "../helpers/example-places.ts";
import { rulesOf, shop } from "../helpers/shop.ts";

const scrape = { targets: { production: ["thing:9000"] } };

/** One service of each kind, which lists all that its pack knows of it. */
const services = Object.values(packs).flatMap((pack) =>
  exportersOf([pack]).map(({ id, places }) => {
    const name = `of-${id.replaceAll(".", "-")}`;
    const service = { name, owner: "orders", packs: [pack.name], instrumentation: { kind: id }, scrape };
    const known = shop({ services: [{ ...service, ...examplePlaces(places) }] }).packs[0];
    const forecasts = known?.signals.flatMap((one) => (isLogSignal(one) ? [] : [one.name])) ?? [];
    return { ...service, ...examplePlaces(places), forecasts };
  }),
);

it("whatever is known of a service has a time until its limit on a good day, also what is 0 or 1, or is told from weeks", async () => {
  const platform = shop({ services });
  const query = "count by (service, signal) (capacity:time_left:late)";
  const found = healthyPlatform(platform, rulesOf(platform), await loadEngine())
    .ask([query])
    .get(query);
  const pairs = services.flatMap(({ name, forecasts }) => forecasts.map((signal) => `${name} ${signal}`));
  expect(pairs.length).toBeGreaterThan(200);
  expect(found?.map(({ service, signal }) => `${service} ${signal}`).sort()).toEqual(pairs.sort());
}, 300_000);
