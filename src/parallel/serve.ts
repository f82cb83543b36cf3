import { parentPort } from "node:worker_threads";

/** What a thread answers to a task: what its handler gave, or why it gave nothing. */
export type Reply = { result?: unknown; error?: string };

/** In a thread of `runInPool`: says that it is ready and answers one task after another, until it is ended. */
export function serveTasks<Task, Result>(handler: (task: Task) => Result | Promise<Result>): void {
  const reply = (message: Reply) => parentPort?.postMessage(message);
  parentPort?.on("message", async (task: Task) => {
    try {
      reply({ result: await handler(task) });
    } catch (error) {
      reply({ error: error instanceof Error ? error.message : String(error) });
    }
  });
  reply({});
}
