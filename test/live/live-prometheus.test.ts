import { expect, it } from "vitest";
import { bucketEdges, selector } from "../../src/live/live-prometheus.ts";

it("finds the finite edges of one histogram in a page of metrics", () => {
  const page = [
    "# TYPE http_request_duration_seconds histogram",
    'http_request_duration_seconds_bucket{handler="/a",le="0.5",method="GET"} 2.0',
    'http_request_duration_seconds_bucket{handler="/a",le="0.1",method="GET"} 1.0',
    'http_request_duration_seconds_bucket{le="2.0"} 2.0',
    'http_request_duration_seconds_bucket{handler="le=\\"9\\"",le="+Inf"} 2.0',
    'http_request_duration_highr_seconds_bucket{le="7.5"} 2.0',
    'http_request_duration_seconds_count{handler="/a"} 2.0',
  ].join("\n");
  expect(bucketEdges(page, "http_request_duration_seconds")).toEqual([0.1, 0.5, 2]);
  expect(bucketEdges("", "x")).toEqual([]);
});

it("escapes label values", () => {
  expect(selector({ route: 'a"} or up{x="\\' })).toBe('{route="a\\"} or up{x=\\"\\\\"}');
});
