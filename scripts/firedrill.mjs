#!/usr/bin/env node
// The sources are TypeScript and run as they are, so that an edited alert needs no build step.
try {
  await import("tsx");
} catch {
  console.error(
    "firedrill: its packages are not installed yet.\n→ run `npm start` (or `npm install`) in this folder first",
  );
  process.exit(3);
}
await import("./cli.ts");
