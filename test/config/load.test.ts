import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import fc from "../helpers/fast-check.ts";

const folder = mkdtempSync(join(tmpdir(), "firedrill-load-"));
afterAll(() => rmSync(folder, { recursive: true }));

const good = join(import.meta.dirname, "../good/minimal.yaml");

/** Writes a file and loads it; of a refused one the only finding. */
async function refused(name: string, content?: string | Uint8Array) {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  const { findings, props, platform } = await loadConfig(path);
  expect({ props, platform, count: findings.length }).toEqual({ props: undefined, platform: undefined, count: 1 });
  expect(findings[0]!.place.file).toBe(path);
  return findings[0]!;
}

const platform = "platform: größe\n";

describe("loadConfig", () => {
  test("gives the platform with every default applied", async () => {
    const config = await loadConfig(good);
    expect(config.findings).toEqual([]);
    expect(config.platform?.services[0]?.promises.get("HttpLatencyHigh")?.levels.critical?.value).toBe(2);
  });

  test("takes addresses with and without a slash at their end for the same", async () => {
    const { platform } = await loadConfig(join(import.meta.dirname, "../good/merge-keys.yaml"));
    expect(platform?.links).toEqual({
      grafana: "https://grafana.example.com",
      runbooks: "https://docs.example.com/runbooks",
    });
  });

  test("gives no platform where there is an error, and one where there are only warnings", async () => {
    const bad = join(import.meta.dirname, "../bad");
    const wrong = await loadConfig(join(bad, "050-unknown-team.yaml"));
    expect(wrong.platform).toBeUndefined();
    expect(wrong.findings[0]!.place).toEqual({ file: join(bad, "050-unknown-team.yaml"), line: 9, column: 12 });
    expect((await loadConfig(join(bad, "092-kept-too-short.yaml"))).platform?.retention.metrics.value).toBe(
      30 * 86_400,
    );
  });

  test("tells that there is no file", async () => {
    expect(await refused("none.yaml")).toMatchObject({ rule: "config/no-file" });
    expect(await refused("none/none.yaml")).toMatchObject({ rule: "config/no-file" });
    expect(await refused("")).toMatchObject({ rule: "config/not-a-file" });
  });

  test("tells that a folder is none", async () => {
    mkdirSync(join(folder, "folder.yaml"));
    expect(await refused("folder.yaml")).toMatchObject({
      rule: "config/not-a-file",
      summary: expect.stringContaining("folder"),
    });
  });

  test.runIf(process.platform !== "win32")("does not wait for a pipe or read a device without end", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(await refused("pipe")).toMatchObject({ rule: "config/not-a-file" });
    const { findings } = await loadConfig("/dev/zero");
    expect(findings[0]).toMatchObject({ rule: "config/not-a-file" });
  });

  test("tells that a file may not be read", async ({ skip }) => {
    const path = join(folder, "locked.yaml");
    writeFileSync(path, platform);
    chmodSync(path, 0);
    if (process.getuid?.() !== 0) {
      expect(await refused("locked.yaml")).toMatchObject({
        rule: "config/unreadable",
        fix: expect.stringContaining("chmod"),
      });
      return;
    }
    // The superuser may read everything: a child becomes somebody else when it has loaded the code.
    chmodSync(folder, 0o755);
    const code = `import { loadConfig } from ${JSON.stringify(join(import.meta.dirname, "../../src/config/load.ts"))};
      process.setgid(65534); process.setuid(65534);
      console.log(JSON.stringify((await loadConfig(${JSON.stringify(path)})).findings));`;
    const child = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
      encoding: "utf8",
    });
    if (child.status !== 0)
      skip(`not run: nobody else can run the code here (${child.stderr.trim().split("\n").at(-1)})`);
    expect(JSON.parse(child.stdout)).toMatchObject([
      { rule: "config/unreadable", fix: expect.stringContaining("chmod") },
    ]);
  });

  test("refuses 50 MB without reading it, and a byte too much", async () => {
    const path = join(folder, "huge.yaml");
    writeFileSync(path, "");
    truncateSync(path, 50_000_000);
    expect((await refused("huge.yaml")).summary).toContain("50,000,000 bytes; at most 8,388,608");
    const limit = 8 * 1024 * 1024;
    expect(await refused("over.yaml", `${platform}${"#".repeat(limit)}`)).toMatchObject({ rule: "config/too-large" });
    // Many bytes can be few characters.
    expect(await refused("wide.yaml", `${platform}#${"ö".repeat(limit / 2)}`)).toMatchObject({
      rule: "config/too-large",
    });
    const { findings } = await loadConfig(good);
    expect(findings).toEqual([]);
  });

  test.each([
    ["UTF-16 with a mark", Buffer.from(`\ufeff${platform}`, "utf16le"), 1, 1],
    ["UTF-16 the other way round", Buffer.from(`\ufeff${platform}`, "utf16le").swap16(), 1, 1],
    ["UTF-16 without a mark", Buffer.from(platform, "utf16le"), 1, 1],
    ["Latin-1", Buffer.from(`# a\n${platform}`, "latin1"), 2, 13],
    ["a character that was cut in two", Buffer.from(platform).subarray(0, 13), 1, 13],
    ["half of a surrogate pair", Buffer.from([0x61, 0x3a, 0x20, 0xed, 0xa0, 0x80]), 1, 4],
  ])("tells that %s is not UTF-8, and where", async (_, bytes, line, column) => {
    expect(await refused("encoding.yaml", bytes)).toMatchObject({ rule: "config/encoding", place: { line, column } });
  });

  test("reads UTF-8 with a mark and with the line ends of other systems", async () => {
    const text = "platform: shop\r\nlinks: 1\r\n";
    writeFileSync(join(folder, "mark.yaml"), `\ufeff${text}`);
    const { findings } = await loadConfig(join(folder, "mark.yaml"));
    expect(findings.find(({ rule }) => rule === "config/wrong-type")?.place).toMatchObject({ line: 2, column: 8 });
  });

  test("never fails, whatever bytes the file has or however it is called", async () => {
    const path = join(folder, "any.yaml");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        writeFileSync(path, bytes);
        const { findings, platform } = await loadConfig(path);
        expect(platform).toBeUndefined();
        expect(findings.length).toBeGreaterThan(0);
        for (const { place } of findings)
          expect(place).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
      }),
      { numRuns: 200, seed: 20261121 },
    );
    for (const name of ["\0", "x".repeat(5000), `${path}/below`, "🛒"]) {
      const { findings } = await loadConfig(name);
      expect(findings).toMatchObject([{ severity: "error", place: { file: name } }]);
    }
  });
});
