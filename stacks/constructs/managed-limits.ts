import { parse } from "yaml";
import type { Artifact } from "../../src/model/artifact.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Platform } from "../../src/model/platform.ts";
import { formatDuration } from "../../src/model/quantity.ts";

/** Quotas of an account for Amazon Managed Prometheus; each can be raised. */
export interface ManagedLimits {
  /** Its ruler evaluates no more often than this. */
  minimumEvaluationSeconds: number;
  rules: number;
  ruleFileBytes: number;
  definitionBytes: number;
  /** Nodes of the routing tree, the root among them. */
  routes: number;
  inhibitRules: number;
}

/** The service's defaults when this was written: Service Quotas of the account tells the true ones. */
export const defaultManagedLimits: ManagedLimits = {
  minimumEvaluationSeconds: 30,
  rules: 2000,
  ruleFileBytes: 1_000_000,
  definitionBytes: 1_000_000,
  routes: 100,
  inhibitRules: 100,
};

/** Whole days: the service takes no others, and a shorter period than asked for would lose data. */
export const retentionDays = ({ retention }: Platform): number => Math.ceil(retention.metrics.value / 86_400);

/** The service keeps nothing longer, whatever the quotas (user guide, "Configure your workspace"). */
const maximumRetentionDays = 1095;

export function retentionFindings(platform: Platform): Finding[] {
  const days = retentionDays(platform);
  if (days <= maximumRetentionDays) return [];
  return [
    {
      rule: "aws/retention",
      severity: "error",
      place: { file: "retention.metrics" },
      summary: `metrics shall be kept for ${days} days.`,
      detail: `Amazon Managed Prometheus keeps them for ${maximumRetentionDays} days at most.`,
    },
  ];
}

export function ruleFindings(platform: Platform, files: readonly Artifact[], limits: ManagedLimits): Finding[] {
  const { evaluation } = platform.intervals;
  const rules = files.map(({ text }) => (parse(text) as { groups: { rules: unknown[] }[] }).groups);
  const count = rules.flat().reduce((sum, group) => sum + group.rules.length, 0);
  return [
    ...quota("aws/evaluation-interval", "intervals.evaluation", evaluation.value < limits.minimumEvaluationSeconds, {
      seen: `rules are evaluated every ${formatDuration(evaluation)}`,
      allowed: `no more often than every ${limits.minimumEvaluationSeconds} s`,
    }),
    ...quota("aws/rules", "prometheus/rules", count > limits.rules, {
      seen: `there are ${count} rules`,
      allowed: `${limits.rules} in a workspace`,
    }),
    ...files.flatMap((file) => sizeFinding("aws/rule-file-size", file, limits.ruleFileBytes)),
  ];
}

export function definitionFindings(definition: Artifact, limits: ManagedLimits): Finding[] {
  const { alertmanager_config } = parse(definition.text) as { alertmanager_config: string };
  const { route, inhibit_rules } = parse(alertmanager_config) as { route: Node; inhibit_rules: unknown[] };
  const routes = nodes(route);
  return [
    ...quota("aws/routes", definition.path, routes > limits.routes, {
      seen: `the routing tree has ${routes} nodes`,
      allowed: `${limits.routes}`,
    }),
    ...quota("aws/inhibit-rules", definition.path, inhibit_rules.length > limits.inhibitRules, {
      seen: `there are ${inhibit_rules.length} inhibition rules`,
      allowed: `${limits.inhibitRules}`,
    }),
    ...sizeFinding("aws/definition-size", definition, limits.definitionBytes),
  ];
}

interface Node {
  routes?: Node[];
}

const nodes = ({ routes = [] }: Node): number => 1 + routes.reduce((sum, route) => sum + nodes(route), 0);

function sizeFinding(rule: string, { path, text }: Artifact, limit: number): Finding[] {
  const bytes = Buffer.byteLength(text);
  return quota(rule, path, bytes > limit, { seen: `the file has ${bytes} bytes`, allowed: `${limit}` });
}

function quota(rule: string, file: string, isPassed: boolean, { seen, allowed }: { seen: string; allowed: string }) {
  if (!isPassed) return [];
  const finding: Finding = {
    rule,
    severity: "warning",
    place: { file },
    summary: `${seen}.`,
    detail: `Amazon Managed Prometheus allows ${allowed}, unless this account has a higher quota.`,
    fix: "ask for the quota in Service Quotas, or make the platform smaller; with a higher quota, give it as `limits`",
  };
  return [finding];
}
