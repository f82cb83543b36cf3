import { expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { isProblem } from "../../src/model/finding.ts";
import { exportersOf } from "../../src/model/pack.ts";
import { inspectPlatform } from "../../src/review/inspect.ts";
import { examplePlaces } from "../helpers/example-places.ts";
import { shop } from "../helpers/shop.ts";

const kinds = Object.values(packs).flatMap((pack) => exportersOf([pack]).map((exporter) => ({ pack, exporter })));

it.each(kinds)(
  "a platform with nothing but $exporter.id is asked for nothing that it does not show",
  async ({ pack, exporter: { id, places } }) => {
    const platform = shop({
      services: [
        {
          name: "the-only-one",
          owner: "orders",
          packs: [pack.name],
          scrape: { targets: { production: ["thing:9000"] } },
          instrumentation: { kind: id },
          ...examplePlaces(places),
        },
      ],
    });
    const inspections = await inspectPlatform(platform, () => ({ file: "monitoring.yaml" }));
    expect(inspections.flatMap(({ findings }) => findings.filter(isProblem))).toEqual([]);
  },
);
