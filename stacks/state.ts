/**
 * Where Terraform keeps what it knows about a stack on this computer: a git-ignored file in the folder that cdktf was
 * called in. Relative to where Terraform runs (`cdktf.out/stacks/<id>`), so that what is synthesized is the same for
 * everyone; cdktf's own default would write this computer's path into it.
 */
export const statePath = (stackId: string): string => `../../../terraform.${stackId}.tfstate`;
