import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What promtool says of a file: its verdict, and that of each of its tests, unless it refuses the file as a whole. */
export interface Verdict {
  passed: boolean;
  groups: { name: string; passed: boolean; failures: string[] }[];
}

/** Runs the real `promtool test rules` on files, named relative to a folder, in one process. */
export function promtoolVerdicts(promtool: string, folder: string, files: readonly string[]): Verdict[] {
  const out = mkdtempSync(join(tmpdir(), "firedrill-verdicts-"));
  try {
    const junit = join(out, "junit.xml");
    spawnSync(promtool, ["test", "rules", `--junit=${junit}`, ...files], { cwd: folder, maxBuffer: 2 ** 30 });
    const suites = readFileSync(junit, "utf8").split("<testsuite ").slice(1);
    return suites.map((suite) => {
      const groups = suite
        .split("<testcase ")
        .slice(1)
        // A file that is refused as a whole has one case, with an error, in place of its tests.
        .filter((group) => !group.includes("<error>"))
        .map((group) => {
          const failures = [...group.matchAll(/<failure>(.*?)<\/failure>/gs)].map(([, why = ""]) => why);
          return { name: /name="([^"]*)"/.exec(group)?.[1] ?? "", passed: failures.length === 0, failures };
        });
      return { passed: / failures="0" errors="0"/.test(suite), groups };
    });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The verdicts in words, so that a comparison shows at once where they part. */
export const verdictLines = (
  files: readonly string[],
  verdicts: readonly { passed: boolean; groups: readonly { name: string; passed: boolean }[] }[],
): string[] =>
  files.flatMap((file, i) => [
    `${file}: ${verdicts[i]?.passed}`,
    ...(verdicts[i]?.groups ?? []).map(({ name, passed }) => `${file} › ${name}: ${passed}`),
  ]);
