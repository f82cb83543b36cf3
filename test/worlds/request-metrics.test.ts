import { expect, it } from "vitest";
import { instrumentations } from "../../src/model/instrumentation.ts";
import { shareWithin } from "../../src/worlds/latency.ts";
import { seededRandom } from "../../src/worlds/random.ts";
import { requestMetrics } from "../../src/worlds/request-metrics.ts";
import { checkout, httpServiceOf, ordersApi, shop } from "../helpers/shop.ts";

const service = httpServiceOf(shop(), ordersApi.name);
const named = (values: { id: string; value: number }[]) =>
  Object.fromEntries(values.map(({ id, value }) => [id, value]));

it("exposes nothing before the first request, and nothing after a restart", () => {
  const process = requestMetrics(service);
  expect(process.exposed()).toEqual([]);
  process.serve("/orders", 200, 0, 0.3);
  expect(process.exposed()).toEqual([]);
  process.serve("/orders", 200, 1, 0.3);
  expect(process.exposed()).toHaveLength(1 + 9 + 1 + 2);
  process.restart();
  expect(process.exposed()).toEqual([]);
});

it("names everything as prometheus-fastapi-instrumentator does: statuses are counted, not measured", () => {
  const process = requestMetrics(service);
  process.serve("/orders", 200, 3, 0.3);
  process.serve("/orders", 500, 1, 0.3);
  const counters = process.exposed().filter(({ labels }) => labels.__name__ === "http_requests_total");
  expect(counters.map(({ labels, value }) => [labels, value])).toEqual([
    [{ __name__: "http_requests_total", handler: "/orders", method: "GET", status: "2xx" }, 3],
    [{ __name__: "http_requests_total", handler: "/orders", method: "GET", status: "5xx" }, 1],
  ]);
  const count = process.exposed().find(({ labels }) => labels.__name__ === "http_request_duration_seconds_count");
  expect(count?.labels).toEqual({ __name__: "http_request_duration_seconds_count", handler: "/orders", method: "GET" });
  expect(count?.value).toBe(4);
});

it("names everything as OpenTelemetry does: one histogram for each status", () => {
  const process = requestMetrics(httpServiceOf(shop(), checkout.name));
  process.serve("/pay", 200, 3, 0.3);
  process.serve("/pay", 500, 1, 0.3);
  const counts = process.exposed().filter(({ labels }) => labels.__name__?.endsWith("_count"));
  expect(counts.map(({ labels, value }) => [labels, value])).toEqual([
    [
      {
        __name__: "http_server_request_duration_seconds_count",
        http_route: "/pay",
        http_request_method: "GET",
        http_response_status_code: "200",
      },
      3,
    ],
    [
      {
        __name__: "http_server_request_duration_seconds_count",
        http_route: "/pay",
        http_request_method: "GET",
        http_response_status_code: "500",
      },
      1,
    ],
  ]);
});

it("names everything as express-prom-bundle does, with includeMethod and includePath", () => {
  const express = instrumentations["express-prom-bundle"];
  const process = requestMetrics({ ...service, http: express, latencyBucketsSeconds: express.defaultBucketsSeconds });
  process.serve("/orders/#val", 200, 3, 0.3);
  process.serve("/orders/#val", 500, 1, 0.3);
  const exposed = process.exposed();
  expect(new Set(exposed.map(({ labels }) => labels.__name__))).toEqual(
    new Set(["bucket", "sum", "count"].map((part) => `http_request_duration_seconds_${part}`)),
  );
  const counts = exposed.filter(({ labels }) => labels.__name__?.endsWith("_count"));
  expect(counts.map(({ labels: { __name__, ...labels }, value }) => [labels, value])).toEqual([
    [{ path: "/orders/#val", method: "GET", status_code: "200" }, 3],
    [{ path: "/orders/#val", method: "GET", status_code: "500" }, 1],
  ]);
  const edges = exposed.flatMap(({ labels: { le, status_code } }) => (le && status_code === "200" ? [le] : []));
  expect(edges).toEqual(["0.003", "0.03", "0.1", "0.3", "1.5", "10.0", "+Inf"]);
});

it("apportions without drifting: a thousand single requests fill the buckets as a thousand at once", () => {
  const [single, together] = [requestMetrics(service), requestMetrics(service)];
  for (let n = 0; n < 1000; n += 1) single.serve("/orders", 200, 1, 0.6);
  together.serve("/orders", 200, 1000, 0.6);
  const [one, other] = [named(single.exposed()), named(together.exposed())];
  for (const [id, value] of Object.entries(other)) expect(one[id]).toBeCloseTo(value, 6);
  const half = together.exposed().find(({ labels }) => labels.le === "0.5");
  expect(half?.value).toBe(Math.round(1000 * shareWithin(0.5, 0.6)));
});

it("draws near to what it would apportion", () => {
  const process = requestMetrics(service);
  process.serve("/orders", 200, 10_000, 0.6, seededRandom(5));
  const half = process.exposed().find(({ labels }) => labels.le === "0.5");
  expect((half?.value ?? 0) / 10_000).toBeCloseTo(shareWithin(0.5, 0.6), 1);
});
