import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const temporary = mkdtempSync(join(tmpdir(), "firedrill-start-"));
afterAll(() => rmSync(temporary, { recursive: true }));

/** `npm start` with another configuration, into folders of its own. */
function start(config: string, name: string) {
  const out = join(temporary, name);
  const result = spawnSync("npm", ["start", "--silent", "--", "--config", config, "--out", out], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", CDKTF_OUTDIR: join(temporary, `${name}-stacks`) },
  });
  return { ...result, out };
}

const read = (...path: string[]) => readFileSync(join(temporary, ...path), "utf8");

describe("npm start", () => {
  let first: ReturnType<typeof start>;
  beforeAll(() => {
    first = start("monitoring.yaml", "before");
  }, 120_000);

  it("ends well and says what is monitored, what was drilled, where the files are and what to do next", () => {
    expect(first.status, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toMatch(/shop: 2 services of 2 teams in 2 environments, watched by 7 alerts/);
    expect(first.stdout).toMatch(/drills +\d+ passed, 0 failed/);
    expect(first.stdout).toContain("local, aws, grafana");
    expect(first.stdout).toMatch(/not run +the live drill/);
    expect(first.stdout).toContain("npx cdktf deploy local");
  });

  it("writes what is committed under generated/", () => {
    const files = readdirSync(first.out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name).slice(first.out.length + 1);
      expect(read("before", path), path).toBe(readFileSync(join("generated", path), "utf8"));
    }
  });

  it("carries one changed threshold to the rule, the panel, the drill and the Terraform, with no other edit", () => {
    const config = join(temporary, "monitoring.yaml");
    writeFileSync(config, readFileSync("monitoring.yaml", "utf8").replace("critical: 3s", "critical: 5s"));
    const second = start(config, "after");
    expect(second.status, second.stdout + second.stderr).toBe(0);

    const rule = (threshold: number) =>
      `service_route:http_request_latency_seconds:p95_5m{service="checkout"} > ${threshold}\n`;
    expect(read("before/prometheus/rules/http.yml")).toContain(rule(3));
    expect(read("after/prometheus/rules/http.yml")).toContain(rule(5));
    expect(read("after/prometheus/rules/http.yml")).not.toContain(rule(3));

    const lines = (name: string) =>
      read(name, "grafana/dashboards/firedrill-http-checkout.json").match(/"value": [35]\b/g);
    expect(new Set(lines("before"))).toEqual(new Set(['"value": 3']));
    expect(new Set(lines("after"))).toEqual(new Set(['"value": 5']));

    const terraform = (name: string) => read(`${name}-stacks`, "stacks/aws/cdk.tf.json");
    expect(terraform("before")).toContain('{service=\\"checkout\\"} > 3\\n');
    expect(terraform("after")).toContain('{service=\\"checkout\\"} > 5\\n');
  }, 120_000);
});
