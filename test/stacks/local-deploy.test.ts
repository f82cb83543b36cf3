import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isFree } from "../../src/local/local-process.ts";
import { takeDown } from "../../src/local/local-stack.ts";
import { freePort } from "../../src/local/real-servers.ts";
import { realTool } from "../real-tools.ts";
import { runProgram, temporaryFolder } from "./synthesized.ts";

/** A platform without logs and OTLP: Prometheus and Alertmanager are ready within a second, Loki after sixteen. */
const monitoring = (critical: string): string => `
platform: deployed
links: { grafana: https://grafana.example.com, runbooks: https://example.com/runbooks }
environments: [{ name: production }]
teams:
  - name: orders
    receivers:
      - name: orders-hook
        webhook: { url: "http://127.0.0.1:9/alerts" }
services:
  - name: orders-api
    owner: orders
    packs: [http]
    scrape: { targets: { production: ["127.0.0.1:9"] } }
    instrumentation: { kind: fastapi-instrumentator, latency_buckets: [100ms, 500ms, 1s, 1.5s, 2s, 2.5s, 5s] }
    thresholds: { HttpLatencyHigh: { critical: ${critical} } }
features: { logging: false, otlp: false }
`;

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await takeDown(join(folder, ".firedrill", "local"));
});

describe("deploying the local stack with the real Terraform", { timeout: 180_000 }, () => {
  it("starts it, changes nothing twice, takes a new threshold, and stops it", async (context) => {
    const terraform = realTool("terraform", context);
    for (const tool of ["prometheus", "alertmanager"] as const) realTool(tool, context);
    const folder = temporaryFolder();
    folders.push(folder);
    const prometheus = await freePort();
    const offset = prometheus - 9090;
    context.skip(!(await isFree(9093 + offset)), "not run: the port beside a free one is taken");

    const synthesize = (critical: string) => {
      writeFileSync(join(folder, "monitoring.yaml"), monitoring(critical));
      const env = { FIREDRILL_PORT_OFFSET: `${offset}`, CDKTF_OUTDIR: "cdktf.out" };
      expect(runProgram("stacks/synth.mjs", env, folder)).toEqual({ status: 0, stdout: "", stderr: "" });
    };
    const run = (...args: string[]): string =>
      execFileSync(terraform, [...args, "-input=false", "-no-color"], {
        cwd: join(folder, "cdktf.out", "stacks", "local"),
        encoding: "utf8",
        env: { ...process.env, CHECKPOINT_DISABLE: "1" },
      });
    const thresholds = async (): Promise<(string | undefined)[]> => {
      const response = await fetch(`http://127.0.0.1:${prometheus}/api/v1/rules?type=alert`);
      const { data } = (await response.json()) as { data: { groups: { rules: { name: string; query: string }[] }[] } };
      const rules = data.groups.flatMap((group) => group.rules).filter(({ name }) => name === "HttpLatencyHigh");
      return rules.map(({ query }) => query.split(" > ")[1]);
    };

    synthesize("2s");
    run("init");
    const first = run("apply", "-auto-approve");
    expect(first).toContain("2 added, 0 changed, 0 destroyed");
    expect(first).toContain(`Prometheus started: 127.0.0.1:${prometheus}`);
    expect(await thresholds()).toEqual(["1.5", "2"]);

    synthesize("2s");
    expect(run("apply", "-auto-approve")).toContain("0 added, 0 changed, 0 destroyed");

    synthesize("2.25s");
    const changed = run("apply", "-auto-approve");
    expect(changed).toMatch(/"prometheus\/rules\/http.yml" += "\w+" -> "\w+"/);
    expect(changed).toContain("Prometheus reloaded");
    expect(changed).toContain("Alertmanager unchanged");
    expect(await thresholds()).toEqual(["1.5", "2.25"]);

    expect(run("destroy", "-auto-approve")).toContain("Prometheus stopped");
    expect(await isFree(prometheus)).toBe(true);
  });
});
