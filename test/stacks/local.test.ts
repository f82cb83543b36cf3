import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import type { PlatformProps } from "../../src/model/platform-props.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import { App } from "../../stacks/cdktf.ts";
import { LocalMonitoring } from "../../stacks/local.ts";
import { realTool } from "../real-tools.ts";
import { sampleProps } from "../sample-platform.ts";
import { readStack, resourcesOf, temporaryFolder } from "./synthesized.ts";

function synthesize(change: Partial<PlatformProps>, portOffset?: number) {
  const outdir = join(temporaryFolder(), "out");
  const app = new App({ outdir, stackTraces: false });
  new LocalMonitoring(app, "local", { platform: resolvePlatform({ ...sampleProps, ...change }, packs), portOffset });
  app.synth();
  const folder = join(outdir, "stacks", "local");
  const files = readdirSync(join(folder, "files"), { recursive: true, encoding: "utf8" }).sort();
  return { folder, files, stack: readStack(outdir, "local") };
}

/** Ends the string, the command and the template, whichever it is in. */
const hostile =
  '"; touch owned #\n\' $(touch owned) `touch owned` ${file("/etc/hostname")} %{ if true }${TfToken[TOKEN.0]}';

const hostileProps: Partial<PlatformProps> = {
  name: hostile,
  links: { grafana: `https://grafana.example.com/${hostile}`, runbooks: hostile },
  environments: [{ name: hostile }],
  teams: [{ name: hostile, receivers: [{ name: hostile, email: { to: hostile } }] }],
  services: sampleProps.services.slice(0, 1).map((service) => ({
    ...service,
    name: hostile,
    owner: hostile,
    description: hostile,
    routes: [hostile],
    scrape: { targets: { [hostile]: [hostile] } },
  })),
};

describe("the local stack in Terraform", () => {
  it("runs commands that are the same for every platform", () => {
    const commands = (change: Partial<PlatformProps>) =>
      resourcesOf(synthesize(change).stack, "terraform_data").map(({ provisioner }) => provisioner);
    expect(JSON.stringify(commands(hostileProps)).replace(/firedrill-stacks-\w+/g, "")).toBe(
      JSON.stringify(commands({})).replace(/firedrill-stacks-\w+/g, ""),
    );
    expect(JSON.stringify(commands(hostileProps))).not.toContain("owned");
  });

  it("is planned by the real Terraform, whatever the platform's texts", { timeout: 60_000 }, (context) => {
    const terraform = realTool("terraform", context);
    const { folder } = synthesize(hostileProps);
    const run = (...args: string[]) =>
      execFileSync(terraform, args, {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, CHECKPOINT_DISABLE: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      });
    run("init", "-input=false");
    expect(run("plan", "-input=false", "-no-color")).toContain("2 to add, 0 to change, 0 to destroy");
  });

  it("has the files of each program beside it, and their hashes as what makes them new", () => {
    const { stack, folder, files } = synthesize({});
    const [triggers] = resourcesOf(stack, "terraform_data").flatMap(({ triggers_replace }) => triggers_replace ?? []);
    const paths = files.filter((name) => /\.\w+$/.test(name));
    expect(Object.keys(triggers as object).sort()).toEqual(paths);
    expect(paths).toContain("prometheus/rules/http.yml");
    expect(readFileSync(join(folder, "files", "prometheus/prometheus.yml"), "utf8")).toContain("127.0.0.1:9093");
  });

  it("leaves out what is switched off", () => {
    const { files } = synthesize({ features: { logging: false, otlp: false } });
    expect(files.filter((name) => !name.includes("/"))).toEqual(["alertmanager", "local.json", "prometheus"]);
  });

  it("says where everything answers, with every port moved by the offset", () => {
    expect(synthesize({}, 1000).stack.output?.addresses?.value).toEqual({
      Alertmanager: "http://127.0.0.1:10093",
      Loki: "http://127.0.0.1:4100",
      Prometheus: "http://127.0.0.1:10090",
      "OpenTelemetry Collector": "http://127.0.0.1:5318",
    });
  });
});
