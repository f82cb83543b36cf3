import { describe, expect, it } from "vitest";
import { drillsOf } from "../../alert-rules/drills.ts";
import { needsLoki } from "../../src/drills/drill-request.ts";
import { explainDrill } from "../../src/drills/explain-drill.ts";
import { linesPerSecond, seconds } from "../../src/model/quantity.ts";
import { notPassed } from "../helpers/drills.ts";
import { drillLoki, runWithLoki } from "../helpers/log-drills.ts";
import { checkout, ordersApi, shop } from "../helpers/shop.ts";

const packs = ["http", "logs"];
const platforms = {
  "the default thresholds": shop({ services: [ordersApi, checkout].map((one) => ({ ...one, packs })) }),
  "thresholds of its own": shop({
    services: [
      { ...ordersApi, packs },
      {
        ...checkout,
        packs,
        thresholds: {
          LogErrorsHigh: { warning: linesPerSecond(0.05), critical: linesPerSecond(6), for: seconds(600) },
          LogsMissing: { for: seconds(900) },
        },
      },
    ],
  }),
};

describe.for(Object.entries(platforms))("with %s", ([, platform]) => {
  it.for(platform.services.map(({ name }) => name))(
    "%s passes every drill on its log lines",
    { timeout: 120_000 },
    async (name, context) => {
      const loki = await drillLoki(context);
      const drills = drillsOf(platform).filter((one) => one.world.service.name === name && needsLoki(one, platform));
      const results = await runWithLoki(loki, platform, drills);
      expect(notPassed(results).map(explainDrill)).toEqual([]);
      expect(results.length).toBeGreaterThan(30);
    },
  );
});
