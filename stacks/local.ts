import type { Construct } from "constructs";
import { LocalBackend, TerraformOutput, TerraformStack } from "./cdktf.ts";
import { LocalStack, type LocalStackProps } from "./constructs/local-stack.ts";
import { statePath } from "./state.ts";

/** The stack `local`: everything on this computer, without an account or a provider. */
export class LocalMonitoring extends TerraformStack {
  constructor(scope: Construct, id: string, props: LocalStackProps) {
    super(scope, id);
    new LocalBackend(this, { path: statePath(id) });
    const { addresses } = new LocalStack(this, "stack", props);
    new TerraformOutput(this, "addresses", { value: addresses });
  }
}
