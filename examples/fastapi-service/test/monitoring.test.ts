import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { loadConfig } from "../../../src/config/load.ts";
import { measurableFindings } from "../../../src/worlds/measurable.ts";

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { platform, findings, placeOf } = await loadConfig(file("monitoring.yaml"));
const app = readFileSync(file("app.py"), "utf8");

it("monitoring.yaml is valid, and every threshold can be measured", () => {
  expect(findings).toEqual([]);
  expect(measurableFindings(platform!, placeOf)).toEqual([]);
});

it("monitoring.yaml declares the buckets and the routes that app.py has", () => {
  const edges = /^LATENCY_BUCKETS_SECONDS = \((.*)\)$/m.exec(app)?.[1]?.split(",").map(Number);
  const [service] = platform!.services;
  expect(service?.latencyBucketsSeconds).toEqual(edges);
  const routes = [...app.matchAll(/@app\.get\("([^"]+)"/g)].map(([, route]) => route);
  expect([...(service?.routes ?? []), "/health"].sort()).toEqual(routes.sort());
});

it("requirements.txt pins every package by version and hash, and names no download address", () => {
  const text = readFileSync(file("requirements.txt"), "utf8");
  const packages = text.split(/\n(?=[a-z])/).filter((entry) => /^[a-z]/.test(entry));
  expect(packages.length).toBeGreaterThan(10);
  for (const entry of packages) expect(entry).toMatch(/^[a-z\d-]+==[\d.]+( ; [^\n]+)? \\\n {4}--hash=sha256:/);
  expect(text).not.toMatch(/https?:|--(extra-)?index-url|--find-links/);
});
