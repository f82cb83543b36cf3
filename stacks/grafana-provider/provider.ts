import type { Construct } from "constructs";
import { TerraformProvider } from "../cdktf.ts";

/** Bindings for these five exist because `@cdktf/provider-grafana` was never published; names as generated ones have. */
export const grafanaGenerator = {
  providerName: "grafana",
  providerVersion: "4.45.1",
  providerVersionConstraint: "~> 4.45",
};

/** Address and token come from the environment (`GRAFANA_URL`, `GRAFANA_AUTH`): neither is written into a file. */
export interface GrafanaProviderConfig {
  /** @default - the provider's own way: the environment variable GRAFANA_URL */
  readonly url?: string;
}

export class GrafanaProvider extends TerraformProvider {
  readonly #config: GrafanaProviderConfig;

  constructor(scope: Construct, id: string, config: GrafanaProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: "grafana",
      terraformGeneratorMetadata: grafanaGenerator,
      terraformProviderSource: "grafana/grafana",
    });
    this.#config = config;
  }

  protected override synthesizeAttributes() {
    return { url: this.#config.url };
  }
}
