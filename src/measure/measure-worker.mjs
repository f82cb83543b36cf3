// A thread knows nothing of TypeScript until it is told: what the main thread registered does not hold here.
import { register } from "tsx/esm/api";

register();
await import("./measure-worker.ts");
