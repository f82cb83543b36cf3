import { createRequire } from "node:module";
import type * as cdktf from "cdktf";

/**
 * The one file that imports cdktf's core. cdktf was archived in December 2025 and its successor is a rename: the day
 * it is wanted, the two names here are what changes.
 *
 * It is CommonJS: imported as an ES module, Node would first search hundreds of its files for the names that they
 * export, which takes longer than running them.
 */
const core: typeof cdktf = createRequire(import.meta.url)("cdktf");

export const {
  Annotations,
  App,
  Fn,
  LocalBackend,
  TerraformOutput,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
} = core;

export type App = cdktf.App;
export type ITerraformDependable = cdktf.ITerraformDependable;
export type LocalExecProvisioner = cdktf.LocalExecProvisioner;
export type TerraformStack = cdktf.TerraformStack;
export type TerraformVariable = cdktf.TerraformVariable;
