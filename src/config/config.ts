import { Ajv, type ValidateFunction } from "ajv";
import { packs } from "../../alert-rules/index.ts";
import { compareFindings, type Finding, type Place } from "../model/finding.ts";
import type { PlatformProps } from "../model/platform-props.ts";
import { parseQuantity } from "../model/quantity.ts";
import type { PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { platformFindings } from "./platform-findings.ts";
import { monitoringSchema } from "./schema.ts";
import { schemaFindings } from "./schema-findings.ts";
import { resolveSchema, type Schema, schemaKeywords } from "./schema-parts.ts";
import { readYaml } from "./yaml-source.ts";

/** What a monitoring.yaml says, and everything that is wrong with it. */
export interface ParsedConfig {
  /** Undefined when there is any error; warnings leave it. */
  props?: PlatformProps;
  /** Ordered by place. */
  findings: Finding[];
  /**
   * Place of the value at a path in YAML keys, such as `["services", 0, "owner"]`; of the nearest thing around it
   * where the path does not exist.
   */
  placeOf(path: readonly (string | number)[]): Place;
}

/** Reads the text of a monitoring.yaml. `file` is what findings call it. Pure, and never throws. */
export function parseConfig(text: string, file: string): ParsedConfig {
  const source = readYaml(text, file);
  const { placeOf } = source;
  if (source.data === undefined) return { findings: report(source.findings), placeOf };
  const { schema, validate } = validator();
  const isValid = validate(source.data);
  const faults = schemaFindings(validate.errors ?? [], source);
  const draft = toProps(schema, source.data, faults.unusable) as PlatformDraft;
  const isVoid = ({ path, dependsOn = [path] }: PlatformFinding) => dependsOn.some(faults.hasFault);
  const findings = [...source.findings, ...faults.findings];
  for (const found of platformFindings(draft ?? {}, packs)) {
    if (isVoid(found)) continue;
    const { path, atKey, other, dependsOn: _, ...finding } = found;
    const place = atKey ? source.keyPlaceOf(path) : placeOf(path);
    const detail = [finding.detail, other && `The other is on line ${placeOf(other).line}.`].filter(Boolean).join(" ");
    findings.push({ ...finding, ...(detail && { detail }), place });
  }
  const isUsable = !findings.some(({ severity }) => severity === "error");
  if (isUsable && !isValid) findings.push(notAsInSchema(placeOf([])));
  return {
    // Without any error every part is there and has the type that the schema gave it.
    ...(isUsable && isValid && { props: draft as PlatformProps }),
    findings: report(findings),
    placeOf,
  };
}

/** Stands in for a message that is missing: nothing that the schema refuses gets through. */
const notAsInSchema = (place: Place): Finding => ({
  rule: "config/schema",
  severity: "error",
  place,
  summary: "The file is not as the schema of monitoring.yaml wants it.",
});

/** More would be read by nobody. */
const mostFindings = 1000;

/** In the order of their places. What several aliases share is wrong once; the end of a very long list is cut. */
function report(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  const once = [...findings].sort(compareFindings).filter(({ place, rule, summary }) => {
    const id = `${place.line}:${place.column} ${rule} ${summary}`;
    return !seen.has(id) && seen.add(id);
  });
  const [first, ...others] = once.slice(mostFindings);
  if (!first) return once;
  const isError = [first, ...others].some(({ severity }) => severity === "error");
  const rest: Finding = {
    rule: "config/more",
    severity: isError ? "error" : "warning",
    place: first.place,
    summary: `From here on there are ${(others.length + 1).toLocaleString("en")} more findings.`,
    fix: "Mend those above first.",
  };
  return [...once.slice(0, mostFindings), rest];
}

let compiled: { schema: Schema; validate: ValidateFunction } | undefined;

/** Compiling takes some 50 ms: once, and only when there is something to check. */
function validator() {
  if (!compiled) {
    const schema = monitoringSchema(packs);
    // Not checked against the meta-schema, and not optimized: a test does the one, and a single file needs no other. Nor
    // is what many keys share written out for each of them: that is most of the time.
    const quick = { meta: false, validateSchema: false, inlineRefs: false, code: { optimize: false } };
    const ajv = new Ajv({ ...quick, allErrors: true, verbose: true, allowUnionTypes: true, strictRequired: false });
    for (const keyword of schemaKeywords) ajv.addKeyword(keyword);
    compiled = { schema, validate: ajv.compile(withoutEditorKeywords(schema)) };
  }
  return compiled;
}

const editorKeywords = new Set(["$schema", "uniqueItems", "oneOf"]);

/** Comparing all items of a list with each other takes the square of its length; we look for repeats ourselves. */
function withoutEditorKeywords(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema, (key, value) => (editorKeywords.has(key) ? undefined : value)));
}

/**
 * The data as the schema describes it, with keys in camel case and quantities read. Values that cannot be used are
 * left out, and so are unknown keys.
 */
function toProps(whole: Schema, root: unknown, unusable: ReadonlySet<string>): unknown {
  return convert(whole, root, "");

  function convert(part: Schema, data: unknown, pointer: string): unknown {
    const schema = resolveSchema(part, whole);
    if (data === undefined || data === null || unusable.has(pointer)) return undefined;
    if (schema.if) return convert((typeof data === "object" ? schema.then : schema.else) ?? {}, data, pointer);
    if (schema["x-unit"]) return parseQuantity(schema["x-unit"], String(data));
    if (Array.isArray(data)) {
      const items = data.map((item, index) => convert(schema.items ?? {}, item, `${pointer}/${index}`));
      return schema["x-prop"] === "latencyBucketsSeconds" ? items.map(secondsOf) : items;
    }
    if (typeof data !== "object") return data;
    const props: [string, unknown][] = [];
    for (const [key, value] of Object.entries(data)) {
      const property = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
      const item = property ?? schema.additionalProperties;
      const converted = item && convert(item, value, `${pointer}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`);
      if (converted !== undefined) props.push([property ? propName(key, property) : key, converted]);
    }
    return Object.fromEntries(props);
  }
}

const secondsOf = (quantity: unknown) => (quantity as { value: number } | undefined)?.value;

const propName = (key: string, schema: Schema): string =>
  schema["x-prop"] ?? key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
