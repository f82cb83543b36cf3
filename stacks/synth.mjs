#!/usr/bin/env node
// What cdktf.json runs: stacks/main.ts as one file. Loading a hundred TypeScript files one by one takes longer than
// all else that synthesis does; putting them together takes some 50 ms. Packages stay outside of it.
import { readFile, rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

// Inside node_modules, so that the bundle finds the packages; and of this process alone, so that two do not meet.
const bundle = fileURLToPath(new URL(`../node_modules/.cache/firedrill/stacks-${process.pid}.mjs`, import.meta.url));

/** Files find what lies beside them by their own address, which in a bundle would be the bundle's. */
const ownAddresses = {
  name: "own-addresses",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { loader: "ts", contents: source.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)) };
    }),
};

try {
  await build({
    entryPoints: [fileURLToPath(new URL("main.ts", import.meta.url))],
    outfile: bundle,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    plugins: [ownAddresses],
    logLevel: "error",
  });
  await import(pathToFileURL(bundle).href);
} finally {
  await rm(bundle, { force: true });
}
