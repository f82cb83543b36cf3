import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import { targetFindings } from "../../src/review/target-labels.ts";
import { website } from "../helpers/website.ts";
import { samplePlatform } from "../sample-platform.ts";

const engine = await loadEngine();
const platform = samplePlatform();
const rendered = renderPrometheus(platform);

/** Findings about the deployed file with one thing changed by hand. */
function afterChange(from: string | RegExp, to: string): string[] {
  const text = rendered.text.replace(from, to);
  expect(text).not.toBe(rendered.text);
  return targetFindings(platform, { ...rendered, text }, engine).map(({ rule, summary }) => `${rule}: ${summary}`);
}

describe("the labels of every target", () => {
  it("are what alerts and routes rely on", () => {
    expect(targetFindings(platform, rendered, engine)).toEqual([]);
  });

  it("name the endpoint, where a prober is asked about several", () => {
    const probed = samplePlatform({ services: [website] });
    const file = renderPrometheus(probed);
    expect(targetFindings(probed, file, engine)).toEqual([]);
    // Without them, the endpoints' series could not be told apart.
    const text = file.text.replaceAll(/^ *endpoint: .*\n/gm, "");
    const missing = targetFindings(probed, { ...file, text }, engine).filter(
      ({ rule }) => rule === "scrape/target-missing",
    );
    expect(missing).toHaveLength(4);
  });

  it("are missed when one is misspelt, wrong or too many", () => {
    expect(afterChange("team: orders", "team: web").join("\n")).toContain(
      'No target of the file gets the labels {environment="production"',
    );
    expect(afterChange("team: orders", "taem: orders").join("\n")).toContain('taem="orders"');
    expect(afterChange("team: orders", "team: orders\n          pod: a")).toHaveLength(4);
  });

  it("are missed when a rule drops the target or takes a label away", () => {
    const rules = (text: string) => `metrics_path: /metrics\n    relabel_configs:\n      - ${text}`;
    expect(afterChange("metrics_path: /metrics", rules("{ action: labeldrop, regex: team }")).length).toBeGreaterThan(
      0,
    );
    const dropped = afterChange(
      "metrics_path: /metrics",
      rules("{ action: drop, source_labels: [environment], regex: staging }"),
    );
    expect(dropped).toEqual([
      expect.stringMatching(/^scrape\/target-missing: .*environment="staging".*127\.0\.0\.1:8003/),
    ]);
  });

  it("cannot be told from a file that Prometheus refuses", () => {
    expect(afterChange("metrics_path: /metrics", "metrics_paht: /metrics")).toEqual([
      'scrape/invalid: a scrape config has no key "metrics_paht"',
    ]);
  });
});
