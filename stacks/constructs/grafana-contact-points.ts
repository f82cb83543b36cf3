import { Construct } from "constructs";
import type { Receiver, SecretReference } from "../../src/model/platform-props.ts";
import { TerraformVariable } from "../cdktf.ts";
import { ContactPoint, type ContactPointConfig } from "../grafana-provider/contact-point.ts";
import { plainName } from "../names.ts";
import { type PlatformConstructProps, resolvedPlatform } from "../resolved-platform.ts";
import { terraformText } from "../terraform-text.ts";

/**
 * A contact point per receiver of each team, for alerts that are made in Grafana itself. Each secret is a sensitive
 * variable: `TF_VAR_secret_<name>` in the environment, with `_` for what a variable's name may not have.
 */
export class GrafanaContactPoints extends Construct {
  readonly #variables = new Map<string, { secret: string; variable: TerraformVariable }>();

  constructor(scope: Construct, id: string, props: PlatformConstructProps) {
    super(scope, id);
    const platform = resolvedPlatform(this, props);
    let previous: ContactPoint | undefined;
    for (const receiver of platform.teams.flatMap(({ receivers }) => receivers)) {
      previous = new ContactPoint(this, plainName(receiver.name), {
        ...this.#integration(receiver),
        name: terraformText(receiver.name),
        // One after the other: Grafana answers two changes at once with a conflict.
        dependsOn: previous && [previous],
      });
    }
  }

  #integration({ slack, email, pagerduty, webhook }: Receiver): Omit<ContactPointConfig, "name"> {
    return {
      ...(slack && { slack: [{ url: this.#secret(slack.webhook), recipient: terraformText(slack.channel) }] }),
      ...(email && { email: [{ addresses: [terraformText(email.to)] }] }),
      ...(pagerduty && { pagerduty: [{ integrationKey: this.#secret(pagerduty.routingKey) }] }),
      ...(webhook && {
        webhook: [{ url: typeof webhook.url === "string" ? terraformText(webhook.url) : this.#secret(webhook.url) }],
      }),
    };
  }

  #secret({ secret }: SecretReference): string {
    const name = `secret_${secret.toLowerCase().replace(/[^a-z0-9_]/g, "_")}`;
    const known = this.#variables.get(name);
    if (known && known.secret !== secret) {
      throw new Error(
        `${this.node.path}: the secrets ${JSON.stringify(known.secret)} and ${JSON.stringify(secret)} would both be the variable ${name}. → rename one of them`,
      );
    }
    if (known) return known.variable.stringValue;
    const variable = new TerraformVariable(this, name, {
      type: "string",
      sensitive: true,
      nullable: false,
      description: terraformText(`The secret ${secret}: give it as the environment variable TF_VAR_${name}`),
    });
    variable.overrideLogicalId(name);
    this.#variables.set(name, { secret, variable });
    return variable.stringValue;
  }
}
