import type { Construct } from "constructs";
import { type ITerraformDependable, TerraformResource } from "../cdktf.ts";
import { grafanaGenerator } from "./provider.ts";

export interface ContactPointEmail {
  readonly addresses: readonly string[];
}

export interface ContactPointPagerduty {
  readonly integrationKey: string;
}

export interface ContactPointSlack {
  /** Address of the incoming webhook; it is the secret. */
  readonly url: string;
  readonly recipient?: string;
}

export interface ContactPointWebhook {
  readonly url: string;
}

export interface ContactPointConfig {
  readonly name: string;
  readonly email?: readonly ContactPointEmail[];
  readonly pagerduty?: readonly ContactPointPagerduty[];
  readonly slack?: readonly ContactPointSlack[];
  readonly webhook?: readonly ContactPointWebhook[];
  readonly dependsOn?: ITerraformDependable[];
}

export class ContactPoint extends TerraformResource {
  readonly #config: ContactPointConfig;

  constructor(scope: Construct, id: string, config: ContactPointConfig) {
    super(scope, id, {
      terraformResourceType: "grafana_contact_point",
      terraformGeneratorMetadata: grafanaGenerator,
      dependsOn: config.dependsOn,
    });
    this.#config = config;
  }

  protected override synthesizeAttributes() {
    const { name, email, pagerduty, slack, webhook } = this.#config;
    return {
      name,
      email: email?.map(({ addresses }) => ({ addresses })),
      pagerduty: pagerduty?.map(({ integrationKey }) => ({ integration_key: integrationKey })),
      slack: slack?.map(({ url, recipient }) => ({ url, recipient })),
      webhook: webhook?.map(({ url }) => ({ url })),
    };
  }
}
