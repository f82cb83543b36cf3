import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changesIn, writeArtifacts } from "../../src/render/generated.ts";

const rules = { path: "prometheus/rules/http.yml", text: "groups: []\n" };
const board = { path: "grafana/http.json", text: "{}\n" };

describe("the folder of generated files", () => {
  let out: string;
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), "firedrill-generated-"));
  });
  afterEach(() => rm(out, { recursive: true }));

  it("is up to date right after it was written", async () => {
    await writeArtifacts(out, [rules, board]);
    expect(await changesIn(out, [rules, board])).toEqual([]);
    expect(await readFile(join(out, rules.path), "utf8")).toBe(rules.text);
  });

  it("names what is missing, what differs and what is no longer generated", async () => {
    await writeArtifacts(out, [rules]);
    const changes = await changesIn(out, [{ ...rules, text: "groups: [1]\n" }, board]);
    expect(changes.map(({ path, change }) => `${path} ${change}`)).toEqual([
      "grafana/http.json is missing",
      "manifest.json differs",
      "prometheus/rules/http.yml differs",
    ]);
    expect(await changesIn(out, [])).toContainEqual({ path: rules.path, change: "is no longer generated" });
  });

  it("loses a file that is no longer generated, and nothing that it did not write", async () => {
    await writeArtifacts(out, [rules, board]);
    await writeFile(join(out, "mine.txt"), "kept");
    await writeArtifacts(out, [rules]);
    expect(await readdir(join(out, "grafana"))).toEqual([]);
    expect(await readFile(join(out, "mine.txt"), "utf8")).toBe("kept");
  });

  it("never removes anything outside, whatever its manifest says", async () => {
    const outside = join(out, "..", "firedrill-outside.txt");
    await writeFile(outside, "kept");
    await writeFile(join(out, "manifest.json"), JSON.stringify({ "../firedrill-outside.txt": "x", [outside]: "x" }));
    await writeArtifacts(out, [rules]);
    expect(await readFile(outside, "utf8")).toBe("kept");
    await rm(outside);
  });

  it("does not wait for a named pipe where one of its files should be, and puts the file there", async () => {
    for (const name of ["manifest.json", "http.json"]) spawnSync("mkfifo", [join(out, name)]);
    const file = { path: "http.json", text: "{}\n" };
    expect(await changesIn(out, [file])).toContainEqual({ path: "http.json", change: "differs" });
    await writeArtifacts(out, [file]);
    expect(await changesIn(out, [file])).toEqual([]);
  });

  it("is left as it was when a file cannot be written", async () => {
    await writeArtifacts(out, [rules]);
    const inTheWay = { path: `${rules.path}/below-a-file.yml`, text: "" };
    await expect(writeArtifacts(out, [{ ...rules, text: "new" }, inTheWay])).rejects.toThrow();
    expect(await changesIn(out, [rules])).toEqual([]);
    expect((await readdir(join(out, "prometheus/rules"))).sort()).toEqual(["http.yml"]);
  });
});
