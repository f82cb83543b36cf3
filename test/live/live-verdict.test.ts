import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { LiveMessage } from "../../src/live/live-message.ts";
import { planLiveDrill, standInService } from "../../src/live/live-plan.ts";
import { liveEntries } from "../../src/live/live-verdict.ts";
import { samplePlatform } from "../sample-platform.ts";

const platform = samplePlatform();
const plan = planLiveDrill(platform, standInService(platform)!);

let server: Server | undefined;
afterEach(() => server?.close());

interface Seen {
  /** Labels of alerts that fired. */
  fired?: Record<string, string>[];
  messages?: Pick<LiveMessage, "receiver" | "text">[];
  isHealthyRouteMeasured?: boolean;
  bucketsSeconds?: readonly number[];
}

/** The verdict when the service and Prometheus say this, and these messages came. */
async function verdict({
  fired = [],
  messages = [],
  isHealthyRouteMeasured = true,
  bucketsSeconds = plan.service.latencyBucketsSeconds,
}: Seen): Promise<Record<string, string | undefined>> {
  server = createServer(async (request, response) => {
    if (request.url === "/metrics") {
      response.end(bucketsSeconds.map((edge) => `${plan.service.http.histogram}_bucket{le="${edge}"} 1\n`).join(""));
      return;
    }
    let query = "";
    for await (const chunk of request) query += new URLSearchParams(String(chunk)).get("query") ?? "";
    const labels = query.startsWith("last_over_time(ALERTS") ? fired : isHealthyRouteMeasured ? [{}] : [];
    response.end(JSON.stringify({ data: { result: labels.map((metric) => ({ metric, value: [0, "1"] })) } }));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stage = {
    servicePort: port,
    prometheus: `http://127.0.0.1:${port}`,
    messages: messages.map(
      (message) => ({ ...message, receivedAt: 0, kind: "slack", status: "firing", severity: "" }) as const,
    ),
    stop: async () => {},
  };
  const entries = await liveEntries({ plan, detections: [], stage, startedAt: Date.now() });
  return Object.fromEntries(
    entries.map(({ name, outcome, message }) => [name, outcome === "passed" ? outcome : message]),
  );
}

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
