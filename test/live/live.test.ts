import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findTool, type ToolName } from "../../src/local/real-servers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const config = join(root, "examples/fastapi-service/monitoring.yaml");
const temporary = mkdtempSync(join(tmpdir(), "firedrill-live-test-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));

interface LiveChild {
  child: ChildProcess;
  /** Both streams so far. */
  output: () => string;
  /** Exit code; `128 + n` when a signal ended it. */
  ended: Promise<number | null>;
  /** Settles when the output has the text, or the process has ended. */
  says: (text: string) => Promise<void>;
  /** Where it puts its temporary files. */
  folder: string;
}

/** `firedrill live` in a process of its own, as from a terminal. */
function live(
  name: string,
  speed: number,
  { env = {}, checkout = root }: { env?: NodeJS.ProcessEnv; checkout?: string } = {},
): LiveChild {
  const folder = join(temporary, name);
  mkdirSync(folder);
  const module = pathToFileURL(join(checkout, "scripts/live.ts")).href;
  const report = ["json", "xml", "md"].map((form) => join(folder, `report.${form}`));
  const code = `
    import { run } from ${JSON.stringify(module)};
    process.exitCode = await run(${JSON.stringify({ config, report, speed })});`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code], {
    cwd: checkout,
    env: { ...process.env, LATENCY_BUCKETS_SECONDS: undefined, NO_COLOR: "1", TMPDIR: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const says = async (text: string) => {
    const end = ended.then(() => true);
    while (!output.includes(text)) {
      if (await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 50))])) return;
    }
  };
  return { child, output: () => output, ended, says, folder };
}

const reportOf = ({ folder }: LiveChild, form = "json") => readFileSync(join(folder, `report.${form}`), "utf8");
const entriesOf = (run: LiveChild): { name: string; outcome: string; message: string; details?: string }[] =>
  JSON.parse(reportOf(run)).entries;

/** What the run says it started. */
const pidsIn = (output: string): number[] => [...output.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
const portsIn = (output: string): number[] => [
  ...new Set([...output.matchAll(/127\.0\.0\.1:(\d+)(?=, |$)/gm)].map(([, port]) => Number(port))),
];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const settle = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
  });

/**
 * Nothing that the run started is alive, no port of it is taken, no file of it is left.
 *
 * @param others runs that go on beside it: a port that it has given back may be theirs by now
 */
async function expectNothingLeft(
  { output, folder }: LiveChild,
  processes: number,
  others: readonly LiveChild[],
): Promise<void> {
  const pids = pidsIn(output());
  expect(pids).toHaveLength(processes);
  expect(pids.filter(isAlive)).toEqual([]);
  // Also one that was started, but not yet told of: all but the service have the run's folder among their arguments.
  expect(spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout).not.toContain(folder);
  const started = output().slice(output().indexOf("the receivers listen"));
  const ports = portsIn(started);
  expect(ports.length).toBeGreaterThanOrEqual(processes);
  const taken = new Set(others.filter((run) => run.output !== output).flatMap((run) => portsIn(run.output())));
  for (const port of ports.filter((one) => !taken.has(one))) expect(await answers(port), `port ${port}`).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith("firedrill-live-"))).toEqual([]);
}

const needed: ToolName[] = ["prometheus", "alertmanager", "example-python"];
const missing = needed.filter((name) => !findTool(name));

describe("firedrill live, on the real thing", () => {
  let well: LiveChild;
  let deaf: LiveChild;
  let interrupted: LiveChild;
  let terminated: LiveChild;

  // All at once, and once: they mostly wait.
  beforeAll(() => {
    if (missing.length > 0) return;
    well = live("well", 30);
    deaf = live("deaf", 60, { env: { LATENCY_BUCKETS_SECONDS: "0.1,0.5,1" } });
    interrupted = live("interrupted", 30);
    terminated = live("terminated", 30);
  });
  afterAll(() => {
    for (const run of [well, deaf, interrupted, terminated]) run?.child.kill("SIGTERM");
  });
  beforeEach(({ skip }) => {
    if (missing.length > 0) skip(`not run: ${missing.join(", ")} absent (npm run tools)`);
  });

  it("ends every process on Ctrl-C, in the middle of the faults", { timeout: 120_000 }, async () => {
    await interrupted.says("from now on");
    interrupted.child.kill("SIGINT");
    expect(await interrupted.ended, interrupted.output()).toBe(130);
    await expectNothingLeft(interrupted, 3, [well, deaf, interrupted, terminated]);
  });

  it("ends every process on SIGTERM, while it still starts", { timeout: 120_000 }, async () => {
    await terminated.says("Alertmanager is ready");
    terminated.child.kill("SIGTERM");
    expect(await terminated.ended, terminated.output()).toBe(143);
    await expectNothingLeft(terminated, pidsIn(terminated.output()).length, [well, deaf, interrupted, terminated]);
  });

  it("passes: both messages reach every receiver of the owning team, and all else is quiet", {
    timeout: 180_000,
  }, async () => {
    expect(await well.ended, well.output()).toBe(0);
    expect(entriesOf(well).map(({ name, outcome }) => `${outcome} ${name}`)).toEqual([
      "passed orders-api has the latency buckets that are declared for it",
      "passed HttpLatencyHigh critical on /orders reaches orders-hook",
      "passed HttpLatencyHigh critical on /orders reaches orders-mail",
      "passed HttpErrorRatioHigh critical on /orders/{order_id} reaches orders-hook",
      "passed HttpErrorRatioHigh critical on /orders/{order_id} reaches orders-mail",
      "passed /products, which is well, stays quiet, and so does all else",
    ]);
    expect(well.output()).toMatch(/orders-hook \(webhook\) got: \/orders of orders-api is slow: p95 is [\d.]+s/);
    expect(well.output()).toMatch(/HttpErrorRatioHigh +critical .* \d+(\.\d)? s +about /);
    await expectNothingLeft(well, 3, [well, deaf, interrupted, terminated]);
  });

  it("prints the factor and what it did to every duration", { timeout: 180_000 }, async () => {
    await well.ended;
    expect(well.output()).toContain("--speed 30");
    expect(well.output()).toMatch(/for +5m +→ +10s/);
    expect(well.output()).toMatch(/scrape_interval +15s +→ +500ms/);
    expect(well.output()).not.toContain("\u001b");
  });

  it("writes its reports", { timeout: 180_000 }, async () => {
    await well.ended;
    expect(JSON.parse(reportOf(well)).counts).toMatchObject({ passed: 6, failed: 0 });
    expect(reportOf(well, "xml")).toContain('tests="6" failures="0"');
    expect(reportOf(well, "md")).toContain("## firedrill live: all well\n");
  });

  it("fails when the service's buckets end at 1 s, and says that this is why", { timeout: 180_000 }, async () => {
    expect(await deaf.ended, deaf.output()).toBe(1);
    const failed = entriesOf(deaf).filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ name }) => name)).toEqual([
      "orders-api has the latency buckets that are declared for it",
      "HttpLatencyHigh critical on /orders reaches orders-hook",
      "HttpLatencyHigh critical on /orders reaches orders-mail",
    ]);
    expect(failed[1]?.message).toContain("The value cannot pass 1 s");
    expect(failed[1]?.details).toContain("latency_lowr_buckets=(0.1, 0.5, 1, 1.5, 2");
    await expectNothingLeft(deaf, 3, [well, deaf, interrupted, terminated]);
  });
});

describe("firedrill live, before it starts anything", () => {
  it("says which programs are missing and how to get them, and ends with 3", { timeout: 60_000 }, async () => {
    // A checkout in which `npm run tools` has not run, on a computer that has none of them.
    const checkout = join(temporary, "checkout");
    for (const part of [
      "package.json",
      "tsconfig.json",
      "src",
      "scripts",
      "alert-rules",
      "dashboards",
      "runbooks",
      "tools",
    ]) {
      cpSync(join(root, part), join(checkout, part), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
    const run = live("bare", 30, { checkout, env: { PATH: temporary } });
    expect(await run.ended, run.output()).toBe(3);
    expect(run.output()).toContain(
      "Prometheus, Alertmanager, the Python environment of examples/fastapi-service are missing",
    );
    expect(run.output()).toContain("npm run tools");
    expect(entriesOf(run).map(({ outcome }) => outcome)).toEqual(["not-run"]);
  });

  it("refuses a speed at which scrapes would come too fast, and ends with 2", { timeout: 60_000 }, async () => {
    const run = live("fast", 1000);
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain("give a factor from 1 to 150");
  });
});
