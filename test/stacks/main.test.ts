import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readStack, resourcesOf, runProgram, temporaryFolder } from "./synthesized.ts";

describe("the program that cdktf runs", () => {
  it("synthesizes all stacks of the platform that the file describes, with nothing but Node", () => {
    const outdir = join(temporaryFolder(), "out");
    const env = { CDKTF_OUTDIR: outdir, TERRAFORM_BINARY_NAME: "no-terraform-here" };
    expect(runProgram("stacks/synth.mjs", env)).toMatchObject({ status: 0, stderr: "" });
    for (const id of ["local", "aws", "grafana"])
      expect(existsSync(join(outdir, "stacks", id, "cdk.tf.json"))).toBe(true);
  });

  it("says what is wrong with the file, with its line, and writes nothing", () => {
    const folder = temporaryFolder();
    const config = join(folder, "monitoring.yaml");
    writeFileSync(config, "platform: shop\nservice: []\n");
    const outdir = join(folder, "out");
    const { status, stdout, stderr } = runProgram("stacks/synth.mjs", {
      CDKTF_OUTDIR: outdir,
      FIREDRILL_CONFIG: config,
    });
    expect(status).toBe(1);
    expect(stdout).toContain(`${config}:2:1 error`);
    expect(stderr).toBe("Nothing was synthesized.\n");
    expect(existsSync(outdir)).toBe(false);
  });

  it.each(["-1", "1.5", "x", "60000"])("refuses the port offset %s", (offset) => {
    const { status, stderr } = runProgram("stacks/synth.mjs", {
      CDKTF_OUTDIR: temporaryFolder(),
      FIREDRILL_PORT_OFFSET: offset,
    });
    expect(status).toBe(1);
    expect(stderr).toContain(`FIREDRILL_PORT_OFFSET is "${offset}"`);
  });
});

it("synthesizes the example program of somebody else, with their resources and two constructs", () => {
  const outdir = join(temporaryFolder(), "out");
  const { status, stderr } = runProgram("examples/cdktf-app/main.ts", { CDKTF_OUTDIR: outdir });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const stack = readStack(outdir, "parcel");
  expect(Object.keys(stack.resource).sort()).toEqual([
    "aws_prometheus_rule_group_namespace",
    "aws_prometheus_workspace",
    "aws_sqs_queue",
    "grafana_dashboard",
    "grafana_folder",
  ]);
  const rules = resourcesOf(stack, "aws_prometheus_rule_group_namespace").find(({ name }) => name === "http");
  expect(rules?.data).toContain('p95_5m{service="tracking-api"} > 0.8');
});
