import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withoutProgress } from "./helpers/without-progress.ts";

const folder = join(import.meta.dirname, "../examples");
const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, "generated")));

const firedrill = (...words: string[]) =>
  spawnSync(process.execPath, ["scripts/firedrill.mjs", ...words], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });

it("there is an example of each platform that Firedrill was made for, with its generated files", () => {
  expect(examples).toEqual([
    "fastapi-flutter",
    "growing-platform",
    "icp-marketplace",
    "observability",
    "supabase-netlify-n8n",
  ]);
});

// Evaluates weeks of every panel: on a busy machine that takes minutes.
it.each(examples)("nothing is wrong with the example %s", { timeout: 600_000 }, (name) => {
  const { status, stdout, stderr } = firedrill("check", "--config", `examples/${name}/monitoring.yaml`);
  expect(stdout + stderr).toContain("is fine: ");
  expect(status).toBe(0);
});

it.each(examples)("what is generated from the example %s is what is committed", (name) => {
  const { status, stdout } = firedrill(
    "generate",
    "--check",
    ...["--config", `examples/${name}/monitoring.yaml`, "--out", `examples/${name}/generated`],
  );
  expect(stdout).toMatch(/is up to date/);
  expect(status).toBe(0);
});

it.each(examples)("every stack of the example %s is synthesized", (name) => {
  const outdir = mkdtempSync(join(tmpdir(), "firedrill-example-"));
  try {
    const { status, stderr } = spawnSync(process.execPath, ["stacks/synth.mjs"], {
      encoding: "utf8",
      env: { ...process.env, CDKTF_OUTDIR: outdir, FIREDRILL_CONFIG: `examples/${name}/monitoring.yaml` },
    });
    expect(withoutProgress(stderr)).toBe("");
    expect(status).toBe(0);
    expect(readdirSync(join(outdir, "stacks")).sort()).toEqual(["aws", "grafana", "local"]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
