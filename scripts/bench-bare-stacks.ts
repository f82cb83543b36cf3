import { readdirSync, readFileSync } from "node:fs";

// As anybody would import it, not as stacks/cdktf.ts does.
const { App, TerraformResource, TerraformStack } = await import("cdktf");

/**
 * What `npm run bench` holds synthesis against: a cdktf program that knows nothing of monitoring, with the resources
 * that an earlier synthesis left in the folder that BENCH_STACKS names. It loads the same bindings (that is most of
 * the time) and writes the same JSON.
 */
const folder = process.env.BENCH_STACKS ?? "cdktf.out/stacks";
type Resources = Record<string, Record<string, Record<string, unknown>>>;

const app = new App({ stackTraces: false });
for (const name of readdirSync(folder).sort()) {
  const { resource = {}, data = {}, ...rest } = JSON.parse(readFileSync(`${folder}/${name}/cdk.tf.json`, "utf8"));
  const stack = new TerraformStack(app, name);
  for (const type of Object.keys({ ...resource, ...data }).filter((one) => one.startsWith("aws_"))) {
    await import(`@cdktf/provider-aws/lib/${bindingOf(type, type in data)}/index.js`);
  }
  for (const [type, byName] of Object.entries(resource as Resources)) {
    for (const [id, attributes] of Object.entries(byName)) {
      const one = new TerraformResource(stack, id, { terraformResourceType: type });
      for (const [attribute, value] of Object.entries(attributes)) {
        if (attribute !== "//") one.addOverride(attribute, value);
      }
    }
  }
  for (const part of ["output", "provider", "terraform", "variable"]) stack.addOverride(part, rest[part]);
  stack.addOverride("data", data);
}
app.synth();

/** `aws_sns_topic` is bound in `sns-topic`, the data source of the same name in `data-aws-sns-topic`. */
function bindingOf(type: string, isData: boolean): string {
  return `${isData ? "data-aws-" : ""}${type.replace(/^aws_/, "").replaceAll("_", "-")}`;
}
