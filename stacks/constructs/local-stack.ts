import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import { localStackFiles, plannedProcesses } from "../../src/local/local-plan.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import { renderAll } from "../../src/render/render.ts";
import { App, TerraformStack } from "../cdktf.ts";
import { type PlatformConstructProps, resolvedPlatform } from "../resolved-platform.ts";
import { TerraformData } from "../terraform-data.ts";
import { terraformText } from "../terraform-text.ts";

export interface LocalStackProps extends PlatformConstructProps {
  /** Added to every port. @default 0: Prometheus on 9090, Alertmanager on 9093, Loki on 3100, OTLP on 4317 and 4318 */
  portOffset?: number;
}

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The whole monitoring stack as processes of this computer. Terraform's built-in `terraform_data` starts them when
 * it is created, tells them when a file changed, and ends them when it is destroyed.
 *
 * Neither names nor contents from the platform are part of a shell command: the files lie beside the synthesized
 * Terraform, and the command is always the same.
 */
export class LocalStack extends Construct {
  /** Where each program answers, by its name: `http://127.0.0.1:9090`. */
  readonly addresses: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: LocalStackProps) {
    super(scope, id);
    const platform = resolvedPlatform(this, props);
    const files = localStackFiles(renderAll(platform), props.portOffset ?? 0);
    this.addresses = Object.fromEntries(plannedProcesses(files).map(({ title, address }) => [title, address]));
    const stackFolder = this.#stackFolder();
    writeFiles(join(stackFolder, "files"), files);

    const relativePath = (from: string, to: string) => terraformText(relative(from, to).split(sep).join("/"));
    const run = (command: "up" | "reload" | "down") => ({
      type: "local-exec" as const,
      when: command === "down" ? ("destroy" as const) : ("create" as const),
      command: `node --import tsx scripts/local.ts ${command}`,
      workingDir: relativePath(stackFolder, packageFolder),
      environment: {
        FIREDRILL_LOCAL_FOLDER: relativePath(packageFolder, resolve(".firedrill", "local")),
        // Terraform says it, so that the synthesized file has no path of this computer in it.
        ...(command !== "down" && { FIREDRILL_LOCAL_FILES: "${abspath(path.module)}/files" }),
      },
    });
    const processes = new TerraformData(this, "processes", { provisioners: [run("up"), run("down")] });
    new TerraformData(this, "configuration", {
      triggersReplace: Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)])),
      provisioners: [run("reload")],
      dependsOn: [processes],
    });
  }

  /** Where Terraform will run for this stack. */
  #stackFolder(): string {
    const { outdir, manifest } = App.of(this);
    return resolve(outdir, manifest.forStack(TerraformStack.of(this)).workingDirectory);
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function writeFiles(folder: string, files: readonly Artifact[]): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
