import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { compileEngine, customSection } from "../../src/engine/engine-instance.ts";
import { deepTemplate } from "./engine-cases.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const engineFile = (name: string) => readFileSync(new URL(`../../engine/${name}`, import.meta.url));

describe("the committed engine", () => {
  const artifact = engineFile("firedrill-engine.wasm.br");
  const wasm = brotliDecompressSync(artifact);

  it("is the one that engine.json describes", () => {
    expect(JSON.parse(engineFile("engine.json").toString())).toEqual({
      goVersion: /^toolchain (\S+)$/m.exec(engineFile("go.mod").toString())?.[1],
      prometheusVersion: /prometheus\/prometheus (v\S+)/.exec(engineFile("go.mod").toString())?.[1],
      wasmSha256: sha256(wasm),
      wasmBytes: wasm.length,
      artifactSha256: sha256(artifact),
      artifactBytes: artifact.length,
    });
  });

  it("carries the licences of what is linked into it, and no path of the computer that built it", async () => {
    const licences = customSection(await compileEngine(), "licences");
    expect(licences).toContain("The Go Authors");
    expect(licences).toMatch(/github\.com\/prometheus\/prometheus v\S+: LICENSE/);
    expect(wasm.includes(process.cwd())).toBe(false);
    expect(wasm.includes("/go/pkg/mod/")).toBe(false);
  });
});

describe("a running engine", () => {
  it("answers synchronously, prints nothing and lets the process end", () => {
    const program = `
      import { loadEngine } from "./src/engine/engine.ts";
      const engine = await loadEngine();
      engine.parse("sum(rate(up[5m]))");
      try { engine.parse("-(".repeat(50_000) + "1" + ")".repeat(50_000)); } catch {}
      engine.evaluate({ ruleFiles: [{ name: "a", yaml: "groups: [{name: g, rules: [{alert: A, expr: vector(1)}]}]" }],
        series: [], startMs: 0, endMs: 1000, evaluationIntervalMs: 1000 });
    `;
    const options = ["--import", "tsx", "--input-type=module", "--eval", program];
    const cwd = new URL("../..", import.meta.url);
    const { status, stdout, stderr } = spawnSync(process.execPath, options, { cwd, timeout: 60_000, encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("leaves no trace in the globals of this process", async () => {
    const before = Object.getOwnPropertyNames(globalThis).sort();
    (await loadEngine()).parse("up");
    expect(Object.getOwnPropertyNames(globalThis).sort()).toEqual(before);
  });

  it("breaks down over a template nested too deeply with a clear error, and works again afterwards", async () => {
    const engine = await loadEngine();
    expect(() => engine.checkRules([deepTemplate])).toThrow("nested too deeply");
    expect(engine.parse("up").type).toBe("vector");
  });

  it("refuses expressions that are nested too deeply, with the place at which they become so", async () => {
    const engine = await loadEngine();
    const nested: [string, number][] = [
      [`${"(".repeat(501)}1${")".repeat(501)}`, 501],
      [`1${" + 1".repeat(501)}`, 3 + 4 * 500],
      [`${"- ".repeat(501)}1`, 1 + 2 * 500],
      [`max(max(up)${" or up".repeat(499)})`, 12 + 6 * 499],
    ];
    for (const [expression, column] of nested) {
      expect(engine.parse(expression).error).toMatchObject({
        message: expect.stringContaining("more than 500 brackets and operators"),
        line: 1,
        column,
      });
    }
    expect(engine.parse(`1${" + 1".repeat(400)}`).type).toBe("scalar");
    expect(engine.parse(`round(up{a!="+${"(".repeat(1000)}"}, 1)`).type).toBe("vector");
  });
});
