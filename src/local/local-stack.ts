import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Artifact } from "../model/artifact.ts";
import { writeArtifacts } from "../render/generated.ts";
import { lokiRuler, prometheusRuler, rulesNotLoaded } from "./loaded-rules.ts";
import { type LocalProcess, planFile, plannedProcesses, type ReloadMetrics } from "./local-plan.ts";
import {
  isFree,
  lastLines,
  logFile,
  type ProcessRecord,
  remember,
  runningIn,
  startDetached,
  stopIn,
  whoListens,
} from "./local-process.ts";
import { findTool } from "./real-servers.ts";

/** What must be there first is missing: the command ends with exit code 3. */
export class MissingTools extends Error {}

/** What became of one process. */
export interface LocalResult {
  process: LocalProcess;
  pid: number;
  did: "started" | "reloaded" | "restarted" | "unchanged";
}

interface Step {
  process: LocalProcess;
  folder: string;
  command: string;
  configuration: string;
  running: ProcessRecord | undefined;
  did: LocalResult["did"];
}

/**
 * Makes the local stack run with these files (`localStackFiles`): starts what does not run, tells what runs to read
 * its changed files, ends what is no longer part of it, leaves the rest alone. Returns once all are ready and
 * Prometheus and Loki evaluate exactly the given rules. On an error, what this call started is ended again.
 *
 * @param folder where files, data, logs and pids are kept, one folder below it per process
 * @throws MissingTools when a program is not there; Error when a port is taken, a process ends or is not ready in
 *   time, or does not accept its files. Nothing was changed in the first two cases.
 */
export async function bringUp(folder: string, files: readonly Artifact[]): Promise<LocalResult[]> {
  const processes = plannedProcesses(files);
  const steps = planSteps(folder, processes, files);
  await refuseTakenPorts(steps);
  const former = (await formerProcesses(folder)).filter(({ tool }) => !processes.some((now) => now.tool === tool));
  for (const process of former) await stopIn(join(folder, process.folder));
  await writeArtifacts(folder, files);
  const started: Step[] = [];
  try {
    for (const step of steps) {
      if (step.did === "started" || step.did === "restarted") started.push(step);
      await act(step);
    }
    await Promise.all(steps.map(becomesReady));
    await verifyRules(processes, files);
  } catch (error) {
    for (const step of started) await stopIn(step.folder);
    throw error;
  }
  return steps.map(({ process, folder, did }) => ({ process, did, pid: runningIn(folder)?.pid ?? -1 }));
}

/** Ends every process of the local stack that still runs, and says which pid each had. Data and logs stay. */
export async function takeDown(folder: string): Promise<{ process: LocalProcess; pid: number | undefined }[]> {
  const processes = await formerProcesses(folder);
  return Promise.all(processes.map(async (process) => ({ process, pid: await stopIn(join(folder, process.folder)) })));
}

/** What the folder's stack consisted of when it was last brought up. */
async function formerProcesses(folder: string): Promise<LocalProcess[]> {
  const text = await readFile(join(folder, planFile), "utf8").catch(() => undefined);
  return text === undefined ? [] : plannedProcesses([{ path: planFile, text }]);
}

function planSteps(folder: string, processes: readonly LocalProcess[], artifacts: readonly Artifact[]): Step[] {
  const missing: string[] = [];
  const steps = processes.map((process): Step => {
    const own = join(folder, process.folder);
    const found = findTool(process.tool);
    if (!found) missing.push(process.title);
    const command = found?.path ?? process.tool;
    const running = runningIn(own);
    const configuration = hashOf(artifacts.filter(({ path }) => path.startsWith(`${process.folder}/`)));
    const step = { process, folder: own, command, configuration, running };
    return { ...step, did: whatToDo(step) };
  });
  if (missing.length > 0) {
    const verb = missing.length === 1 ? "is" : "are";
    throw new MissingTools(`${missing.join(", ")} ${verb} not installed. → npm run tools`);
  }
  return steps;
}

function whatToDo({ process, command, configuration, running }: Omit<Step, "did">): LocalResult["did"] {
  if (!running) return "started";
  const commandLine = [command, ...process.args].join("\n");
  if ([running.command, ...running.args].join("\n") !== commandLine) return "restarted";
  if (running.configuration === configuration) return "unchanged";
  return process.reload ? "reloaded" : "restarted";
}

function hashOf(artifacts: readonly Artifact[]): string {
  const hash = createHash("sha256");
  for (const { path, text } of artifacts) hash.update(`${path}\0${text}\0`);
  return hash.digest("hex");
}

async function refuseTakenPorts(steps: readonly Step[]): Promise<void> {
  const ours = new Set(steps.flatMap(({ running }) => running?.ports ?? []));
  const taken: string[] = [];
  for (const { process, did } of steps) {
    if (did === "unchanged" || did === "reloaded") continue;
    for (const port of Object.values(process.ports)) {
      if (ours.has(port) || (await isFree(port))) continue;
      taken.push(
        `${port}, which ${process.title} needs, by ${whoListens(port) ?? "a program this system does not name"}`,
      );
    }
  }
  if (taken.length === 0) return;
  const list = taken.map((port) => `  port ${port}`).join("\n");
  throw new Error(
    `nothing was started: on 127.0.0.1 these are taken:\n${list}\n→ end that program, or move all ports of the local stack, e.g. by 1000: FIREDRILL_PORT_OFFSET=1000`,
  );
}

async function act({ process, folder, command, configuration, running, did }: Step): Promise<void> {
  if (did === "restarted") await stopIn(folder);
  if (did === "started" || did === "restarted") {
    await mkdir(folder, { recursive: true });
    await startDetached(folder, { command, args: process.args, ports: Object.values(process.ports), configuration });
  }
  if (did === "reloaded" && running && process.reload) {
    const before = await reloadState(process, process.reload);
    globalThis.process.kill(running.pid, "SIGHUP");
    await acceptsFiles(process, process.reload, folder, before);
    remember(folder, { ...running, configuration });
  }
}

const readyTimeoutMs = 90_000;
const reloadTimeoutMs = 30_000;
const pollMs = 200;

async function becomesReady({ process, folder }: Step): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (!(await answers(process.readyUrl))) {
    const ended = runningIn(folder) === undefined;
    if (!ended && Date.now() < deadline) {
      await wait(pollMs);
      continue;
    }
    const what = ended ? "ended by itself" : `was not ready after ${readyTimeoutMs / 1000} s`;
    throw new Error(`${process.title} ${what}. The last it printed (${logFile(folder)}):\n${lastLines(folder)}`);
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Waits until the process says that it read its files again, or that it could not. */
async function acceptsFiles(process: LocalProcess, names: ReloadMetrics, folder: string, before: ReloadState) {
  const sent = Date.now();
  while (Date.now() < sent + reloadTimeoutMs) {
    const now = await reloadState(process, names);
    if (now.atSeconds > before.atSeconds) return;
    // Where the last attempt failed too, this tells nothing until the signal must have arrived.
    if (!now.succeeded && (before.succeeded || Date.now() > sent + 5_000)) break;
    await wait(pollMs);
  }
  throw new Error(
    `${process.title} goes on with its old configuration; it did not accept the new one. The last it printed (${logFile(folder)}):\n${lastLines(folder)}`,
  );
}

interface ReloadState {
  /** When it last read its files with success, in seconds since 1970. */
  atSeconds: number;
  succeeded: boolean;
}

async function reloadState({ readyUrl }: LocalProcess, names: ReloadMetrics): Promise<ReloadState> {
  const response = await fetch(new URL("/metrics", readyUrl), { signal: AbortSignal.timeout(5_000) });
  const text = await response.text();
  const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1] ?? 0);
  return { atSeconds: value(names.time), succeeded: value(names.success) === 1 };
}

const rulers = { prometheus: prometheusRuler, loki: lokiRuler };

/** A ruler may need a moment to swap its rule groups after it said that it read the files. */
async function verifyRules(processes: readonly LocalProcess[], artifacts: readonly Artifact[]): Promise<void> {
  for (const { tool, title, folder, readyUrl } of processes) {
    const files = artifacts.filter(({ path }) => path.startsWith(`${folder}/rules/`));
    if (tool !== "prometheus" && tool !== "loki") continue;
    if (tool === "loki" && files.length === 0) continue; // it has no ruler then
    const ruler = rulers[tool](new URL(readyUrl).host);
    const deadline = Date.now() + reloadTimeoutMs;
    for (;;) {
      const differences = await rulesNotLoaded(ruler, files);
      if (differences.length === 0) break;
      if (Date.now() >= deadline) {
        throw new Error(`${title} does not evaluate the rules that it was given:\n  ${differences.join("\n  ")}`);
      }
      await wait(pollMs);
    }
  }
}
