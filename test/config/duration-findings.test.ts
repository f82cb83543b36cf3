import { expect, test } from "vitest";
import { durationFindings } from "../../src/config/duration-findings.ts";
import type { PlatformDraft } from "../../src/config/platform-draft.ts";
import { days, seconds } from "../../src/model/quantity.ts";

const found = (props: PlatformDraft) =>
  durationFindings(props).map(({ severity, rule, path }) => `${severity} ${rule} ${path.at(-1)}`);
const scrape = (value: number) => found({ intervals: { scrape: seconds(value) } });
const edges = (...latencyBucketsSeconds: (number | undefined)[]) =>
  found({ services: [{ instrumentation: { latencyBucketsSeconds } }] });

test("four scrapes fall into the window of a rate, and two at the very least", () => {
  expect([scrape(75), scrape(76), scrape(150), scrape(151)]).toEqual([
    [],
    ["warning config/scrape-interval scrape"],
    ["warning config/scrape-interval scrape"],
    ["error config/scrape-interval scrape"],
  ]);
});

test("data is kept for 90 days", () => {
  expect(found({ retention: { metrics: days(90), logs: seconds(days(90).value - 1) } })).toEqual([
    "warning config/retention logs",
  ]);
});

test("no interval is zero or endless", () => {
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, days(36_501).value]) {
    expect(found({ intervals: { evaluation: seconds(value) } }), `${value}`).toEqual([
      "error config/quantity evaluation",
    ]);
  }
});

test("the edges of a histogram rise, each once, above zero", () => {
  expect(edges(0.001, 1, 2)).toEqual([]);
  expect(edges(0, 1, 1, 0.5)).toEqual(["error config/buckets 0", "error config/buckets 2", "error config/buckets 3"]);
  expect(edges(1, undefined, 0.5)).toEqual([]);
});
