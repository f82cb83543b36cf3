import { expect } from "vitest";
import type { Artifact } from "../../src/model/artifact.ts";

interface Deployed {
  rules: readonly { name: string; yaml: string }[];
  dashboards: readonly Artifact[];
}

/** What is deployed after a text in it has been changed by hand. Fails the test where nothing has that text. */
export function afterChange({ rules, dashboards }: Deployed, from: string, to: string): Deployed {
  expect([...rules.map(({ yaml }) => yaml), ...dashboards.map(({ text }) => text)].join("\n")).toContain(from);
  return {
    rules: rules.map(({ name, yaml }) => ({ name, yaml: yaml.replaceAll(from, to) })),
    dashboards: dashboards.map(({ path, text }) => ({ path, text: text.replaceAll(from, to) })),
  };
}
