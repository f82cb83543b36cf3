import { describe, expect, it } from "vitest";
import { liveEntriesOf, livePlanOf, type Seen } from "../helpers/live-entries.ts";
import { samplePlatform } from "../sample-platform.ts";

const plan = livePlanOf(samplePlatform());

/** Each entry's outcome where it passed, else its message, by its name. */
const verdict = async (seen: Seen): Promise<Record<string, string | undefined>> =>
  Object.fromEntries(
    (await liveEntriesOf(plan, seen)).map(({ name, outcome, message }) => [
      name,
      outcome === "passed" ? outcome : message,
    ]),
  );

const quiet = "/products, which is well, stays quiet, and so does all else";
const drilled = { alertname: "HttpLatencyHigh", route: "/orders", service: "orders-api" };

describe("silence", () => {
  it("is kept when only the drilled alerts fire and only the owning team is told", async () => {
    const messages = [{ receiver: "orders-chat", text: "/orders is slow" }];
    expect((await verdict({ fired: [drilled], messages }))[quiet]).toBe("passed");
  });

  it.each([
    [
      "an alert of the healthy route",
      { fired: [{ ...drilled, route: "/products" }] },
      "HttpLatencyHigh fired for orders-api /products",
    ],
    [
      "an alert that is not drilled",
      { fired: [{ alertname: "HttpTargetDown", service: "orders-api" }] },
      "HttpTargetDown fired for orders-api",
    ],
    [
      "a message about the healthy route",
      { messages: [{ receiver: "orders-chat", text: "/products is slow" }] },
      "orders-chat was told of /products",
    ],
    [
      "a message to another team",
      { messages: [{ receiver: "web-mail", text: "/orders is slow" }] },
      "web-mail was told of something",
    ],
    ["a healthy route that nobody measured", { isHealthyRouteMeasured: false }, "it was not watched"],
  ])("is broken by %s", async (_, seen: Seen, fault) => {
    expect((await verdict(seen))[quiet]).toContain(fault);
  });
});

it("buckets that are not those declared are a failure of their own", async () => {
  const entries = await verdict({ bucketsSeconds: [0.1, 0.5, 1] });
  expect(entries["orders-api has the latency buckets that are declared for it"]).toBe(
    "declared are 0.1, 0.5, 1, 1.5, 2, 2.5, 5 s; exposed are 0.1, 0.5, 1 s",
  );
});
