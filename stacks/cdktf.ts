/**
 * The one file that imports cdktf's core. cdktf was archived in December 2025 and its successor is a rename: the day
 * it is wanted, this import is what changes.
 */
export {
  Annotations,
  App,
  Fn,
  type ITerraformDependable,
  LocalBackend,
  type LocalExecProvisioner,
  TerraformOutput,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
} from "cdktf";
