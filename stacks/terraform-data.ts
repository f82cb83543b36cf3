import type { Construct } from "constructs";
import { type ITerraformDependable, type LocalExecProvisioner, TerraformResource, TerraformStack } from "./cdktf.ts";

export interface TerraformDataConfig {
  /** What is replaced when one of these changes. */
  readonly triggersReplace?: Readonly<Record<string, string>>;
  readonly provisioners?: LocalExecProvisioner[];
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Terraform's built-in `terraform_data`. cdktf's own class for it runs `terraform version` whenever it is synthesized
 * and refuses where there is none: Terraform itself is told which version it must have, when it is there.
 */
export class TerraformData extends TerraformResource {
  readonly #triggersReplace: TerraformDataConfig["triggersReplace"];

  constructor(scope: Construct, id: string, { triggersReplace, ...meta }: TerraformDataConfig) {
    super(scope, id, {
      terraformResourceType: "terraform_data",
      terraformGeneratorMetadata: { providerName: "terraform" },
      ...meta,
    });
    this.#triggersReplace = triggersReplace;
    TerraformStack.of(this).addOverride("terraform.required_version", ">= 1.4.0");
  }

  get id(): string {
    return this.getStringAttribute("id");
  }

  protected override synthesizeAttributes() {
    return { triggers_replace: this.#triggersReplace };
  }
}
