import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Nothing imports it but this test, so that no other test can meet it.
const folder = join("stacks", `fault-${process.pid}`);
beforeAll(() => mkdirSync(folder));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is said of the error that importing a file with this text gives, as the command line catches it. */
function faultOf(text: string): string {
  const file = join(folder, "http.ts");
  writeFileSync(file, text);
  const program = `
    import { userFault } from "./scripts/user-fault.ts";
    await import("./${file}").catch((error) => console.log(userFault(error) ?? "not the user's"));`;
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--eval", program], { encoding: "utf8" });
  return stdout.trim().replace(folder, "stacks");
}

describe("a fault in code that a user writes", () => {
  it.each([
    ["TypeScript that cannot be read", "const a = 1;\nconst b = ;\n", 'stacks/http.ts:2:11: Unexpected ";"'],
    [
      "a statement that throws",
      "const a: string[] = [];\n(a as any)[0].length;\n",
      "stacks/http.ts:2:15: Cannot read properties of undefined (reading 'length')",
    ],
  ])("is told with its place: %s", (_, text, told) => {
    expect(faultOf(text)).toBe(told);
  });

  it("is not one that is thrown in Firedrill, even when a user's code calls it", () => {
    const text =
      'import { resolvePlatform } from "../../src/model/resolve-platform.ts";\nresolvePlatform(0 as any, {});\n';
    expect(faultOf(text)).toBe("not the user's");
  });
});
