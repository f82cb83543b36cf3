#!/usr/bin/env node
// `npm start`: plain JavaScript without a dependency, since it is what installs them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  console.error(`firedrill needs Node 20.9 or newer; this is ${process.versions.node}.`);
  process.exit(3);
}

const needed = ["tsx", "commander", "yaml", "ajv", "cdktf", "@cdktf/provider-aws"];
if (!needed.every((name) => existsSync(`node_modules/${name}/package.json`))) {
  console.log("Installing what is missing: about 52 MB to download, most of it the AWS bindings (438 MB on disk).");
  run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"]);
}
run(process.execPath, ["scripts/firedrill.mjs", "start", ...process.argv.slice(2)]);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 3);
}
