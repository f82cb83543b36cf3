import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { localStackFiles } from "../../src/local/local-plan.ts";
import { isFree, runningIn } from "../../src/local/local-process.ts";
import { bringUp, takeDown } from "../../src/local/local-stack.ts";
import { freePort } from "../../src/local/real-servers.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import { seconds } from "../../src/model/quantity.ts";
import { renderAll } from "../../src/render/render.ts";
import { isAlive } from "../processes.ts";
import { realTool } from "../real-tools.ts";
import { samplePlatform } from "../sample-platform.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await takeDown(folder);
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "firedrill-local-"));
  folders.push(folder);
  return folder;
}

/** An offset at which Prometheus' and Alertmanager's ports are free. */
async function freeOffset(): Promise<number> {
  for (;;) {
    const offset = (await freePort()) - 9090;
    if (offset > 0 && offset < 52_000 && (await isFree(9093 + offset))) return offset;
  }
}

const rendered = (criticalSeconds = 2): Artifact[] =>
  renderAll(
    samplePlatform({
      features: { logging: false, otlp: false },
      thresholds: { HttpLatencyHigh: { critical: seconds(criticalSeconds) } },
    }),
  );

const filesFor = (offset: number, criticalSeconds?: number): Artifact[] =>
  localStackFiles(rendered(criticalSeconds), offset);

const outcomes = (results: Awaited<ReturnType<typeof bringUp>>) =>
  Object.fromEntries(results.map(({ process, did }) => [process.tool, did]));

describe("the local stack of real servers", { timeout: 120_000 }, () => {
  it("starts, takes a changed threshold without a restart, and stops", async (context) => {
    for (const tool of ["prometheus", "alertmanager"] as const) realTool(tool, context);
    const folder = newFolder();
    const offset = await freeOffset();
    const queries = async () => (await fetch(`http://127.0.0.1:${9090 + offset}/api/v1/rules`)).text();

    const first = await bringUp(folder, filesFor(offset));
    expect(outcomes(first)).toEqual({ alertmanager: "started", prometheus: "started" });
    expect(outcomes(await bringUp(folder, filesFor(offset)))).toEqual({
      alertmanager: "unchanged",
      prometheus: "unchanged",
    });
    expect(await queries()).not.toContain("2.125");

    const second = await bringUp(folder, filesFor(offset, 2.125));
    expect(outcomes(second)).toEqual({ alertmanager: "unchanged", prometheus: "reloaded" });
    expect(await queries()).toContain("2.125");
    expect(second.map(({ pid }) => pid)).toEqual(first.map(({ pid }) => pid));

    await takeDown(folder);
    expect(first.map(({ pid }) => isAlive(pid))).toEqual([false, false]);
  });

  it("keeps its old configuration where the new one is not accepted, and says why", async (context) => {
    for (const tool of ["prometheus", "alertmanager"] as const) realTool(tool, context);
    const folder = newFolder();
    const offset = await freeOffset();
    await bringUp(folder, filesFor(offset));
    const broken = filesFor(offset).map((file) =>
      file.path.startsWith("prometheus/rules/") ? { ...file, text: file.text.replaceAll("> 2\n", "> 2 >\n") } : file,
    );
    await expect(bringUp(folder, broken)).rejects.toThrow(
      /Prometheus goes on with its old configuration.*parse error/s,
    );
    expect(runningIn(join(folder, "prometheus"))).toBeDefined();
    expect(outcomes(await bringUp(folder, filesFor(offset, 3)))).toMatchObject({ prometheus: "reloaded" });
  });

  it("starts nothing when a port is taken, and names it and who has it", async (context) => {
    for (const tool of ["prometheus", "alertmanager"] as const) realTool(tool, context);
    const folder = newFolder();
    const offset = await freeOffset();
    const server = createServer().listen(9090 + offset, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const refused = expect(bringUp(folder, filesFor(offset))).rejects;
    await refused.toThrow(new RegExp(`port ${9090 + offset}, which Prometheus needs, by .*FIREDRILL_PORT_OFFSET`, "s"));
    server.close();
    expect(runningIn(join(folder, "alertmanager"))).toBeUndefined();
  });

  it("ends what it started when one of them does not come up", async (context) => {
    for (const tool of ["prometheus", "alertmanager"] as const) realTool(tool, context);
    const folder = newFolder();
    const broken = filesFor(await freeOffset()).map((file) =>
      file.path === "prometheus/prometheus.yml" ? { ...file, text: "no: configuration\n" } : file,
    );
    await expect(bringUp(folder, broken)).rejects.toThrow(/Prometheus ended by itself.*field no not found/s);
    for (const name of ["alertmanager", "prometheus"]) expect(runningIn(join(folder, name))).toBeUndefined();
  });

  it("ends what is no longer part of it", async (context) => {
    for (const tool of ["prometheus", "alertmanager"] as const) realTool(tool, context);
    const folder = newFolder();
    const offset = await freeOffset();
    const [alertmanager] = await bringUp(folder, filesFor(offset));
    const without = rendered().filter(({ path }) => path.startsWith("prometheus/"));
    expect(outcomes(await bringUp(folder, localStackFiles(without, offset)))).toEqual({ prometheus: "unchanged" });
    expect(isAlive(alertmanager?.pid ?? -1)).toBe(false);
  });
});
