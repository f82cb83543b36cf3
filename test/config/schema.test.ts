import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { monitoringSchema } from "../../src/config/schema.ts";
import { resolveSchema, type Schema, schemaKeywords } from "../../src/config/schema-parts.ts";
import { severities } from "../../src/model/conventions.ts";
import { formatDuration, formatQuantity, parseQuantity } from "../../src/model/quantity.ts";

const schema = monitoringSchema(packs);
const alerts = Object.values(packs).flatMap((pack) => pack.alerts);

interface Row {
  key: string;
  schema: Schema;
  isRequired: boolean;
}

/** Every key of monitoring.yaml, with `[]` for the items of lists; alerts and features once for all. */
function rowsOf(node: Schema, key = "", isRequired = true): Row[] {
  const inner = node.if ? [] : childrenOf(node, key);
  return [...(key && !key.endsWith("[]") ? [{ key, schema: node, isRequired }] : []), ...inner];
}

function childrenOf(part: Schema, key: string): Row[] {
  const node = resolveSchema(part, schema);
  const at = key ? `${key}.` : "";
  if (node.items) return rowsOf(node.items, `${key}[]`);
  if (typeof node.additionalProperties === "object")
    return rowsOf(node.additionalProperties, `${at}<${node["x-keys"] ?? "environment"}>`);
  const properties = Object.entries(node.properties ?? {});
  if (node["x-keys"])
    return properties.slice(0, 1).flatMap(([, item]) => rowsOf(item, `${at}<${node["x-keys"]}>`, false));
  return properties.flatMap(([name, item]) => rowsOf(item, at + name, node.required?.includes(name)));
}

const yamlText = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/"([\w./-]+)":/g, "$1: ")
    .replace(/"(?!true"|false"|\d+")([A-Za-z0-9/.][\w./%-]*)"/g, "$1")
    .replace(/,(?=\S)/g, ", ");

const typeOf = (part: Schema): string => {
  const node = resolveSchema(part, schema);
  if (node.if) return `${node.else?.title} or ${node.then?.title}`;
  if (node.enum) return node.enum.map((word) => `\`${word}\``).join(", ");
  if (node.items)
    return `list of ${node.items.title?.replace(/^an? /, "")}s`.replace(/ys$/, "ies").replace(/hs$/, "hes");
  if (node.type === "object") return "mapping";
  return node.title?.replace(/^an? /, "") ?? "";
};

/** Alerts and features are many: the page says once what their keys mean. */
const isGeneral = (key: string): boolean => /<(alert|feature)/.test(key);

/** The documentation's row of a key; without meaning and example where these differ from alert to alert. */
function rowOf({ key, schema: node, isRequired }: Row): string[] {
  const isLevel = isGeneral(key) && /\.(warning|critical)$/.test(key);
  const fallback = node.default !== undefined ? `\`${yamlText(node.default)}\`` : isRequired ? "required" : "optional";
  const row = [`\`${key}\``, isLevel ? "in the alert's unit" : typeOf(node), fallback];
  return isGeneral(key) ? row : [...row, node.description!, node.examples ? `\`${yamlText(node.examples[0])}\`` : ""];
}

describe("the schema", () => {
  test("is a valid draft-07 schema", () => {
    const ajv = new Ajv({ strict: false });
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  });

  test("has a description, and examples and a default that it allows itself, at every key", () => {
    const ajv = new Ajv({ allowUnionTypes: true, strictRequired: false });
    for (const keyword of schemaKeywords) ajv.addKeyword(keyword);
    for (const { key, schema: node } of rowsOf(schema)) {
      expect(node.description, key).toMatch(/^[A-Z].*\.$/);
      const validate = ajv.compile({ ...node, definitions: schema.definitions });
      const samples = [...(node.examples ?? []), ...(node.default === undefined ? [] : [node.default])];
      for (const sample of samples) expect(validate(sample), `${key}: ${JSON.stringify(sample)}`).toBe(true);
    }
  });

  test("completes every alert with a threshold of its unit", () => {
    const { thresholds, services } = schema.properties!;
    for (const where of [thresholds, services!.items!.properties!.thresholds]) {
      expect(Object.keys(where!.properties!)).toEqual(alerts.map(({ name }) => name));
      for (const { name, signal } of alerts) {
        const { warning } = resolveSchema(where!.properties![name]!, schema).properties!;
        expect(where!.properties![name]!.description).toContain(signal.title);
        expect(warning!["x-unit"]).toBe(signal.unit);
        for (const example of warning!.examples!) expect(parseQuantity(signal.unit, `${example}`)).toBeDefined();
      }
    }
  });
});

describe("docs/monitoring-yaml.md", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/monitoring-yaml.md"), "utf8");
  const lines = page.split("\n");

  test("has every key of the schema, with its type, default, meaning and example, and no other", () => {
    const rows = lines
      // A pack may have the name of a key; its row has fewer cells. An instrumentation is no key.
      .filter((line) => line.split(" | ").length > 3 && !/^\| `[a-z]+(-[a-z]+)+`/.test(line))
      .filter((line) => /^\| `[a-z]/.test(line) && !line.includes("`config/"))
      .map((line) => line.slice(2, -2).split(" | "))
      .map((row) => row.slice(0, isGeneral(row[0]!) ? 3 : 5).map((cell) => cell.trim()));
    expect(rows).toEqual(rowsOf(schema).map(rowOf));
  });

  test("has every alert with its unit and its promise", () => {
    const rows = lines.filter((line) => /^\| `[A-Z]/.test(line));
    const promises = alerts.map(({ name, signal, direction, levels, for: held }) => {
      const [warning, critical] = severities.map((severity) => levels[severity] && formatQuantity(levels[severity]));
      return `| \`${name}\` | ${signal.title} | ${direction} | ${warning ?? "none"} | ${critical ?? "none"} | ${formatDuration(held)} |`;
    });
    expect(rows).toEqual(promises);
  });
});
