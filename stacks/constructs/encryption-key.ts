import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import { awsAccount, type PolicyStatement, policyDocument } from "./aws-policy.ts";

export interface EncryptionKeyProps {
  /** Without the leading `alias/`. */
  alias: string;
  description: string;
  /** Whom else it serves; what is listed nowhere cannot use it. */
  statements: readonly PolicyStatement[];
  /** Whether Terraform must refuse to delete it: what it encrypts is lost with it. */
  preventDestroy: boolean;
}

/** A key of one's own, rotated every year, whose use IAM of this account administers. */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { alias, description, statements, preventDestroy }: EncryptionKeyProps) {
    super(scope, id);
    const account = awsAccount(this);
    const key = new KmsKey(this, "key", {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      lifecycle: { preventDestroy },
      policy: policyDocument([
        {
          // Without it nobody could ever change this policy again.
          Sid: "AccountAdministers",
          Effect: "Allow",
          Principal: { AWS: `arn:${account.partition}:iam::${account.id}:root` },
          Action: ["kms:*"],
          Resource: "*",
        },
        ...statements,
      ]),
    });
    new KmsAlias(this, "alias", { name: `alias/${alias}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
