import type { Construct } from "constructs";
import { TerraformResource } from "../cdktf.ts";
import { grafanaGenerator } from "./provider.ts";

export interface FolderConfig {
  readonly title: string;
  readonly uid?: string;
  /** Grafana refuses to delete the folder while something else is in it. */
  readonly preventDestroyIfNotEmpty?: boolean;
}

export class Folder extends TerraformResource {
  readonly #config: FolderConfig;

  constructor(scope: Construct, id: string, config: FolderConfig) {
    super(scope, id, { terraformResourceType: "grafana_folder", terraformGeneratorMetadata: grafanaGenerator });
    this.#config = config;
  }

  get uid(): string {
    return this.getStringAttribute("uid");
  }

  protected override synthesizeAttributes() {
    const { title, uid, preventDestroyIfNotEmpty } = this.#config;
    return { title, uid, prevent_destroy_if_not_empty: preventDestroyIfNotEmpty };
  }
}
