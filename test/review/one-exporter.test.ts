import { expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { isProblem } from "../../src/model/finding.ts";
import { exportersOf } from "../../src/model/pack.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { inspectPlatform } from "../../src/review/inspect.ts";
import { examplePlaces } from "../helpers/example-places.ts";
import { shop } from "../helpers/shop.ts";

const kinds = Object.values(packs).flatMap((pack) => exportersOf([pack]).map((exporter) => ({ pack, exporter })));

const problemsOf = async (services: ServiceProps[]) => {
  const inspections = await inspectPlatform(shop({ services }), () => ({ file: "monitoring.yaml" }));
  return inspections.flatMap(({ findings }) => findings.filter(isProblem));
};
const scrape = { targets: { production: ["thing:9000"] } };

it.each(kinds)(
  "a platform with nothing but $exporter.id is asked for nothing that it does not show",
  async ({ pack, exporter: { id, places } }) => {
    const service = { name: "only", owner: "orders", packs: [pack.name], instrumentation: { kind: id } };
    expect(await problemsOf([{ ...service, ...examplePlaces(places), scrape }])).toEqual([]);
  },
);

it.each(kinds.filter(({ exporter }) => !exporter.probes && exporter.hostLabel === undefined))(
  "a $exporter.id that sends its metrics is not asked for its scrape, although another service is scraped",
  async ({ pack, exporter: { id, places } }) => {
    const service = { name: "pushing", owner: "orders", packs: [pack.name], instrumentation: { kind: id } };
    const other = {
      name: "api",
      owner: "orders",
      packs: ["http"],
      instrumentation: { kind: "otel-http", latencyBucketsSeconds: [0.5, 1.5, 2, 5] },
    };
    const otlp = { environments: ["production"] };
    expect(
      await problemsOf([
        { ...service, ...examplePlaces(places), otlp },
        { ...other, scrape },
      ]),
    ).toEqual([]);
  },
);
