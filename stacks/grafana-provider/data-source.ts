import type { Construct } from "constructs";
import { TerraformResource } from "../cdktf.ts";
import { grafanaGenerator } from "./provider.ts";

export interface DataSourceConfig {
  readonly name: string;
  /** Grafana's name of the plugin, e.g. `prometheus`. */
  readonly type: string;
  readonly uid?: string;
  readonly url?: string;
  readonly isDefault?: boolean;
  /** The plugin's settings as JSON text. */
  readonly jsonDataEncoded?: string;
}

export class DataSource extends TerraformResource {
  readonly #config: DataSourceConfig;

  constructor(scope: Construct, id: string, config: DataSourceConfig) {
    super(scope, id, { terraformResourceType: "grafana_data_source", terraformGeneratorMetadata: grafanaGenerator });
    this.#config = config;
  }

  protected override synthesizeAttributes() {
    const { name, type, uid, url, isDefault, jsonDataEncoded } = this.#config;
    return { name, type, uid, url, is_default: isDefault, json_data_encoded: jsonDataEncoded };
  }
}
