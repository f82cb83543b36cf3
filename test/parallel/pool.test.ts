import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { beforeEach, describe, expect, it } from "vitest";
import { type PoolOptions, runInPool } from "../../src/parallel/pool.ts";

const worker = new URL("./odd-worker.mjs", import.meta.url);
const run = (tasks: Iterable<string>, more: Partial<PoolOptions<string, unknown>> = {}) =>
  runInPool<string, unknown>({ worker, tasks, threads: 2, ...more });
const done = (result: unknown) => ({ outcome: "done", result });

/** Every thread that was started in a test. */
const started: Worker[] = [];
process.on("worker", (thread) => started.push(thread));
beforeEach(() => {
  started.length = 0;
});
/** A thread that is gone has no id any more. */
const alive = () => started.filter(({ threadId }) => threadId !== -1);

describe("a pool of threads", () => {
  it("gives outcomes in the order of the tasks, whatever thread was faster", async () => {
    const tasks = Array.from({ length: 40 }, (_, number) => `task ${number}`);
    const seen: string[] = [];
    const outcomes = await run(tasks, { onResult: (task) => seen.push(task) });
    expect(outcomes).toEqual(tasks.map((task) => done(`${task} done`)));
    expect(seen.toSorted()).toEqual(tasks.toSorted());
  });

  it("ends a task that takes too long, even in a loop or a regular expression, and goes on", async () => {
    const outcomes = await run(["a", "hang", "b", "explode", "c"], { limitMs: 1_000 });
    const tooLong = { outcome: "too-long", limitMs: 1_000 };
    expect(outcomes).toEqual([done("a done"), tooLong, done("b done"), tooLong, done("c done")]);
  });

  it("says why a task broke its handler or its thread, and goes on", async () => {
    const tasks = ["throw", "exit", "say nothing that can be handed over", "throw later", "a"];
    const outcomes = await run(tasks, { threads: 1 });
    expect(outcomes).toEqual([
      { outcome: "broken", message: "no such rule" },
      { outcome: "broken", message: "its thread ended by itself with exit code 7" },
      { outcome: "broken", message: expect.stringContaining("could not be cloned") },
      { outcome: "broken", message: "nobody catches this" },
      done("a done"),
    ]);
  });

  it("asks for a task only when a thread is free, so that a generator sees the results so far", async () => {
    const results: unknown[] = [];
    function* tasks() {
      for (const task of ["a", "b", "c"]) yield `${task} after ${results.length}`;
    }
    await run(tasks(), { threads: 1, onResult: (_, outcome) => results.push(outcome) });
    expect(results).toEqual(["a after 0 done", "b after 1 done", "c after 2 done"].map(done));
  });

  it("starts no thread without a task, and none that a task does not need", async () => {
    const nowhere = new URL("./there-is-no-such-worker.mjs", import.meta.url);
    await expect(run([], { worker: nowhere })).resolves.toEqual([]);
    expect(started).toHaveLength(0);
    await run(["a"], { threads: 8 });
    expect(started).toHaveLength(1);
  });

  it("hands data to every thread", async () => {
    await expect(run(["tell its data"], { workerData: { config: "x" } })).resolves.toEqual([done({ config: "x" })]);
  });

  it("fails when a thread cannot be started at all", async () => {
    await expect(run(["a", "b"], { workerData: "dies at its start" })).rejects.toThrow("there is no monitoring.yaml");
  });

  it("leaves no thread behind, not even when it is given up in the middle", async () => {
    const onResult = () => {
      throw new Error("seen enough");
    };
    await expect(run(["a", "hang", "b"], { onResult })).rejects.toThrow("seen enough");
    await run(["a", "b"]);
    expect(started).toHaveLength(4);
    expect(alive()).toEqual([]);
  });

  it("does not keep a process that is interrupted", async () => {
    const program = `
      import { runInPool } from "./src/parallel/pool.ts";
      const worker = new URL("./test/parallel/odd-worker.mjs", "file://${process.cwd()}/");
      await runInPool({ worker, tasks: ["a", "hang", "hang"], threads: 2, onResult: () => console.log("begun") });`;
    const child = spawn(process.execPath, ["--import", "tsx", "--eval", program]);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
  });
});
