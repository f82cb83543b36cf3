import { loadEngine } from "../src/engine/engine.ts";
import { promtoolSuite } from "../src/mutation/promtool-suite.ts";

// Tries every fault in the rules of one test file on its tests, from an empty process, on one thread: what
// `firedrill mutate --promtool` does before it looks for a difference that what is left makes.
const [file = ""] = process.argv.slice(2);
const suite = promtoolSuite([file], await loadEngine());
const ground = suite.openCase(0);
if ("fault" in ground) throw new Error(`${file}: ${ground.fault}`);
const noticed = suite.mutants.filter((mutant) => ground.try(mutant)).length;
ground.close();
console.log(`${noticed} of ${suite.mutants.length} noticed`);
