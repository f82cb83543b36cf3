import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Platform } from "../../src/model/platform.ts";
import { seconds } from "../../src/model/quantity.ts";
import { synthesize } from "../../stacks/app.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

/** Every synthesized file by its path. */
function synthesized(platform: Platform): Map<string, string> {
  // Inside the project, where it usually is: the local stack says how far it is from there to this program.
  mkdirSync(".firedrill", { recursive: true });
  const outdir = join(mkdtempSync(join(".firedrill", "test-")), "cdktf.out");
  synthesize(platform, { outdir });
  const names = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
  const files = paths.map((path) => [path.slice(outdir.length + 1), readFileSync(path, "utf8")] as const);
  rmSync(dirname(outdir), { recursive: true });
  return new Map(files);
}

describe("what is synthesized", () => {
  const files = synthesized(samplePlatform());

  it("is three stacks and the files of the local one", () => {
    expect([...files.keys()].filter((path) => path.endsWith("cdk.tf.json"))).toEqual([
      "stacks/aws/cdk.tf.json",
      "stacks/grafana/cdk.tf.json",
      "stacks/local/cdk.tf.json",
    ]);
  });

  it("is the same bytes from the same platform", () => {
    expect(synthesized(samplePlatform())).toEqual(files);
  });

  it("has no path of this computer in it", () => {
    for (const text of files.values()) for (const path of [process.cwd(), tmpdir()]) expect(text).not.toContain(path);
  });

  it("follows a changed threshold into rules, dashboards and the local files, and nowhere else", () => {
    const changed = synthesized(samplePlatform({ thresholds: { HttpLatencyHigh: { critical: seconds(2.125) } } }));
    const paths = [...files.keys()].filter((path) => changed.get(path) !== files.get(path));
    expect(paths).toEqual([
      "stacks/aws/cdk.tf.json",
      "stacks/grafana/cdk.tf.json",
      "stacks/local/cdk.tf.json",
      "stacks/local/files/prometheus/rules/http.yml",
    ]);
    for (const path of paths.filter((path) => !path.includes("local/cdk")))
      expect(changed.get(path)).toContain("2.125");
  });
});

it("imports cdktf's core in one file only", () => {
  const files = ["stacks", "src", "scripts", "alert-rules", "dashboards"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const importing = files
    .filter((path) => path.endsWith(".ts"))
    .filter((path) => /from "cdktf["/]/.test(readFileSync(path, "utf8")));
  expect(importing).toEqual([join("stacks", "cdktf.ts")]);
});

/** Every text in a synthesized file, names of a map among them: Terraform reads those as templates too. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const one of Object.entries(value).flat()) yield* textsIn(one);
}

it("has no template that Terraform would evaluate but its own references, whatever the platform's texts", () => {
  const hostile = '"${file("/etc/hostname")}%{ if true }${TfToken[TOKEN.3]} $${path.cwd}\n# </b>';
  const files = synthesized(
    samplePlatform({
      name: hostile,
      links: { grafana: hostile, runbooks: hostile },
      environments: [{ name: hostile }],
      teams: [
        {
          name: hostile,
          receivers: [
            { name: `${hostile}1`, slack: { channel: hostile, webhook: { secret: hostile } } },
            { name: `${hostile}2`, email: { to: hostile } },
            { name: `${hostile}3`, pagerduty: { routingKey: { secret: hostile } } },
            { name: `${hostile}4`, webhook: { url: hostile } },
          ],
        },
      ],
      services: sampleProps.services.map((service, index) => ({
        ...service,
        name: `${hostile}${index}`,
        owner: hostile,
        routes: [hostile],
      })),
    }),
  );
  const ours =
    /^\$\{(aws_\w+\.[\w-]+\.\w+|data\.aws_\w+\.\w+\.\w+|grafana_folder\.[\w-]+\.uid|var\.\w+|jsonencode\(|abspath\(path\.module\)|"\["\})/;
  let seen = 0;
  for (const [path, text] of files) {
    if (!path.endsWith("cdk.tf.json")) continue;
    for (const one of textsIn(JSON.parse(text))) {
      for (const { index } of one.matchAll(/(?<!\$)\$\{|(?<!%)%\{/g)) {
        expect(one.slice(index, index + 300)).toMatch(ours);
        seen += 1;
      }
    }
  }
  expect(seen).toBeGreaterThan(50);
});
