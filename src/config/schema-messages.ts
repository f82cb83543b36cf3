import type { ErrorObject } from "ajv";
import type { Finding } from "../model/finding.ts";
import { didYouMean, didYouMeanQuantity, lookAlikeNote } from "./did-you-mean.ts";
import { isBare, type Schema } from "./schema-parts.ts";
import { looksSecret, shown, words } from "./seen.ts";
import { textFormats } from "./value-formats.ts";
import type { Path, YamlSource } from "./yaml-source.ts";

export type Words = Pick<Finding, "rule" | "summary" | "detail" | "fix">;

/** One schema error with everything that its message needs. */
export interface Fault {
  path: Path;
  /** Schema of the value at the path. */
  schema: Schema;
  value: unknown;
  params: ErrorObject["params"];
  source: YamlSource;
}

/** `owner`, `targets[2]`: the end of a path, as much as one needs beside a line number. */
function label(path: Path): string {
  const key = path.findLastIndex((step) => typeof step === "string");
  const [name, ...indexes] = path.slice(Math.max(key, 0));
  if (name === undefined) return "The file";
  const text = [`${name}`, ...indexes.map((index) => `[${index}]`)].join("");
  return /^[\w[\].-]{1,80}$/.test(text) ? `\`${text}\`` : shown(text);
}

export function unknownKey(name: string, near: string | undefined, { schema, path }: Fault): Words {
  const keys = Object.keys(schema.properties ?? {});
  const what = schema["x-keys"];
  // In place of a reference somebody may have written the secret itself, even as a key.
  if (schema["x-secret"] && near === undefined) return literalSecret(path);
  const hint = lookAlikeNote(name);
  return {
    rule: what ? `config/unknown-${what.split(" ")[0]}` : "config/unknown-key",
    summary: what ? `There is no ${what} ${shown(name)}.` : `There is no key ${shown(name)} in ${schema.title}.`,
    detail: [hint, `Allowed: ${words(keys)}.`].filter(Boolean).join(" "),
    fix: near !== undefined ? `Did you mean ${near}?` : "Write one of these, or remove it.",
  };
}

const kinds: Readonly<Record<string, string>> = {
  // The title of what is either this word or a mapping.
  false: "false or a mapping",
  string: "text",
  boolean: "true or false",
  object: "a mapping",
  array: "a list",
};

const expectedWords = ({ title = "", type }: Schema): string => kinds[title] ?? kinds[String(type)] ?? `${type}`;

/** What a value is, with the value where a message may show it: `the text "yes"`, `the number 0777`, `a list`. */
function described({ value, source, path }: Fault): string {
  if (typeof value === "string") return `the text ${shown(value)}`;
  if (typeof value !== "object")
    return `${typeof value === "number" ? "the number " : ""}${written(source, path, value)}`;
  return Array.isArray(value) ? "a list" : "a mapping";
}

/** A number, true or false as it stands in the file: 0777, not 777. */
const written = (source: YamlSource, path: Path, value: unknown): string =>
  (source.writtenAt(path) ?? String(value)).slice(0, 40);

/** A value of the schema as it is written: the first of its examples, or one put together from those of its parts. */
function example(schema: Schema): string | undefined {
  const value = sample(schema);
  if (value === undefined) return undefined;
  return /^[\w./{}%-]+$/.test(String(value)) && typeof value !== "object" ? String(value) : inFlow(value);
}

function sample({ examples = [], enum: [word] = [], properties, required = [], items }: Schema): unknown {
  if (examples[0] !== undefined || word !== undefined) return examples[0] ?? word;
  if (items) return together([["0", items]], (parts) => Object.values(parts));
  const keys = Object.entries(properties ?? {});
  const needed = keys.filter(([key]) => required.includes(key));
  return together(needed.length > 0 ? needed : keys.slice(0, 1), (parts) => parts);
}

/** Nothing where there is none of a part. */
function together(parts: [string, Schema][], make: (values: Record<string, unknown>) => unknown): unknown {
  const values = parts.map(([key, part]) => [key, sample(part)] as const);
  const isWhole = values.length > 0 && values.every(([, value]) => value !== undefined);
  return isWhole ? make(Object.fromEntries(values)) : undefined;
}

/** On one line, as people write YAML. */
function inFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${key}: ${inFlow(one)}`)
      .join(", ")} }`;
  }
  return typeof value !== "string" || /^[\w./%-]+$/.test(value) ? String(value) : JSON.stringify(value);
}

const literalSecret = (path: Path): Words => ({
  rule: "config/literal-secret",
  summary: `A secret must not stand in this file, and ${label(path)} has a value in place of a reference.`,
  detail: "Secrets are written by their name: `{ secret: name-of-it }`. The value is not shown here on purpose.",
  fix: "Keep the value where the secrets are and write its name; if it was ever shared or committed, replace it.",
});

function wrongType(fault: Fault): Words {
  const { path, schema, value, source } = fault;
  const name = label(path);
  if (value === null || value === undefined) {
    const comment = /:\s+#/.test(source.lineAt(source.placeOf(path)));
    return {
      rule: "config/no-value",
      summary: `${name} has no value.`,
      detail: schema.description,
      fix: comment ? "`#` begins a comment: put the value in quotes." : "Give it a value, or remove it.",
    };
  }
  if (schema["x-secret"]) return literalSecret(path);
  if (schema["x-unit"]) return wrongQuantity(fault);
  return {
    rule: "config/wrong-type",
    summary: `${name} is ${described(fault)}; it must be ${expectedWords(schema)}.`,
    detail: schema.description,
    fix: typeFix(fault) ?? usualFix(schema),
  };
}

function usualFix(schema: Schema): string {
  const written = example(schema);
  if (schema.type === "boolean") return `Write ${expectedWords(schema)}.`;
  return written === undefined ? "Write its keys below it, each with its value." : `For example ${written}.`;
}

function typeFix({ schema, value, source, path }: Fault): string | undefined {
  if (typeof value === "object") return undefined;
  if (schema.type === "string") return stringFix(schema, written(source, path, value));
  if (schema.type === "array") return "Put it in brackets: [ … ].";
  if (typeof value !== "string") return undefined;
  if (schema.type === "object") return /^[\w-]+:[^\s/]/.test(value) ? "Write a space after each colon." : undefined;
  if (/^(yes|on|y|true)$/i.test(value)) return "Write true.";
  return /^(no|off|n|false)$/i.test(value) ? "Write false." : undefined;
}

/** Quotes help where what is in them is then as it must be. */
const stringFix = (schema: Schema, text: string): string =>
  new RegExp(schema.pattern ?? "", "u").test(text) ? `Put it in quotes: "${text}".` : `For example ${example(schema)}.`;

function wrongQuantity(fault: Fault): Words {
  const { path, schema, value, source } = fault;
  const unit = schema["x-unit"]!;
  const isText = typeof value === "string";
  const seen = isText ? value : typeof value === "object" ? "" : written(source, path, value);
  const bare = !isBare(unit) && /^\d+(\.\d+)?$/.test(seen);
  const why = /^\s*-\s*\d/.test(seen) ? ": it is negative" : bare ? ": it has no unit" : "";
  const meant = didYouMeanQuantity(unit, seen);
  const fix =
    meant !== undefined
      ? `Did you mean ${meant}?`
      : bare
        ? `Write its unit: ${seen}s, or ${seen}m for minutes.`
        : `For example ${example(schema)}.`;
  return {
    rule: "config/quantity",
    summary: `${label(path)} is ${isText ? shown(value) : described(fault)}, which is not ${schema.title}${why}.`,
    detail: [lookAlikeNote(seen), `Allowed: ${schema.patternErrorMessage}.`].filter(Boolean).join(" "),
    fix,
  };
}

function wrongText(fault: Fault): Words {
  const { path, schema, value } = fault;
  if (schema["x-unit"]) return wrongQuantity(fault);
  const text = String(value);
  const parent = path.slice(0, -1);
  // The name of a secret is where the secret itself is pasted by mistake.
  const isSecretName = path.at(-1) === "secret";
  if (schema.pattern === textFormats.url.pattern && looksSecret(text)) return literalSecret(path);
  return {
    rule: isSecretName ? "config/secret-name" : "config/format",
    summary: isSecretName
      ? `What ${label(parent)} gives as the name of a secret cannot be one.`
      : `${label(path)} is ${text === "" ? "empty" : shown(text)}, which is not ${schema.title}.`,
    detail: [isSecretName ? undefined : lookAlikeNote(text), `Allowed: ${schema.patternErrorMessage}.`]
      .filter(Boolean)
      .join(" "),
    fix: isSecretName
      ? `It is not shown, in case it is the secret itself. Write a name, for example ${example(schema)}.`
      : `For example ${example(schema) ?? ""}.`,
  };
}

/** Those that begin with the same word, such as `canister_`, and the others: of many names a message lists the first. */
function kinFirst(value: string, allowed: readonly string[]): [kin: string[], others: string[]] {
  const family = (name: string) => name.replace(/_.*/s, "");
  const isKin = (name: string) => value.includes("_") && family(name) === family(value);
  return [allowed.filter(isKin), allowed.filter((name) => !isKin(name))];
}

/** What to say, by the keyword of JSON Schema that is not met. */
const writers: Readonly<Record<string, (fault: Fault) => Words>> = {
  type: wrongType,
  pattern: wrongText,
  minimum: wrongQuantity,
  maximum: wrongQuantity,
  enum: (fault) => {
    const [kin, others] = kinFirst(String(fault.value), fault.schema.enum ?? []);
    const allowed = [...kin, ...others];
    const near = didYouMean(String(fault.value), kin) ?? didYouMean(String(fault.value), others);
    const noun = (fault.schema.title ?? "value").replace(/^an? /, "");
    return {
      rule: `config/unknown-${noun}`,
      summary: `There is no ${noun} ${shown(String(fault.value))}.`,
      detail: [lookAlikeNote(String(fault.value)), `Allowed: ${words(allowed)}.`].filter(Boolean).join(" "),
      fix: near !== undefined ? `Did you mean ${near}?` : "Write one of these.",
    };
  },
  required: ({ schema, params }) => {
    const key: string = params.missingProperty;
    const missing = schema.properties?.[key];
    const text = missing && example(missing);
    return {
      rule: "config/missing-key",
      summary: `\`${key}\` is missing in ${schema.title}.`,
      detail: missing?.description,
      fix: text === undefined ? `Add \`${key}\`.` : `Add it, for example \`${key}: ${text}\`.`,
    };
  },
  minItems: (fault) => empty(fault),
  minProperties: (fault) => empty(fault),
};

const empty = ({ path, schema }: Fault): Words => ({
  rule: "config/no-value",
  summary: `${label(path)} is empty.`,
  detail: schema.description,
  fix: `Put something into it${example(schema) === undefined ? "" : `, such as ${example(schema)}`}.`,
});

const otherwise = (fault: Fault): Words => ({
  rule: "config/schema",
  summary: `${label(fault.path)} is not as the schema of monitoring.yaml wants it.`,
});

/** The words for a fault that a keyword of the schema found. */
export const faultWords = (keyword: string, fault: Fault): Words => (writers[keyword] ?? otherwise)(fault);
