import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { watchFiles } from "../src/review/watch.ts";
import { isAlive } from "./processes.ts";

const temporary = mkdtempSync(join(tmpdir(), "firedrill-watch-"));
afterAll(() => rmSync(temporary, { recursive: true }));

describe("watching files", () => {
  /** Files that are reported while `edit` is done and for a moment after. */
  async function changesOf(edit: (folder: string) => void): Promise<string[]> {
    const folder = mkdtempSync(join(temporary, "files-"));
    mkdirSync(join(folder, "rules/deep"), { recursive: true });
    writeFileSync(join(folder, "monitoring.yaml"), "a");
    const seen: string[] = [];
    const stop = watchFiles({ files: [join(folder, "monitoring.yaml")], folders: [join(folder, "rules")] }, (file) =>
      seen.push(file.slice(folder.length + 1)),
    );
    edit(folder);
    writeFileSync(join(folder, "rules/last.ts"), ""); // always reported: then all before it was looked at, too
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), 5_000);
    stop();
    return seen;
  }

  it.each<[string, string, (folder: string) => void]>([
    ["a file that is written", "monitoring.yaml", (folder) => writeFileSync(join(folder, "monitoring.yaml"), "b")],
    [
      "a file that an editor puts in the place of the old one",
      "monitoring.yaml",
      (folder) => {
        writeFileSync(join(folder, "monitoring.yaml~"), "b");
        renameSync(join(folder, "monitoring.yaml~"), join(folder, "monitoring.yaml"));
      },
    ],
    ["a new file at any depth", "rules/deep/new.ts", (folder) => writeFileSync(join(folder, "rules/deep/new.ts"), "")],
    ["no other file beside it", "rules/last.ts", (folder) => writeFileSync(join(folder, "other.yaml"), "")],
    [
      "nothing that an editor keeps for itself",
      "rules/last.ts",
      (folder) => writeFileSync(join(folder, "rules/.a.swp"), ""),
    ],
  ])("sees %s, once for a burst of changes", async (_, file, edit) => {
    expect(await changesOf(edit)).toEqual([file]);
  });
});

describe("firedrill test --watch", () => {
  const start = (environment: NodeJS.ProcessEnv, ...args: string[]) => {
    const child = spawn(process.execPath, ["scripts/firedrill.mjs", "test", "--watch", ...args], {
      env: { ...process.env, NO_COLOR: "1", CI: "", ...environment },
    });
    const told = { text: "" };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (told.text += text));
    return { child, told };
  };
  const exitCode = (child: ChildProcess) => new Promise((resolve) => child.once("exit", resolve));
  const rounds = (text: string) => text.match(/ended with \d; waiting/g) ?? [];

  it("runs again after a change, on what the files are then, and leaves nothing when it is interrupted", async () => {
    const config = join(temporary, "monitoring.yaml");
    const given = readFileSync("monitoring.yaml", "utf8");
    writeFileSync(config, given);
    const { child, told } = start({}, "--config", config, "--only", "checkout › a restart");
    await vi.waitFor(() => expect(rounds(told.text)).toEqual(["ended with 0; waiting"]), 60_000);
    expect(told.text).toContain("1 drill: 1 passed, 0 failed.");

    writeFileSync(config, given.replace("owner: orders", "owner: ordres"));
    await vi.waitFor(
      () => expect(rounds(told.text)).toEqual(["ended with 0; waiting", "ended with 1; waiting"]),
      60_000,
    );
    expect(told.text).toMatch(/monitoring\.yaml changed\n.*ordres/s);

    writeFileSync(config, given);
    const round = await vi.waitUntil(() => roundsOf(child.pid)[0], 60_000);
    child.kill("SIGINT");
    expect(await exitCode(child)).toBe(130);
    expect(isAlive(round)).toBe(false);
  }, 120_000);

  it("is refused in CI, where nobody changes a file", async () => {
    const { child, told } = start({ CI: "true" });
    expect(await exitCode(child)).toBe(2);
    expect(told.text).toContain("Leave it out");
  });
});

/** Ids of the rounds that a process has started and that still run. */
function roundsOf(pid: number | undefined): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "ppid=,pid=,args="], { encoding: "utf8" }).split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([parent, , ...args]) => parent === `${pid}` && args.some((arg) => arg.endsWith("firedrill.mjs")))
    .map(([, id]) => Number(id));
}
