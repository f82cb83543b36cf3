import { parseArgs } from "node:util";
import { findTool, type ToolName } from "../src/local/real-servers.ts";
import { pinnedTools } from "../tools/pinned.ts";
import { type Outcome, providedTools, provideTool } from "../tools/provide.ts";

const help = `npm run tools [-- NAME…]

Provides the real servers and checkers in .tools/bin: one that is on PATH in the pinned version or newer is used as it
is, one that was built before is kept, all others are built with Go. Also the Python environment of the FastAPI example.

  NAME      only these: ${providedTools.join(", ")}
  --list    what is there now; changes nothing
  --help    this text

Exit code: 0 all there, 2 wrong use, 3 something is missing.`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const wanted = read(args);
  if (typeof wanted === "string") {
    console.error(`${wanted}\n\n${help}`);
    return 2;
  }
  if (wanted.help) console.log(help);
  else if (wanted.list) console.log(listText());
  else return provide(wanted.names);
  return 0;
}

/** What is asked for, or a sentence that says what is wrong with it. */
function read(args: string[]): { help: boolean; list: boolean; names: readonly ToolName[] } | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" }, list: { type: "boolean" } },
    });
    const unknown = positionals.filter((name) => !providedTools.some((known) => known === name));
    if (unknown.length) return `There is no tool ${unknown.map((name) => `"${name}"`).join(", ")} to provide.`;
    const asked = positionals.length ? providedTools.filter((name) => positionals.includes(name)) : providedTools;
    return { help: values.help ?? false, list: values.list ?? false, names: asked };
  } catch (error) {
    return (error as Error).message;
  }
}

async function provide(asked: readonly ToolName[]): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const name of asked) {
    outcomes.push(await provideTool(name, console.log));
  }
  const rows = outcomes.map(({ tool, state, version, seconds, note }) => [
    tool,
    state,
    version ?? "–",
    seconds === undefined ? "–" : `${seconds} s`,
    note,
  ]);
  console.log(`\n${tableText([["tool", "state", "version", "took", "where, or why not"], ...rows])}`);

  const absent = outcomes.filter(({ state }) => state === "failed" || state === "missing");
  if (absent.length === 0) return 0;
  console.error(`\nNot there: ${absent.map(({ tool }) => tool).join(", ")}.`);
  if (absent.some(({ tool, state }) => state === "missing" && tool !== "example-python")) {
    console.error(
      "→ Install Go (https://go.dev/dl/) and run this again, or put these tools on PATH in the pinned version or newer.",
    );
  }
  return 3;
}

function listText(): string {
  const rows = (Object.keys(pinnedTools) as ToolName[]).map((name) => {
    const found = findTool(name);
    const from = providedTools.includes(name) ? "npm run tools" : "PATH";
    return [name, pinnedTools[name].version, from, found?.version ?? "–", found?.path ?? "not there"];
  });
  return tableText([["tool", "pinned or least", "from", "found", "where"], ...rows]);
}

/** Rows of equal length as columns of equal width. */
function tableText(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
