import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { compileFunction } from "node:vm";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { brotliDecompress } from "node:zlib";

/** What `engine/main_js.go` registers: each function takes a JSON text and returns one. */
export interface EngineFunctions {
  evaluate(request: string, timestamps: Uint8Array, values: Uint8Array): string;
  openCase(request: string, timestamps: Uint8Array, values: Uint8Array): string;
  try(openCase: number, changes: string): string;
  closeCase(openCase: number): string;
  checkRules(files: string): string;
  openUnitTest(request: string, readRuleFiles: (patterns: string) => string): string;
  tryUnitTest(number: number, changes: string): string;
  closeUnitTest(number: number): string;
  relabel(request: string): string;
  ask(request: string): string;
  readNotation(lines: string): string;
  parse(expression: string): string;
  mutants(files: string): string;
}

/** The part of WebAssembly's interface that is used here: Node's types leave it to the DOM's, which are not loaded. */
interface WasmApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  Module: { customSections(module: WasmModule, name: string): ArrayBuffer[] };
  Instance: new (module: WasmModule, imports: object) => WasmInstance;
}
interface WasmInstance {
  exports: { mem: { buffer: ArrayBuffer } };
}
/** A compiled WebAssembly module. */
export interface WasmModule {
  readonly compiled?: never;
}
const wasm = Reflect.get(globalThis, "WebAssembly") as WasmApi;

/** The class that Go's own wasm_exec.js defines, as far as it is used here. */
interface GoRuntime {
  importObject: { gojs: Record<string, (stackPointer: number) => void> };
  env: Record<string, string>;
  exited: boolean;
  exit: (code: number) => void;
  run(instance: WasmInstance): Promise<void>;
}

const artifact = new URL("../../engine/firedrill-engine.wasm.br", import.meta.url);

/**
 * How much of a function must run (about, in bytes) before V8 optimises it. By its default it is busy with Go's largest
 * functions for a second, at whose end a process must wait, after a test file that takes a tenth of that; what runs for
 * long is optimised all the same.
 */
const optimiseLate = "--wasm-tiering-budget=200000000";

/**
 * Reads, decompresses and compiles the artifact: about 150 ms. Threads that are started after that get what was
 * compiled, and share what V8 has made of it since.
 */
export async function compileEngine(): Promise<WasmModule> {
  const inherited = getEnvironmentData(artifact.href) as WasmModule | undefined;
  if (inherited) return inherited;
  const compressed = await readFile(artifact).catch((cause) => {
    throw new Error(
      "the engine is missing: engine/firedrill-engine.wasm.br; restore it from git or run: npm run engine:build",
      {
        cause,
      },
    );
  });
  setFlagsFromString(optimiseLate);
  const module = await wasm.compile(await promisify(brotliDecompress)(compressed));
  setEnvironmentData(artifact.href, module);
  return module;
}

/** A running engine. `dead` says why it cannot be called any more. */
export interface EngineInstance {
  functions: EngineFunctions;
  dead(): string | undefined;
  memoryBytes(): number;
}

/**
 * What an engine may take at most. The collector works harder from four fifths of it on. Engines on two cores, and Node
 * with them, stay below 1 GB.
 */
export const maximumMegabytes = 384;

/**
 * Starts the Go program. It runs until it waits for calls, so that this is synchronous, and so is every call.
 * Its globals are a closed set: it neither prints, nor reads files, nor keeps Node's event loop alive, and its hash seeds
 * are always the same, so that the same calls give the same bytes.
 */
export function startEngine(module: WasmModule): EngineInstance {
  let printed = "";
  const globals: Record<string, unknown> = {
    Array,
    Date,
    Error,
    Object,
    Uint8Array,
    TextDecoder,
    TextEncoder,
    performance,
    crypto: { getRandomValues: (bytes: Uint8Array) => bytes.fill(7) },
    fs: {
      constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
      // Only a dying Go program writes: the reason for its death.
      writeSync(_descriptor: number, bytes: Uint8Array) {
        printed = (printed + new TextDecoder().decode(bytes)).slice(0, 10_000);
        return bytes.length;
      },
    },
  };
  const Go = goRuntime(module, globals);
  const go = new Go();
  go.env.GOMEMLIMIT = `${Math.floor(maximumMegabytes * 0.8)}MiB`;
  let end: string | undefined;
  go.exit = (code) => {
    end = printed.split("\n", 1)[0] || `exit code ${code}`;
  };
  const imports = go.importObject.gojs;
  const memoryHasGrown = imports["runtime.resetMemoryDataView"];
  imports["runtime.resetMemoryDataView"] = (stackPointer) => {
    memoryHasGrown?.(stackPointer);
    if (instance.exports.mem.buffer.byteLength <= maximumMegabytes * 2 ** 20) return;
    end = `it needs more than ${maximumMegabytes} MB of memory; give it fewer series, a shorter time or longer intervals`;
    throw new Error(end);
  };
  const instance = new wasm.Instance(module, go.importObject);
  go.run(instance).catch((error) => {
    end = String(error);
  });
  return {
    functions: globals.__firedrill as EngineFunctions,
    dead: () => end,
    memoryBytes: () => instance.exports.mem.buffer.byteLength,
  };
}

/** The text of a custom section, which the build appended to the WebAssembly. */
export function customSection(module: WasmModule, name: string): string {
  const section = wasm.Module.customSections(module, name)[0];
  if (section === undefined) {
    throw new Error(
      `engine/firedrill-engine.wasm.br has no section ${name}; restore it from git or run: npm run engine:build`,
    );
  }
  return new TextDecoder().decode(section);
}

/** Evaluates wasm_exec.js, Go's own support file, which comes with the artifact, with `globals` for its global object. */
function goRuntime(module: WasmModule, globals: Record<string, unknown>): new () => GoRuntime {
  const timers = { setTimeout: () => 0, clearTimeout: () => {} };
  const names = { globalThis: globals, crypto: globals.crypto, fs: globals.fs, ...timers };
  compileFunction(customSection(module, "wasm_exec.js"), Object.keys(names))(...Object.values(names));
  return globals.Go as new () => GoRuntime;
}
