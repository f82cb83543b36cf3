import { basename } from "node:path/posix";
import { Construct } from "constructs";
import { dashboards } from "../../dashboards/index.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { Dashboard } from "../grafana-provider/dashboard.ts";
import { Folder } from "../grafana-provider/folder.ts";
import { plainName } from "../names.ts";
import { type PlatformConstructProps, resolvedPlatform } from "../resolved-platform.ts";
import { terraformText } from "../terraform-text.ts";

/** A folder with the platform's dashboards. Their panels read the data source that is chosen in each. */
export class GrafanaDashboards extends Construct {
  constructor(scope: Construct, id: string, props: PlatformConstructProps) {
    super(scope, id);
    const platform = resolvedPlatform(this, props);
    const artifacts = renderDashboards(platform, dashboards);
    if (artifacts.length === 0) return;
    const folder = new Folder(this, "folder", {
      title: terraformText(`Firedrill: ${platform.name}`),
      uid: plainName(`firedrill-${platform.name}`, 40),
      preventDestroyIfNotEmpty: true,
    });
    for (const { path, text } of artifacts) {
      new Dashboard(this, plainName(basename(path, ".json")), {
        configJson: terraformText(text),
        folder: folder.uid,
      });
    }
  }
}
