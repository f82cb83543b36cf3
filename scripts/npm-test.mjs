#!/usr/bin/env node
// `npm test`: installs what is missing, then runs every test. Plain JavaScript, since it is what installs them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

if (!existsSync("node_modules/vitest/package.json") || !existsSync("node_modules/cdktf-cli/package.json")) {
  console.log("Installing what is missing, with all that tests need: about 1 GB on disk.");
  run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"]);
}
run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)]);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 3);
}
