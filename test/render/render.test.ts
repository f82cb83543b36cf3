import { expect, test } from "vitest";
import { compareText } from "../../src/model/finding.ts";
import { renderAll } from "../../src/render/render.ts";
import { samplePlatform } from "../sample-platform.ts";

const paths = (change = {}) => renderAll(samplePlatform(change)).map(({ path }) => path);

test("everything is rendered, sorted by path", () => {
  expect(paths()).toEqual([
    "alertmanager/alertmanager.yml",
    "alertmanager/templates/firedrill.tmpl",
    "collector/collector.yml",
    "grafana/dashboards/firedrill-http-gallery.json",
    "grafana/dashboards/firedrill-http-search.json",
    "grafana/dashboards/firedrill-http.json",
    "grafana/dashboards/firedrill-overview.json",
    "grafana/dashboards/firedrill-service.json",
    "loki/loki.yml",
    "monitoring.schema.json",
    "prometheus/prometheus.yml",
    "prometheus/rules/health.yml",
    "prometheus/rules/http.yml",
  ]);
  expect(paths()).toEqual([...paths()].sort(compareText));
});

test("what is switched off is not rendered", () => {
  const off = paths({ features: { logging: false, otlp: false, dashboards: false } });
  expect(off.filter((path) => /^(loki|collector|grafana)\//.test(path))).toEqual([]);
  const rules = renderAll(samplePlatform({ features: { logging: false } })).find(({ path }) => path.includes("rules"));
  expect(rules?.text).not.toContain("logs_url");
});

test("the same platform gives the same bytes", () => {
  expect(renderAll(samplePlatform())).toEqual(renderAll(samplePlatform()));
});

test("every file ends with one newline and says nothing of this computer", () => {
  for (const { path, text } of renderAll(samplePlatform())) {
    expect(text.endsWith("\n") && !text.endsWith("\n\n"), path).toBe(true);
    expect(text, path).not.toContain(process.cwd());
  }
});
