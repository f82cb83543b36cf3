import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { compileEngine, customSection } from "../src/engine/engine-instance.ts";

// Builds engine/ into the WebAssembly that Firedrill runs, the same bytes on every computer.
//
//   npm run engine:build              writes engine/firedrill-engine.wasm.br and engine/engine.json
//   npm run engine:build -- --verify  builds it again elsewhere and compares: exit 0 same, 1 different, 3 no such Go here
//   npm run engine:build -- --licences  prints the licences of all that is linked in, from the committed artifact

const root = fileURLToPath(new URL("../engine/", import.meta.url));
const artifact = join(root, "firedrill-engine.wasm.br");
const record = join(root, "engine.json");

interface EngineRecord {
  goVersion: string;
  prometheusVersion: string;
  /** of the uncompressed WebAssembly, which is what --verify compares: brotli's output may differ between versions */
  wasmSha256: string;
  wasmBytes: number;
  artifactSha256: string;
  artifactBytes: number;
}

/** Nothing of the caller's Go settings may change the result. */
const buildEnvironment = {
  ...process.env,
  GOOS: "js",
  GOARCH: "wasm",
  CGO_ENABLED: "0",
  GOTOOLCHAIN: "local",
  GOFLAGS: "-buildvcs=false",
  GOWASM: "",
  GOEXPERIMENT: "",
  GOWORK: "off",
};

function go(...args: string[]): string {
  return execFileSync("go", args, { cwd: root, env: buildEnvironment, encoding: "utf8", maxBuffer: 1 << 26 }).trim();
}

function installedGo(): string | undefined {
  try {
    return go("env", "GOVERSION");
  } catch {
    return undefined;
  }
}

function wantedGo(): string {
  return /^toolchain (\S+)$/m.exec(readFileSync(join(root, "go.mod"), "utf8"))?.[1] ?? "";
}

/** The WebAssembly with two custom sections: Go's own wasm_exec.js of the same version, and the licences. */
function buildWasm(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "firedrill-engine-"));
  try {
    const out = join(folder, "engine.wasm");
    go("build", "-trimpath", "-ldflags=-s -w", "-o", out, ".");
    const support = readFileSync(join(go("env", "GOROOT"), "lib/wasm/wasm_exec.js"));
    return Buffer.concat([
      readFileSync(out),
      encodeSection("wasm_exec.js", support),
      encodeSection("licences", Buffer.from(licences())),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function encodeSection(name: string, content: Buffer): Buffer {
  const title = Buffer.from(name);
  const body = Buffer.concat([leb128(title.length), title, content]);
  return Buffer.concat([Buffer.from([0]), leb128(body.length), body]);
}

/** Unsigned LEB128, WebAssembly's way to write a length. */
function leb128(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

/** The licence and notice texts of Go and of every module that is linked. */
function licences(): string {
  const modules = go(
    "list",
    "-deps",
    "-f",
    "{{with .Module}}{{if not .Replace}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}",
    ".",
  );
  const sources = [...new Set(modules.split("\n"))]
    .filter((line) => line.includes("\t") && !line.startsWith("firedrill/"))
    .sort()
    .map((line) => line.split("\t") as [string, string]);
  sources.unshift([`Go ${wantedGo()}`, go("env", "GOROOT")]);
  return sources
    .flatMap(([module, folder]) =>
      readdirSync(folder)
        .filter((file) => /^(LICEN[CS]E|NOTICE|COPYING|PATENTS)/i.test(file))
        .sort()
        .map((file) => `===== ${module}: ${file} =====\n\n${readFileSync(join(folder, file), "utf8")}\n`),
    )
    .join("\n");
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function build(): void {
  const wasm = buildWasm();
  const compressed = brotliCompressSync(wasm, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
    },
  });
  const description: EngineRecord = {
    goVersion: wantedGo(),
    prometheusVersion: go("list", "-m", "-f", "{{.Version}}", "github.com/prometheus/prometheus"),
    wasmSha256: sha256(wasm),
    wasmBytes: wasm.length,
    artifactSha256: sha256(compressed),
    artifactBytes: compressed.length,
  };
  writeFileSync(artifact, compressed);
  writeFileSync(record, `${JSON.stringify(description, null, 2)}\n`);
  console.log(`engine: ${wasm.length} bytes of WebAssembly, ${compressed.length} compressed`);
}

function verify(): number {
  if (!existsSync(artifact) || !existsSync(record)) {
    console.error(
      "engine: firedrill-engine.wasm.br or engine.json is missing; restore it from git or run: npm run engine:build",
    );
    return 1;
  }
  const expected = JSON.parse(readFileSync(record, "utf8")) as EngineRecord;
  const committed = readFileSync(artifact);
  if (
    sha256(committed) !== expected.artifactSha256 ||
    sha256(brotliDecompressSync(committed)) !== expected.wasmSha256
  ) {
    console.error(
      "engine: firedrill-engine.wasm.br is not the one that engine.json describes; run: npm run engine:build",
    );
    return 1;
  }
  const actual = sha256(buildWasm());
  if (actual === expected.wasmSha256) {
    console.log(`engine: a new build gives the same bytes (sha256 ${actual})`);
    return 0;
  }
  console.error(
    `engine: a new build gives other bytes: ${actual}, engine.json says ${expected.wasmSha256}; run: npm run engine:build`,
  );
  return 1;
}

async function main(argument: string | undefined): Promise<number> {
  if (argument !== undefined && argument !== "--verify" && argument !== "--licences") {
    console.error(`engine: unknown argument ${argument}; there are --verify and --licences`);
    return 2;
  }
  if (argument === "--licences") {
    process.stdout.write(customSection(await compileEngine(), "licences"));
    return 0;
  }
  const installed = installedGo();
  if (installed !== wantedGo()) {
    console.error(`engine: not built: it takes ${wantedGo()}, and here is ${installed ?? "no Go"}`);
    return 3;
  }
  if (argument === "--verify") return verify();
  build();
  return 0;
}

process.exitCode = await main(process.argv[2]);
