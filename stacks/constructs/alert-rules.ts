import { basename } from "node:path/posix";
import { PrometheusRuleGroupNamespace } from "@cdktf/provider-aws/lib/prometheus-rule-group-namespace/index.js";
import { Construct } from "constructs";
import type { RuleFile } from "../../src/engine/rules.ts";
import type { Platform } from "../../src/model/platform.ts";
import { renderRules } from "../../src/render/rules.ts";
import { plainName } from "../names.ts";
import { type PlatformConstructProps, report, resolvedPlatform } from "../resolved-platform.ts";
import { terraformText } from "../terraform-text.ts";
import { defaultManagedLimits, type ManagedLimits, ruleFindings } from "./managed-limits.ts";

export interface AlertRulesProps extends PlatformConstructProps {
  workspaceId: string;
  /** What this account's quotas are, where they were raised. @default - the service's defaults */
  limits?: Partial<ManagedLimits>;
}

/** The recording and alerting rules, evaluated by Amazon Managed Prometheus: a namespace per rule file. */
export class AlertRules extends Construct {
  /** The platform with every default applied, as drills need it. */
  readonly platform: Platform;
  /** What is deployed, as drills need it: what they pass on is what will be evaluated. */
  readonly ruleFiles: readonly RuleFile[];

  constructor(scope: Construct, id: string, props: AlertRulesProps) {
    super(scope, id);
    this.platform = resolvedPlatform(this, props);
    const files = renderRules(this.platform);
    this.ruleFiles = files.map(({ path, text }) => ({ name: path, yaml: text }));
    report(this, ruleFindings(this.platform, files, { ...defaultManagedLimits, ...props.limits }));
    for (const { path, text } of files) {
      const name = plainName(basename(path, ".yml"), 64);
      new PrometheusRuleGroupNamespace(this, name, {
        workspaceId: props.workspaceId,
        name,
        data: terraformText(text),
      });
    }
  }
}
