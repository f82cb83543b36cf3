import { describe, expect, it } from "vitest";
import { distinctChanges, speedUp, speedUpExpression } from "../../src/live/live-speed.ts";
import { formatDuration, parseQuantity, seconds } from "../../src/model/quantity.ts";
import fc from "../helpers/fast-check.ts";

const sped = (expression: string, factor = 30) => speedUpExpression(expression, factor).content;

describe("speeding up an expression", () => {
  it("divides ranges, subquery steps and offsets", () => {
    expect(sped("rate(x[5m])")).toBe("rate(x[10s])");
    expect(sped("max_over_time(rate(x[5m])[1h:1m])")).toBe("max_over_time(rate(x[10s])[2m:2s])");
    expect(sped("max_over_time(x[1h:])")).toBe("max_over_time(x[2m:])");
    expect(sped("x offset 5m - x offset -1h30m")).toBe("x offset 10s - x offset -3m");
  });

  it("leaves alone what only looks like a duration", () => {
    for (const expression of [
      'service:x:rate5m{route="[5m]", path=~"a[0-9]+", note="offset 5m"}',
      'x{a=\'[5m]\', b=`[5m]`, c="\\"[5m]"} > 5',
      "x > 300 # over [5m] offset 5m",
      "sum by (offset) (x) / 5",
    ]) {
      expect(sped(expression)).toBe(expression);
    }
  });

  it("refuses a range that it cannot read", () => {
    expect(() => sped("rate(x[5 minutes])")).toThrow('"5 minutes"');
  });

  it("changes nothing when the factor is 1", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (milliseconds) => {
        const expression = `rate(x[${formatDuration(seconds(milliseconds / 1000))}])`;
        expect(sped(expression, 1)).toBe(expression);
      }),
    );
  });

  it("keeps the number of scrapes in a window, whatever the factor", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 4, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        (scrapeSeconds, scrapes, factor) => {
          const read = (text: string) => parseQuantity("seconds", text)?.value ?? Number.NaN;
          const { content } = speedUp(
            {
              scrape_interval: formatDuration(seconds(scrapeSeconds)),
              expr: `rate(x[${formatDuration(seconds(scrapeSeconds * scrapes))}])`,
            },
            factor,
          );
          const window = read(content.expr.slice("rate(x[".length, -"])".length));
          const interval = read(content.scrape_interval);
          // Both are rounded to whole milliseconds: half a millisecond each is all that may be lost.
          const possible = ((scrapes + 1) * 0.0005) / interval;
          expect(Math.abs(window / interval - scrapes)).toBeLessThanOrEqual(possible + 1e-9);
        },
      ),
    );
  });
});

describe("speeding up a file", () => {
  it("divides durations and keeps labels, annotations and everything else", () => {
    const { content, changes } = speedUp(
      {
        global: { scrape_interval: "15s", external_labels: { for: "5m" } },
        rules: [
          { alert: "A", expr: "x[5m] > 2", for: "5m", labels: { for: "5m" }, annotations: { threshold: "for 5m" } },
          { alert: "B", expr: "y > 2", for: "0s" },
        ],
        route: { group_wait: "30s", routes: [{ group_interval: "5m", time_intervals: ["nights"] }] },
      },
      30,
    );
    expect(content).toEqual({
      global: { scrape_interval: "500ms", external_labels: { for: "5m" } },
      rules: [
        { alert: "A", expr: "x[10s] > 2", for: "10s", labels: { for: "5m" }, annotations: { threshold: "for 5m" } },
        { alert: "B", expr: "y > 2", for: "0s" },
      ],
      route: { group_wait: "1s", routes: [{ group_interval: "10s", time_intervals: ["nights"] }] },
    });
    expect(distinctChanges([...changes, ...changes]).map(({ name, from, to }) => `${name} ${from} ${to}`)).toEqual([
      "for 0s 0s",
      "for 5m 10s",
      "group_interval 5m 10s",
      "group_wait 30s 1s",
      "range 5m 10s",
      "scrape_interval 15s 500ms",
    ]);
  });
});
