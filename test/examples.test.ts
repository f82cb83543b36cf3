import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../examples");
const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, "generated")));

const firedrill = (...words: string[]) =>
  spawnSync(process.execPath, ["scripts/firedrill.mjs", ...words], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });

it("there is an example whose generated files are committed", () => {
  expect(examples).toContain("fastapi-postgres");
});

it.each(examples)("nothing is wrong with the example %s", (name) => {
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
