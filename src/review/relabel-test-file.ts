import { Ajv } from "ajv";
import { schemaFindings } from "../config/schema-findings.ts";
import { type Schema, schemaKeywords } from "../config/schema-parts.ts";
import { readYaml } from "../config/yaml-source.ts";
import type { Finding, Place } from "../model/finding.ts";

type Labels = Readonly<Record<string, string>>;

/** One target, or one sample of a target, and what must become of it. Exactly one expectation is given. */
export interface RelabelTest {
  name: string;
  /** `job_name` of the scrape config. @default - the only one there is */
  job?: string;
  /** Labels as discovery gives them. */
  target: Labels;
  /** Labels of a sample that the target exposes, with `__name__`: expected is then what is stored of it. */
  sample?: Labels;
  expect: RelabelExpectation;
  place: Place;
}

export type RelabelExpectation =
  | { kind: "labels"; labels: Labels; url?: string }
  /** Labels that are not named may be anything; an empty text says that there must be none of this name. */
  | { kind: "includes"; labels: Labels; url?: string }
  | { kind: "dropped" }
  /** The rules keep it, but Prometheus cannot take it; the text is part of Prometheus' reason. */
  | { kind: "refused"; reason: string };

export interface RelabelTestFile {
  /** The prometheus.yml, scrape config or list of rules under test, relative to the test file. */
  scrapeConfig: string;
  tests: RelabelTest[];
}

const labelsSchema = (title: string, description: string): Schema => ({
  title,
  description,
  type: "object",
  additionalProperties: { title: "the value of a label", description: "A label's value is a text.", type: "string" },
});
const textSchema = (title: string, description: string): Schema => ({ title, description, type: "string" });

const expectationKeys = ["labels", "includes", "dropped", "refused"] as const;

const fileSchema: Schema = {
  title: "a file of relabelling tests",
  type: "object",
  required: ["scrape_config", "tests"],
  additionalProperties: false,
  properties: {
    scrape_config: { ...textSchema("a path", "The prometheus.yml under test."), examples: ["prometheus.yml"] },
    tests: {
      title: "tests",
      description: "What goes in, and what must come out.",
      type: "array",
      minItems: 1,
      items: {
        title: "a relabelling test",
        type: "object",
        required: ["name", "target"],
        additionalProperties: false,
        properties: {
          name: { ...textSchema("a name", "What the test shows."), examples: ["pods-without-a-port-are-dropped"] },
          job: textSchema("a job", "job_name of the scrape config."),
          target: labelsSchema("a target", "Labels as discovery gives them."),
          sample: labelsSchema("a sample", "Labels of a sample that the target exposes, with __name__."),
          labels: labelsSchema("labels", "Exactly the labels that must come out."),
          includes: labelsSchema("labels", "Labels that must be among those that come out."),
          url: textSchema("an address", "What must be fetched."),
          dropped: { title: "true", description: "It must be dropped by a rule.", type: "boolean" },
          refused: textSchema("a reason", "Part of the reason for which Prometheus cannot take it."),
        },
      },
    },
  },
};

interface WrittenFile {
  scrape_config: string;
  tests: (Omit<RelabelTest, "expect" | "place"> & {
    labels?: Labels;
    includes?: Labels;
    url?: string;
    dropped?: boolean;
    refused?: string;
  })[];
}

const validate = new Ajv({ allErrors: true, verbose: true, keywords: [...schemaKeywords] }).compile(fileSchema);

/** Reads a file of relabelling tests. With any finding nothing of it is run: a test that is half understood proves nothing. */
export function parseRelabelTests(text: string, file: string): { tests?: RelabelTestFile; findings: Finding[] } {
  const source = readYaml(text, file);
  if (text.trim() === "" || source.findings.some(({ rule }) => rule === "config/empty")) {
    const summary = "The file holds nothing, or only comments.";
    const fix = "Say which scrape_config is tested, and list the tests.";
    return { findings: [{ rule: "relabel/empty", severity: "error", place: { file }, summary, fix }] };
  }
  if (source.data === undefined || source.findings.length > 0) return { findings: source.findings };
  validate(source.data);
  const { findings } = schemaFindings(validate.errors ?? [], source);
  if (findings.length > 0) return { findings };
  const { scrape_config, tests } = source.data as WrittenFile;
  const placeOf = (index: number) => source.placeOf(["tests", index]);
  const wrong = tests.flatMap((test, index) => expectationFindings(test, placeOf(index)));
  if (wrong.length > 0) return { findings: wrong };
  return {
    findings: [],
    tests: {
      scrapeConfig: scrape_config,
      tests: tests.map((test, index) => ({ ...test, expect: expectationOf(test), place: placeOf(index) })),
    },
  };
}

function expectationFindings(test: WrittenFile["tests"][number], place: Place): Finding[] {
  const given = expectationKeys.filter((key) => test[key] !== undefined && test[key] !== false);
  const finding = (rule: string, summary: string, fix: string): Finding[] => [
    { rule, severity: "error", place, summary: `Test ${JSON.stringify(test.name)} ${summary}`, fix },
  ];
  const choice = "Give one of labels (exactly these), includes (among others), dropped: true and refused.";
  if (given.length === 0) return finding("relabel/nothing-expected", "expects nothing: it could not fail.", choice);
  if (given.length > 1) {
    return finding("relabel/several-expected", `expects ${given.join(" and ")}, which cannot both be.`, choice);
  }
  if (test.url !== undefined && (test.sample || !(test.labels ?? test.includes))) {
    return finding("relabel/url", "expects a url, which only a target that is kept has.", "Remove url.");
  }
  return [];
}

function expectationOf({ labels, includes, url, refused }: WrittenFile["tests"][number]): RelabelExpectation {
  if (labels) return { kind: "labels", labels, url };
  if (includes) return { kind: "includes", labels: includes, url };
  return refused === undefined ? { kind: "dropped" } : { kind: "refused", reason: refused };
}
