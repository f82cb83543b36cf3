import { expect, it } from "vitest";
import { seconds } from "../../src/model/quantity.ts";
import { renderManagedAlertmanager } from "../../src/render/managed-alertmanager.ts";
import { renderRules } from "../../src/render/rules.ts";
import { defaultManagedLimits, definitionFindings, ruleFindings } from "../../stacks/constructs/managed-limits.ts";
import { samplePlatform } from "../sample-platform.ts";

const platform = samplePlatform();
const files = renderRules(platform);
const definition = renderManagedAlertmanager(platform);
const rules = files.flatMap(({ text }) => text.match(/^ +- (record|alert):/gm) ?? []).length;
const bytes = Buffer.byteLength(files[0]?.text ?? "");

const rulesWith = (limits: object) => ruleFindings(platform, files, { ...defaultManagedLimits, ...limits });
const definitionWith = (limits: object) => definitionFindings(definition, { ...defaultManagedLimits, ...limits });

it("has nothing against the sample", () => {
  expect([...rulesWith({}), ...definitionWith({})]).toEqual([]);
});

it.each([
  ["aws/rules", rulesWith({ rules }), rulesWith({ rules: rules - 1 }), `there are ${rules} rules.`],
  [
    "aws/rule-file-size",
    rulesWith({ ruleFileBytes: bytes }),
    rulesWith({ ruleFileBytes: bytes - 1 }),
    `the file has ${bytes} bytes.`,
  ],
  [
    "aws/evaluation-interval",
    rulesWith({ minimumEvaluationSeconds: 30 }),
    rulesWith({ minimumEvaluationSeconds: 31 }),
    "rules are evaluated every 30s.",
  ],
  // The root, three teams, and what is below each: 2, 4 and 2.
  ["aws/routes", definitionWith({ routes: 12 }), definitionWith({ routes: 11 }), "the routing tree has 12 nodes."],
  [
    "aws/inhibit-rules",
    definitionWith({ inhibitRules: 2 }),
    definitionWith({ inhibitRules: 1 }),
    "there are 2 inhibition rules.",
  ],
])("%s warns just beyond the limit", (rule, at, beyond, summary) => {
  expect(at).toEqual([]);
  expect(beyond).toMatchObject([{ rule, severity: "warning", summary }]);
});

it("warns of a faster evaluation than the service knows", () => {
  const fast = samplePlatform({ intervals: { evaluation: seconds(15) } });
  expect(ruleFindings(fast, renderRules(fast), defaultManagedLimits)).toMatchObject([
    { rule: "aws/evaluation-interval" },
  ]);
});
