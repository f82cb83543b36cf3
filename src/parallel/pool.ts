import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { formatDuration, seconds } from "../model/quantity.ts";
import type { Reply } from "./serve.ts";

/** How a task came out. `broken`: its handler threw, or the thread died of it. */
export type TaskOutcome<Result> =
  | { outcome: "done"; result: Result }
  | { outcome: "too-long"; limitMs: number }
  | { outcome: "broken"; message: string };

/** What is said of a task that took too long, and what to do. */
export function tooLong(limitMs: number): { what: string; fix: string } {
  const [limit, more] = [limitMs, 5 * limitMs].map((ms) => formatDuration(seconds(ms / 1000)));
  return {
    what: `it took longer than ${limit} and was ended`,
    fix: `if this computer is only slow or busy, allow more: --limit ${more}`,
  };
}

export function tooLongText(limitMs: number): string {
  const { what, fix } = tooLong(limitMs);
  return `${what}; ${fix}`;
}

export interface PoolOptions<Task, Result> {
  /** What `bundledWorker` gives, or a `.mjs` that registers tsx and imports what calls `serveTasks`. */
  worker: URL;
  /** What every thread gets at its start. */
  workerData?: unknown;
  /** The next one is asked for when a thread is free, so that a generator can look at the results so far. */
  tasks: Iterable<Task>;
  /** How long a thread may work on one task. @default - as long as it wants */
  limitMs?: number;
  /** At most so many threads. @default - as many as there are cores */
  threads?: number;
  /** Told of each task as it comes out. */
  onResult?(task: Task, outcome: TaskOutcome<Result>): void;
}

/**
 * Runs tasks on threads and gives their outcomes in the order of the tasks. A thread that works longer than `limitMs`
 * on a task, or that dies, is ended and replaced; the other tasks go on. No thread is left when this settles.
 *
 * @throws when a thread cannot be started, or `tasks` or `onResult` throws
 */
export async function runInPool<Task, Result>(options: PoolOptions<Task, Result>): Promise<TaskOutcome<Result>[]> {
  const { worker, workerData, tasks, limitMs, threads = availableParallelism(), onResult } = options;
  const queue = tasks[Symbol.iterator]();
  const outcomes: TaskOutcome<Result>[] = [];
  const running = new Set<PoolThread>();
  let taken = 0;
  let isOver = false;

  /** Starts a thread once there is a task for it, and keeps it for the next ones while it is sound. */
  async function work(): Promise<void> {
    let thread: PoolThread | undefined;
    while (!isOver) {
      const next = queue.next();
      if (next.done) break;
      const number = taken++;
      if (!thread?.isSound) {
        thread = new PoolThread(new Worker(worker, { workerData }));
        running.add(thread);
      }
      const outcome = await thread.run<Result>(next.value, limitMs);
      if (isOver) break;
      outcomes[number] = outcome;
      onResult?.(next.value, outcome);
      if (thread.isSound) continue;
      running.delete(thread);
      await thread.end();
    }
    await thread?.end();
  }

  try {
    await Promise.all(Array.from({ length: threads }, work));
  } finally {
    isOver = true;
    await Promise.all([...running].map((thread) => thread.end()));
  }
  return outcomes;
}

/** The longest that `setTimeout` can wait. */
const longestTimerMs = 2 ** 31 - 1;

/** One thread, which has at most one task at a time. */
class PoolThread {
  /** Whether it can take another task. */
  isSound = true;
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #onReply: (reply: Reply) => void = () => {};

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#ready = new Promise((resolve, reject) => {
      worker.once("message", () => {
        worker.on("message", (reply: Reply) => this.#onReply(reply));
        resolve();
      });
      const died = (error: Error) => {
        this.isSound = false;
        this.#onReply({ error: error.message });
        reject(error);
      };
      worker.on("error", died);
      worker.on("exit", (code) => died(new Error(`its thread ended by itself with exit code ${code}`)));
    });
  }

  async run<Result>(task: unknown, limitMs = Infinity): Promise<TaskOutcome<Result>> {
    await this.#ready;
    return new Promise((resolve) => {
      this.#worker.postMessage(task);
      const settle = (outcome: TaskOutcome<Result>) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const timer = setTimeout(
        () => {
          this.isSound = false;
          settle({ outcome: "too-long", limitMs });
        },
        Math.min(limitMs, longestTimerMs),
      );
      this.#onReply = ({ error, result }) =>
        settle(
          error === undefined ? { outcome: "done", result: result as Result } : { outcome: "broken", message: error },
        );
    });
  }

  /** Ends it even in the middle of a loop. Settles once it is gone. */
  async end(): Promise<void> {
    this.isSound = false;
    await this.#worker.terminate();
  }
}
