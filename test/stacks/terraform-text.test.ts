import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { renderManagedAlertmanager } from "../../src/render/managed-alertmanager.ts";
import { renderAll } from "../../src/render/render.ts";
import { App, LocalBackend, TerraformOutput, TerraformStack } from "../../stacks/cdktf.ts";
import { TerraformData } from "../../stacks/terraform-data.ts";
import { terraformText } from "../../stacks/terraform-text.ts";
import fc from "../helpers/fast-check.ts";
import { realTool } from "../real-tools.ts";
import { samplePlatform } from "../sample-platform.ts";
import { temporaryFolder } from "./synthesized.ts";

/** What opens, closes and escapes templates for Terraform, and what cdktf takes for its own. */
const fragments = [
  ...'$%{}~#&"\\]\n\u0001é😀 x',
  "${",
  "%{",
  "$${",
  "${TfToken[TOKEN.0]}",
  "#{TfToken[TOKEN.1]}",
  "&{TfToken[TOKEN.2]}",
  "TfToken[",
  "TOKEN.0",
  "${path.cwd}",
  '${file("/etc/hostname")}',
  "%{ for a in b }",
  "-1.8881545897087503e+289",
  "{{ $labels.route }}",
];

it("arrives as it is, through the real Terraform", { timeout: 120_000 }, (context) => {
  const terraform = realTool("terraform", context);
  // Terraform keeps all text in Unicode's composed form; so do the fragments.
  const generated = fc.sample(fc.array(fc.constantFrom(...fragments), { maxLength: 12 }), { numRuns: 400, seed: 1 });
  const platform = samplePlatform();
  const texts = [
    ...generated.map((parts) => parts.join("")),
    ...[...renderAll(platform), renderManagedAlertmanager(platform)].map(({ text }) => text),
  ];

  const folder = temporaryFolder();
  const app = new App({ outdir: `${folder}/out`, stackTraces: false });
  const stack = new TerraformStack(app, "test");
  new LocalBackend(stack, { path: "test.tfstate" });
  const data = new TerraformData(stack, "data", {
    triggersReplace: Object.fromEntries(texts.map((text, i) => [`t${i}`, terraformText(text)])),
  });
  new TerraformOutput(stack, "alone", { value: texts.map(terraformText) });
  // Beside a real reference cdktf takes a text apart.
  new TerraformOutput(stack, "mixed", { value: texts.map((text) => `${data.id} ${terraformText(text)}`) });
  app.synth();

  const run = (...args: string[]) =>
    execFileSync(terraform, args, {
      cwd: `${folder}/out/stacks/test`,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 100_000_000,
      env: { ...process.env, CHECKPOINT_DISABLE: "1" },
    });
  run("init", "-input=false");
  run("apply", "-input=false", "-auto-approve");
  const state = JSON.parse(run("show", "-json"));
  const { alone, mixed } = state.values.outputs;
  const [resource] = state.values.root_module.resources;
  expect(alone.value).toEqual(texts);
  expect(mixed.value).toEqual(texts.map((text) => `${resource.values.id} ${text}`));
  expect(resource.values.triggers_replace).toEqual(Object.fromEntries(texts.map((text, i) => [`t${i}`, text])));
});
