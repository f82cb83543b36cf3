import type { ErrorObject } from "ajv";
import type { Finding } from "../model/finding.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type Fault, faultWords, unknownKey } from "./schema-messages.ts";
import type { Schema } from "./schema-parts.ts";
import type { Path, YamlSource } from "./yaml-source.ts";

/** What the schema finds, and what further checks cannot build on. */
export interface SchemaFaults {
  findings: Finding[];
  /** JSON pointers of values that are not what they must be: whoever reads the data leaves them out. */
  unusable: ReadonlySet<string>;
  /** Whether there is a fault at a path or below it; a missing key counts where it should be. */
  hasFault: (path: Path) => boolean;
}

/**
 * Keywords that are in the schema for editors only: `platformFindings` says the same in plainer words, and of all
 * places at once.
 */
const toldElsewhere = new Set(["oneOf", "uniqueItems", "if"]);

/** Keywords whose fault leaves a value that can be read. */
const emptiness = new Set(["minItems", "minProperties"]);

/** Turns ajv's errors, from `allErrors` and `verbose`, into findings: one for each fault. */
export function schemaFindings(errors: readonly ErrorObject[], source: YamlSource): SchemaFaults {
  const findings: Finding[] = [];
  const unusable = new Set<string>();
  const faulty = new Set<string>();
  const markFaulty = (path: Path) => path.forEach((_, end) => void faulty.add(pathId(path.slice(0, end + 1))));
  /** Keys that an unknown key was probably meant to be: they are not missing as well. */
  const meant = new Set<string>();
  const told = new Set(source.findings.map(({ place }) => `${place.line}:${place.column}`));
  const ordered = errors.filter(({ keyword }) => !toldElsewhere.has(keyword));
  // Unknown keys first: they explain missing ones.
  ordered.sort((a, b) => Number(b.keyword === "additionalProperties") - Number(a.keyword === "additionalProperties"));
  for (const error of ordered) {
    const path = pathOf(error.instancePath);
    const fault: Fault = {
      path,
      schema: error.parentSchema as Schema,
      value: error.data,
      params: error.params,
      source,
    };
    if (error.keyword === "additionalProperties") {
      const name: string = error.params.additionalProperty;
      const near = didYouMean(name, absentKeys(fault));
      const intended = [...path, near ?? (fault.schema["x-secret"] ? "secret" : name)];
      meant.add(pathId(intended));
      markFaulty(intended);
      findings.push({ severity: "error", place: source.keyPlaceOf([...path, name]), ...unknownKey(name, near, fault) });
      continue;
    }
    // Of the wrong type is enough; that it is none of the allowed words goes without saying.
    if (error.keyword === "enum" && typeof error.data !== "string") continue;
    const isMissing = error.keyword === "required";
    const at = isMissing ? [...path, error.params.missingProperty as string] : path;
    markFaulty(at);
    if (isMissing && meant.has(pathId(at))) continue;
    if (!isMissing && !emptiness.has(error.keyword)) unusable.add(error.instancePath);
    const place = source.placeOf(path);
    // An alias that leads nowhere has no value either; that has been said.
    if (error.data === null && told.has(`${place.line}:${place.column}`)) continue;
    findings.push({ severity: "error", place, ...faultWords(error.keyword, fault) });
  }
  return { findings, unusable, hasFault: (path) => faulty.has(pathId(path)) };
}

/** Keys that the schema has and the mapping has not: a misspelt one is none that is there as well. */
const absentKeys = ({ schema, value }: Fault): string[] =>
  Object.keys(schema.properties ?? {}).filter((key) => !Object.hasOwn(value as object, key));

const pathId = (path: Path): string => path.join("\n");

/** Reads a JSON pointer; list indexes become numbers. */
export function pathOf(pointer: string): Path {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replace(/~1/g, "/").replace(/~0/g, "~")));
}
