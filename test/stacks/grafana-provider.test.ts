import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { GrafanaMonitoring } from "../../stacks/grafana.ts";
import { samplePlatform } from "../sample-platform.ts";
import { type Synthesized, synthesizeStack } from "./synthesized.ts";

const schemaFile = join(process.env.FIREDRILL_SHARED ?? "../shared", "data/grafana-provider/schema-4.45.1.json");

type Type = string | [collection: string, of: Type];

interface Block {
  attributes?: Record<string, { type: Type; required?: boolean; optional?: boolean; computed?: boolean }>;
  block_types?: Record<string, { block: Block; nesting_mode: string; min_items?: number; max_items?: number }>;
}

/** Everything in which a block differs from what the provider takes, as sentences. */
function differences(
  values: Record<string, unknown>,
  { attributes = {}, block_types = {} }: Block,
  at: string,
): string[] {
  const missing = Object.entries(attributes)
    .filter(([name, { required }]) => required && values[name] === undefined)
    .map(([name]) => `${at}.${name} is required`);
  const wrong = Object.entries(values).flatMap(([name, value]) => {
    const attribute = attributes[name];
    const nested = block_types[name];
    if (nested && Array.isArray(value)) {
      const many =
        value.length > (nested.max_items || Number.POSITIVE_INFINITY) ? [`${at}.${name} is there too often`] : [];
      return [...many, ...value.flatMap((item, index) => differences(item, nested.block, `${at}.${name}[${index}]`))];
    }
    if (!attribute) return [`${at}.${name} does not exist`];
    if (!attribute.required && !attribute.optional) return [`${at}.${name} can only be read`];
    return hasType(value, attribute.type) ? [] : [`${at}.${name} is no ${JSON.stringify(attribute.type)}`];
  });
  return [...missing, ...wrong];
}

function hasType(value: unknown, type: Type): boolean {
  if (typeof value === "string" && /^\$\{.*\}$/s.test(value)) return true;
  if (typeof type === "string") return typeof value === { string: "string", bool: "boolean", number: "number" }[type];
  const [collection, of] = type;
  if (collection === "map") return Object.values(value as object).every((item) => hasType(item, of));
  return Array.isArray(value) && value.every((item) => hasType(item, of));
}

/** What Terraform itself reads in a resource. */
const metaArguments = ["//", "depends_on", "lifecycle"];

describe("what the Grafana bindings emit", () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesizeStack((app) => new GrafanaMonitoring(app, "grafana", { platform: samplePlatform() }));
  });

  it("is what the provider's schema takes", ({ skip }) => {
    skip(!existsSync(schemaFile), `not run: ${schemaFile} is absent (FIREDRILL_SHARED names its folder)`);
    const { provider_schemas } = JSON.parse(readFileSync(schemaFile, "utf8"));
    const schema = provider_schemas["registry.terraform.io/grafana/grafana"];
    const found = Object.entries(stack.resource).flatMap(([type, resources]) =>
      Object.entries(resources).flatMap(([name, values]) => {
        const own = Object.fromEntries(Object.entries(values).filter(([key]) => !metaArguments.includes(key)));
        if (!schema.resource_schemas[type]) return [`${type} does not exist`];
        return differences(own, schema.resource_schemas[type].block, `${type}.${name}`);
      }),
    );
    const provider = stack.provider?.grafana?.flatMap((values) =>
      differences(values, schema.provider.block, "provider"),
    );
    expect([...found, ...(provider ?? [])]).toEqual([]);
    expect(Object.keys(stack.resource).sort()).toEqual([
      "grafana_contact_point",
      "grafana_dashboard",
      "grafana_data_source",
      "grafana_folder",
    ]);
  });

  it("is seen to be wrong by this test where it is wrong", ({ skip }) => {
    skip(!existsSync(schemaFile), `not run: ${schemaFile} is absent (FIREDRILL_SHARED names its folder)`);
    const { provider_schemas } = JSON.parse(readFileSync(schemaFile, "utf8"));
    const { block } = provider_schemas["registry.terraform.io/grafana/grafana"].resource_schemas.grafana_contact_point;
    expect(differences({ email: [{ address: "a" }], uid: "x" }, block, "c")).toEqual([
      "c.name is required",
      "c.email[0].addresses is required",
      "c.email[0].address does not exist",
      "c.uid does not exist",
    ]);
    expect(differences({ name: 1, id: "x" }, block, "c")).toEqual(['c.name is no "string"']);
  });

  it("names no token and no address of a Grafana", () => {
    expect(stack.provider).toEqual({ grafana: [{}] });
  });
});
