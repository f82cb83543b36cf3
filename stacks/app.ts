import type { Platform } from "../src/model/platform.ts";
import { AwsMonitoring } from "./aws.ts";
import { App } from "./cdktf.ts";
import { GrafanaMonitoring } from "./grafana.ts";
import { LocalMonitoring } from "./local.ts";

export interface SynthesisOptions {
  /** @default - as cdktf has it: CDKTF_OUTDIR, else `cdktf.out` */
  outdir?: string;
  /** Added to every port of the local stack. @default 0 */
  portOffset?: number;
}

/** Writes the Terraform of every stack: `local`, `aws` and `grafana`. The same platform gives the same bytes. */
export function synthesize(platform: Platform, { outdir, portOffset }: SynthesisOptions = {}): void {
  // Stack traces would carry this computer's paths into the output.
  const app = new App({ outdir, stackTraces: false });
  new LocalMonitoring(app, "local", { platform, portOffset });
  new AwsMonitoring(app, "aws", { platform });
  new GrafanaMonitoring(app, "grafana", { platform });
  app.synth();
}
