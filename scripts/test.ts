import type { CommandOptions, ExitCode } from "./shared.ts";

/** `firedrill test`: drills, or somebody else's tests. Each is loaded alone: loading all takes longer than a small test. */
export async function run(options: CommandOptions): Promise<ExitCode> {
  if (options.promtool) return (await import("./test-promtool.ts")).run(options);
  if (options.relabel) return (await import("./test-relabel.ts")).run(options);
  return (await import("./test-drills.ts")).run(options);
}
