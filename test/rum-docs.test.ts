import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { webExporters } from "../alert-rules/web.exporter.ts";
import { textFormats } from "../src/config/value-formats.ts";

const page = readFileSync("docs/rum.md", "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, code = ""]) => code);

const metrics = webExporters[0]?.metrics ?? [];
const names = [...new Set(metrics.map(({ name }) => name))].sort();
/** Bucket edges of each histogram of the pack. */
const edges = Object.fromEntries(metrics.flatMap((one) => (one.type === "histogram" ? [[one.name, one.edges]] : [])));

/** What the endpoint of the page counts: its own code, with stand-ins for the libraries. */
function endpoint() {
  const counted: { name: string; value: number; labels: Record<string, string> }[] = [];
  const declared: Record<string, readonly number[]> = {};
  const instrument = (name: string, { advice }: { advice?: { explicitBucketBoundaries: number[] } } = {}) => {
    declared[name] = advice?.explicitBucketBoundaries ?? [];
    const count = (value: number, labels: Record<string, string>) => void counted.push({ name, value, labels });
    return { record: count, add: count };
  };
  const handlers: ((request: unknown, response: unknown) => void)[] = [];
  const libraries = {
    hostname: () => "host",
    OTLPMetricExporter: class {},
    PeriodicExportingMetricReader: class {},
    resourceFromAttributes: (attributes: unknown) => attributes,
    MeterProvider: class {
      getMeter = () => ({ createHistogram: instrument, createCounter: instrument });
    },
    express: {
      json: () => undefined,
      Router: () => ({
        post: (_path: string, _parse: unknown, handler: (typeof handlers)[number]) => handlers.push(handler),
      }),
    },
  };
  const code = blocks("js").find((block) => block.includes("express.Router")) ?? "";
  const body = code.replace(/^import .*$/gm, "").replace(/^export /gm, "");
  new Function(...Object.keys(libraries), body)(...Object.values(libraries));
  return {
    declared,
    counts(report: unknown, agent = "Mozilla/5.0 Chrome/140.0 Safari/537.36") {
      counted.length = 0;
      for (const handle of handlers)
        handle({ body: report, headers: { "user-agent": agent } }, { sendStatus: () => {} });
      return [...counted];
    },
  };
}

/** As Prometheus writes the name of an OpenTelemetry instrument. */
const stored = (name: string, isCounter: boolean) => `${name.replaceAll(".", "_")}${isCounter ? "_total" : ""}`;

describe("docs/rum.md", () => {
  it("names exactly the metrics that the pack reads", () => {
    const listed = [...page.matchAll(/^\| `(web_\w+)` \|/gm)].map(([, name = ""]) => name);
    expect(listed.sort()).toEqual(names);
  });

  it("gives the site's endpoint the names and buckets that the pack reads", () => {
    const { declared } = endpoint();
    const all = Object.entries(declared).map(([name, own]) => [stored(name, own.length === 0), own] as const);
    expect(all.map(([name]) => name).sort()).toEqual(names);
    expect(Object.fromEntries(all.filter(([, own]) => own.length > 0))).toEqual(edges);
  });

  it("gives Alloy the names and buckets that the pack reads", () => {
    const [alloy = ""] = blocks("alloy");
    const made = [...alloy.matchAll(/metric\.(\w+) \{(.*?)\}/gs)].map(([, type, text = ""]) => {
      const value = (key: string) => new RegExp(`^\\s*${key}\\s*= (.*)$`, "m").exec(text)?.[1] ?? "";
      return {
        type,
        name: JSON.parse(value("prefix")) + JSON.parse(value("name")),
        buckets: JSON.parse(value("buckets") || "[]"),
        source: JSON.parse(value("source")) as string,
      };
    });
    expect(made.map(({ name }) => name).sort()).toEqual(names);
    const histograms = made.filter(({ type }) => type === "histogram");
    expect(Object.fromEntries(histograms.map(({ name, buckets }) => [name, buckets]))).toEqual(edges);
    // Whatever is a time is made one of milliseconds; a layout shift is none.
    const times = histograms.filter(({ name }) => name.endsWith("_seconds")).map(({ source }) => source);
    const converted = [...alloy.matchAll(/source {3}= "(\w+)"\n\s+template = `\{\{ if \.Value \}\}/g)].map(
      ([, of]) => of,
    );
    expect(converted.sort()).toEqual(times.sort());
    const read = /mapping = \{(.*?)\}/s.exec(alloy)?.[1] ?? "";
    for (const { source } of made) expect(read).toContain(`${source} = "value_${source}"`);
  });

  it("counts times in seconds and a layout shift as it is", () => {
    const counted = endpoint().counts({ page: "/checkout", lcp: 2500, cls: 0.1, view: 1, slow: 0 });
    expect(counted).toEqual([
      { name: "web.lcp.seconds", value: 2.5, labels: { page: "/checkout" } },
      { name: "web.cls", value: 0.1, labels: { page: "/checkout" } },
      { name: "web.page.views", value: 1, labels: { page: "/checkout", browser: "Chrome" } },
    ]);
  });

  it("lets nobody make labels or numbers of their own", () => {
    const { counts } = endpoint();
    const sent = {
      page: "/checkout?card=4111",
      lcp: -1,
      inp: "1",
      ttfb: null,
      load: Number.NaN,
      view: 1000,
      failed: 1,
    };
    expect(counts(sent, "curl/8.5 4111")).toEqual([
      { name: "web.page.views.with.error", value: 1, labels: { page: "other", browser: "other" } },
    ]);
    expect(counts([])).toEqual([]);
    expect(counts(undefined)).toEqual([]);
  });

  it("counts pages that monitoring.yaml could name", () => {
    const listed = [...page.matchAll(/(?:new Set\(\[|\(list )("[^\])]+)[\])]/g)].flatMap(([, text = ""]) =>
      [...text.matchAll(/"(\/[^"]*)"/g)].map(([, name = ""]) => name),
    );
    expect(listed.length).toBeGreaterThan(3);
    for (const name of listed) expect(name).toMatch(new RegExp(textFormats.page.pattern, "u"));
  });

  it.each(blocks("js").map((code) => ({ code, first: code.split("\n", 1)[0] })))(
    "can be parsed: $first",
    ({ code }) => {
      const checked = spawnSync(process.execPath, ["--check", "--input-type=module", "-"], {
        input: code,
        encoding: "utf8",
      });
      expect(checked.stderr).toBe("");
      expect(checked.status).toBe(0);
    },
  );
});
