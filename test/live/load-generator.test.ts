import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { isOneOf, startLoad } from "../../src/live/load-generator.ts";
import fc from "../helpers/fast-check.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(answer);
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("load", () => {
  it("comes at its rate, with each request's own headers, over few connections", async () => {
    const seen: string[] = [];
    const connections = new Set<unknown>();
    const port = await serve((request, response) => {
      seen.push(`${request.url} ${request.headers["x-drill-fail"] ?? "-"}`);
      connections.add(request.socket);
      response.statusCode = request.headers["x-drill-fail"] ? 500 : 200;
      response.end();
    });
    const load = startLoad({
      port,
      path: "/orders/1",
      requestsPerSecond: 50,
      headers: (n): Record<string, string> => (isOneOf(0.5, n) ? { "x-drill-fail": "1" } : {}),
      maximumSeconds: 10,
    });
    await wait(1000);
    const elapsedSeconds = (Date.now() - load.startedAt) / 1000;
    load.stop();
    // However busy the computer is: never more than is due, and at most a few not sent or not answered yet.
    expect(load.counts.sent).toBeLessThanOrEqual(elapsedSeconds * 50 + 1);
    expect(load.counts.sent).toBeGreaterThanOrEqual(45);
    expect(seen.length).toBeGreaterThanOrEqual(load.counts.sent - 10);
    expect(new Set(seen)).toEqual(new Set(["/orders/1 -", "/orders/1 1"]));
    expect(connections.size).toBeLessThan(10);
    expect(load.counts.broken).toBe(0);
    const failed = seen.filter((line) => line.endsWith(" 1")).length;
    expect(Math.abs(seen.length - 2 * failed)).toBeLessThanOrEqual(10);
    expect(load.counts.answers[500]).toBeGreaterThan(0);
  });

  it("never has more than its limit waiting, and says how many it held back", async () => {
    let waiting = 0;
    const port = await serve(() => {
      waiting += 1;
    });
    const load = startLoad({ port, path: "/", requestsPerSecond: 100, maximumSeconds: 10, maximumInFlight: 5 });
    await wait(500);
    load.stop();
    expect(waiting).toBe(5);
    expect(load.counts.heldBack).toBeGreaterThan(20);
  });

  it("ends by itself", async () => {
    const port = await serve((_, response) => response.end());
    const load = startLoad({ port, path: "/", requestsPerSecond: 100, maximumSeconds: 0.3 });
    await wait(900);
    expect(load.counts.sent).toBeLessThanOrEqual(30);
  });

  it("counts requests that nobody answers", async () => {
    const port = await serve((request) => request.socket.destroy());
    const load = startLoad({ port, path: "/", requestsPerSecond: 50, maximumSeconds: 10 });
    await wait(500);
    load.stop();
    expect(load.counts.broken).toBeGreaterThan(0);
    expect(load.counts.answers).toEqual({});
  });
});

it("a share of requests is met exactly, in any stretch of the run", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 1000 }), (percent, start) => {
      const chosen = Array.from({ length: 100 }, (_, n) => isOneOf(percent / 100, start + n)).filter(Boolean);
      expect(Math.abs(chosen.length - percent)).toBeLessThanOrEqual(1);
    }),
  );
});
