import type { Construct } from "constructs";
import { TerraformResource } from "../cdktf.ts";
import { grafanaGenerator } from "./provider.ts";

export interface DashboardConfig {
  /** The dashboard as JSON text. */
  readonly configJson: string;
  /** Uid of its folder. */
  readonly folder?: string;
}

export class Dashboard extends TerraformResource {
  readonly #config: DashboardConfig;

  constructor(scope: Construct, id: string, config: DashboardConfig) {
    super(scope, id, { terraformResourceType: "grafana_dashboard", terraformGeneratorMetadata: grafanaGenerator });
    this.#config = config;
  }

  protected override synthesizeAttributes() {
    const { configJson, folder } = this.#config;
    return { config_json: configJson, folder };
  }
}
