import { printFindings } from "../scripts/shared.ts";
import { loadConfig } from "../src/config/load.ts";
import { synthesize } from "./app.ts";

/** So far that the highest port of the local stack, 13133, is still one. */
const largestPortOffset = 52_000;

function readPortOffset(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= largestPortOffset) return Number(text);
  throw new Error(
    `FIREDRILL_PORT_OFFSET is ${JSON.stringify(text)}; it must be a whole number from 0 to ${largestPortOffset}.`,
  );
}

// What cdktf.json runs. FIREDRILL_CONFIG names another file than monitoring.yaml.
const { platform, findings } = await loadConfig(process.env.FIREDRILL_CONFIG ?? "monitoring.yaml");
printFindings(findings);
try {
  if (!platform) throw new Error("Nothing was synthesized.");
  // cdktf notes a stack trace with every reference, and nobody sees them here: translating each back to TypeScript
  // takes half as long as all the rest of building the stacks.
  process.setSourceMapsEnabled(false);
  synthesize(platform, { portOffset: readPortOffset(process.env.FIREDRILL_PORT_OFFSET ?? "0") });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
