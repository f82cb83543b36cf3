import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import type { Construct } from "constructs";
import { TerraformStack } from "../cdktf.ts";

export interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal: Readonly<Record<string, string>>;
  Action: readonly string[];
  Resource: string;
  Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const policyDocument = (statements: readonly PolicyStatement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 2);

export interface AwsAccount {
  id: string;
  /** `aws`, or another where the region is in China or GovCloud. */
  partition: string;
}

/** The account that is deployed to; asked for once per stack, however many constructs need it. */
export function awsAccount(scope: Construct): AwsAccount {
  const stack = TerraformStack.of(scope);
  const find = <T>(id: string, create: () => T): T => (stack.node.tryFindChild(id) as T | undefined) ?? create();
  return {
    id: find("account", () => new DataAwsCallerIdentity(stack, "account")).accountId,
    partition: find("partition", () => new DataAwsPartition(stack, "partition")).partition,
  };
}

/** Amazon Managed Prometheus, as policies name it. */
export const managedPrometheus = { Service: "aps.amazonaws.com" };

/**
 * Lets Amazon Managed Prometheus act for one workspace of this account and for no other: without the conditions
 * somebody else's workspace could name our topic (user guide, "Cross-service confused deputy prevention").
 */
export function managedPrometheusMay(
  sid: string,
  action: readonly string[],
  resource: string,
  { workspaceArn, account }: { workspaceArn: string; account: AwsAccount },
): PolicyStatement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: managedPrometheus,
    Action: action,
    Resource: resource,
    Condition: {
      ArnEquals: { "aws:SourceArn": workspaceArn },
      StringEquals: { "aws:SourceAccount": account.id },
    },
  };
}
