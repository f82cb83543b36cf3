import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/** Files find what lies beside them by their own address, which in a bundle would be the bundle's. */
const ownAddresses: Plugin = {
  name: "own-addresses",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { loader: "ts", contents: source.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)) };
    }),
};

/**
 * Puts a worker's TypeScript and its packages together into one text, as an address from which a thread can be started:
 * some 50 ms, once for all threads. A thread that loads TypeScript file by file starts a thread of its own for that, and
 * takes longer to start than to run twenty small tests. Not for what tells places by the stack: it has no files.
 *
 * @param entry a `.ts` that calls `serveTasks`
 */
export async function bundledWorker(entry: URL): Promise<URL> {
  const require = `import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(entry.href)});`;
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: require },
    plugins: [ownAddresses],
    logLevel: "error",
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  return new URL(`data:text/javascript;base64,${Buffer.from(contents).toString("base64")}`);
}
