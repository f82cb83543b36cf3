import { loadEngine } from "../engine/engine.ts";
import { serveTasks } from "../parallel/serve.ts";
import { runSuite, type SuiteResult } from "./suite.ts";

const engine = await loadEngine();
serveTasks<string, SuiteResult>((file) => runSuite(engine, file));
