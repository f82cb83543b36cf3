import { quantityExample, quantityPattern, type Unit } from "../model/quantity.ts";
import { type TextFormatName, textFormats } from "./value-formats.ts";

/** The part of JSON Schema (draft-07) that monitoring.yaml needs, and four keywords of our own for messages. */
export interface Schema {
  $schema?: string;
  definitions?: Readonly<Record<string, Schema>>;
  /** To one of the definitions; a description beside it is the one that editors show. */
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: false | Schema;
  required?: readonly string[];
  items?: Schema;
  minItems?: number;
  minProperties?: number;
  uniqueItems?: boolean;
  enum?: readonly string[];
  pattern?: string;
  /** What editors say when `pattern` does not match, and our own messages after "Allowed:". */
  patternErrorMessage?: string;
  minimum?: number;
  maximum?: number;
  oneOf?: readonly Schema[];
  if?: Schema;
  then?: Schema;
  else?: Schema;
  default?: unknown;
  examples?: readonly unknown[];
  /** The text is a quantity of this unit. */
  "x-unit"?: Unit;
  /** The value stands for a secret: it must be a reference, and no message may show what is there instead. */
  "x-secret"?: true;
  /** What the keys of a mapping name, where they are not the names of settings: `alert`, `feature`. */
  "x-keys"?: string;
  /** Key in `PlatformProps` where that is not the key in camel case. */
  "x-prop"?: string;
}

export const schemaKeywords = ["x-unit", "x-secret", "x-keys", "x-prop", "patternErrorMessage"] as const;

/** The schema itself, or what it refers to within the whole. */
export const resolveSchema = (schema: Schema, whole: Schema): Schema =>
  schema.$ref === undefined ? schema : (whole.definitions?.[schema.$ref.replace("#/definitions/", "")] ?? {});

type Extra = Pick<Schema, "default" | "examples" | "oneOf" | "minProperties" | "x-secret" | "x-keys" | "x-prop">;

/** A mapping with these keys and no others; those whose name ends in `?` may be left out. */
export function mapping(title: string, description: string, keys: Record<string, Schema>, extra: Extra = {}): Schema {
  const names = Object.keys(keys);
  return {
    title,
    description,
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name.replace("?", ""), keys[name] ?? {}])),
    required: names.filter((name) => !name.endsWith("?")),
    additionalProperties: false,
    ...extra,
  };
}

/** A text of one of the formats. */
export function text(format: TextFormatName, description: string, extra: Extra = {}): Schema {
  const { title, pattern, allowed, example } = textFormats[format];
  return { title, description, type: "string", pattern, patternErrorMessage: allowed, examples: [example], ...extra };
}

const unitTitles: Readonly<Record<Unit, string>> = {
  seconds: "a duration",
  ratio: "a share",
  "requests/second": "a rate",
  "lines/second": "a rate",
  "events/second": "a rate",
  bytes: "a size",
  count: "a count",
  times: "a multiple",
  score: "a score",
};

/** What has no unit to write, so that YAML reads it as a number. */
const bareNumbers: Readonly<Partial<Record<Unit, { type: string; words: string }>>> = {
  count: { type: "integer", words: "a whole number" },
  score: { type: "number", words: "a number without a unit" },
};

/** Whether a quantity of this unit is written as a number alone. */
export const isBare = (unit: Unit): boolean => bareNumbers[unit] !== undefined;

/** A text such as `5m` or `2%`. */
export function quantity(unit: Unit, description: string, extra: Extra = {}): Schema {
  const quantities = quantityExample(unit).split(", ");
  const bare = bareNumbers[unit];
  return {
    title: unitTitles[unit],
    description,
    ...(bare ? { type: [bare.type, "string"], minimum: 0, maximum: 1e15 } : { type: "string" }),
    pattern: quantityPattern(unit).source,
    patternErrorMessage: `${bare?.words ?? "a number with its unit"}: ${quantityExample(unit)}`,
    examples: bare ? quantities.map(Number) : quantities,
    "x-unit": unit,
    ...extra,
  };
}

/** One of a few words. */
export const choice = (title: string, description: string, values: readonly string[], extra: Extra = {}): Schema => ({
  title,
  description,
  type: "string",
  enum: values,
  examples: values.slice(0, 1),
  ...extra,
});

/** A list that is not empty. */
export const list = (description: string, items: Schema, extra: Extra & Pick<Schema, "uniqueItems"> = {}): Schema => ({
  description,
  type: "array",
  minItems: 1,
  items,
  ...extra,
});

/** True or false; the example is what is not the default, for nobody writes a default. */
export const flag = (description: string, value: boolean): Schema => ({
  title: "true or false",
  description,
  type: "boolean",
  default: value,
  examples: [!value],
});

/** A secret by its name. */
export const secret = (description: string, example: string): Schema =>
  mapping(
    "a reference to a secret",
    description,
    { secret: text("secretName", "Name under which the secret is kept.", { examples: [example] }) },
    { "x-secret": true },
  );
