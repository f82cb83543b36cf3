import { expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { healthyPlatform } from "../../src/review/healthy-platform.ts";
import { ordersApi, shop } from "../helpers/shop.ts";

const app: ServiceProps = {
  name: "shop-app",
  owner: "orders",
  packs: ["mobile"],
  scrape: { targets: { production: ["alloy:12345"] } },
  instrumentation: { kind: "faro-mobile" },
  releases: ["1.0.0"],
};

const minuteMs = 60_000;

it("samples reach as far back as a service's windows, and rules run for minutes, however long some windows are", () => {
  const asked: Parameters<Engine["evaluate"]>[0][] = [];
  const engine: Pick<Engine, "evaluate"> = {
    evaluate: (request) => {
      asked.push(request);
      return { queries: [] } as unknown as ReturnType<Engine["evaluate"]>;
    },
  };
  healthyPlatform(shop({ services: [ordersApi, app] }), [], engine).ask(["up"]);
  const [one] = asked;
  if (!one) throw new Error("nothing was asked");
  const firstOf = (service: string) =>
    Math.min(
      ...one.series
        .filter(({ labels }) => labels.service === service)
        .map(({ timestampsMs }) => timestampsMs[0] ?? Infinity),
    );
  expect(one.endMs - one.startMs).toBeLessThanOrEqual(20 * minuteMs);
  // Sessions are counted over six hours.
  expect(one.endMs - firstOf("shop-app")).toBeGreaterThanOrEqual(360 * minuteMs);
  expect(one.endMs - firstOf("orders-api")).toBeLessThanOrEqual(30 * minuteMs);
});
