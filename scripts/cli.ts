import { Command, CommanderError } from "commander";
import { version } from "../src/version.ts";
import { commands } from "./commands.ts";
import { addOption } from "./options.ts";
import { type CommandOptions, complain, type ExitCode } from "./shared.ts";
import { userFault, writeFault } from "./user-fault.ts";

function buildProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command("firedrill")
    .description("Monitoring as code in which every alert has been drilled before it is deployed.")
    .version(version)
    .showHelpAfterError("(firedrill --help shows what there is)")
    .addHelpText(
      "after",
      "\nExit codes: 0 all well, 1 findings or failed drills, 2 wrong use, 3 something needed is missing.",
    )
    .addHelpText("after", "\nExamples:\n  $ npx firedrill check\n  $ npx firedrill test --report drills.md")
    .exitOverride();
  for (const { name, summary, options, examples, load } of commands) {
    const command = program.command(name).description(summary);
    for (const option of options) addOption[option](command);
    command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ npx ${example}`).join("\n")}`);
    command.action(async (given: CommandOptions) => {
      const { run } = given.watch ? { run: (await import("./watch.ts")).watchCommand } : await load();
      finish(await run(given));
    });
  }
  return program;
}

// Who reads the beginning only, as `head` does, closes the pipe: nobody is left to tell, and not all was told.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 1);
    throw error;
  });
}

try {
  await buildProgram((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (userFault(error) ?? writeFault(error)) {
    complain(userFault(error) ?? writeFault(error) ?? "");
    process.exitCode = 1;
  } else {
    console.error(
      `firedrill: this is a bug in firedrill, not in your files: ${error instanceof Error ? error.message : error}`,
    );
    if (process.env.FIREDRILL_DEBUG && error instanceof Error) console.error(error.stack);
    else console.error("→ run it again with FIREDRILL_DEBUG=1 for the place in the code, and report it with that");
    process.exitCode = 1;
  }
}
