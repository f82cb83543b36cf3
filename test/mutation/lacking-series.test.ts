import { expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { missingSeries, outsiders } from "../../src/mutation/lacking-series.ts";

const engine = await loadEngine();
const selectorsOf = (expr: string) => engine.parse(expr).selectors ?? [];

it("gives two instances to whatever is read and not there, with labels that its matchers let through", () => {
  const labels = missingSeries(selectorsOf('a{job=~"api|web", env!="dev"} / b + known'), new Set(["known"]), new Map());
  expect(labels).toEqual([
    { __name__: "a", instance: "a", job: "api" },
    { __name__: "a", instance: "b", job: "api" },
    { __name__: "b", instance: "a" },
    { __name__: "b", instance: "b" },
  ]);
});

it("gives histograms buckets on either side of what their quantiles are compared with", () => {
  const selectors = selectorsOf("histogram_quantile(0.9, rate(a_bucket[5m])) > 40");
  const bounds = missingSeries(selectors, new Set(), new Map([["a_bucket", [40]]])).map(({ le }) => le);
  expect(bounds).toEqual(expect.arrayContaining(["36", "40", "44", "+Inf"]));
});

it("sets one series beside each matcher that only this matcher keeps out", () => {
  const [selector] = selectorsOf('a{job="api", code=~"5..", env!="dev"}');
  if (!selector) throw new Error("there is no selector");
  const inside = { labels: { __name__: "a", job: "api", code: "500", env: "live" }, values: [1] };
  const other = { labels: { __name__: "a", job: "web", code: "500" }, values: [1] };
  expect(outsiders([other, inside], [selector]).map(({ labels }) => labels)).toEqual([
    { __name__: "a", job: "another", code: "500", env: "live" },
    { __name__: "a", job: "api", code: "another", env: "live" },
    { __name__: "a", job: "api", code: "500", env: "dev" },
  ]);
});
