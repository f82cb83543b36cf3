// Tasks that go well and tasks that go as wrong as they can.
import { workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { serveTasks } = await import("../../src/parallel/serve.ts");
if (workerData === "dies at its start") throw new Error("there is no monitoring.yaml");

const odd = {
  hang: () => {
    for (;;);
  },
  explode: () => /^(a+)+$/.test(`${"a".repeat(60)}b`),
  throw: () => {
    throw new Error("no such rule");
  },
  exit: () => process.exit(7),
  "throw later": () =>
    new Promise(() => {
      setImmediate(() => {
        throw new Error("nobody catches this");
      });
    }),
  "say nothing that can be handed over": () => () => {},
  "tell its data": () => workerData,
};

serveTasks((task) => odd[task]?.() ?? `${task} done`);
