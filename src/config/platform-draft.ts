import type { Finding } from "../model/finding.ts";
import type { Pack } from "../model/pack.ts";
import type { PlatformProps } from "../model/platform-props.ts";
import type { Quantity } from "../model/quantity.ts";
import type { Path } from "./yaml-source.ts";

/** Something wrong with a platform, at a path in the keys of monitoring.yaml. */
export interface PlatformFinding extends Omit<Finding, "place"> {
  path: Path;
  /** The key at the path is wrong, not its value. */
  atKey?: true;
  /** The other of two that do not go together. */
  other?: Path;
  /** What it builds on: it is void where one of these is known to be wrong already. @default - its path */
  dependsOn?: readonly Path[];
}

/** The same with every part possibly missing: what is left of a platform of which some values cannot be read. */
export type Draft<T> = T extends Quantity
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Draft<Item> | undefined)[]
    : T extends object
      ? { readonly [Key in keyof T]?: Draft<T[Key]> }
      : T;

export type PlatformDraft = Draft<PlatformProps>;
export type Packs = Readonly<Record<string, Pack>>;
