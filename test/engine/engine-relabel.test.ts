import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadEngine } from "../../src/engine/engine.ts";
import { freePort, startServer } from "../../src/local/real-servers.ts";
import fc from "../helpers/fast-check.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { doubtfulCase, type ScrapeCase, scrapeCase } from "./relabel-cases.ts";

const engine = await loadEngine();

const jobName = (index: number) => `job-${index}`;
const prometheusYml = (cases: readonly ScrapeCase[]) =>
  stringify({
    global: { scrape_interval: "2h" },
    scrape_configs: cases.map(({ job, address, labels }, index) => ({
      job_name: jobName(index),
      ...job,
      static_configs: [{ targets: [address], labels }],
    })),
  });
const ask = (one: ScrapeCase) =>
  engine.relabel({ name: "prometheus.yml", yaml: prometheusYml([one]) }, [
    { labels: { ...one.labels, __address__: one.address } },
  ]);

describe("relabelling", () => {
  it("gives every target what a real Prometheus gives it", { timeout: 120_000 }, async (context) => {
    const prometheus = realTool("prometheus", context);
    // A file with an invalid rule has no targets to compare.
    const valid = fc.sample(scrapeCase(), { seed: 8606, numRuns: 600 }).filter((one) => ask(one).errors.length === 0);
    expect(valid.length).toBeGreaterThan(300);
    const yaml = prometheusYml(valid);
    const own = engine.relabel(
      { name: "prometheus.yml", yaml },
      valid.map(({ address, labels }, index) => ({ job: jobName(index), labels: { ...labels, __address__: address } })),
    );
    expect(own.errors).toEqual([]);

    const folder = writeArtifacts([{ path: "prometheus.yml", text: yaml }]);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const server = await startServer({
      name: "Prometheus",
      command: prometheus,
      args: [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      cwd: folder,
      readyUrl: `${url}/-/ready`,
      readyTimeoutMs: 60_000,
    });
    try {
      const real = await realOutcomes(url, valid);
      expect(own.targets.map((one, index) => ({ job: jobName(index), ...outcomeOf(one) }))).toEqual(real);
      // The sample has all that can become of a target.
      expect(new Set(own.targets.map(({ outcome }) => outcome))).toEqual(new Set(["kept", "dropped", "refused"]));
    } finally {
      await server.stop();
    }
  });

  it("refuses the files that promtool refuses, and says where", { timeout: 120_000 }, (context) => {
    const promtool = realTool("promtool", context);
    const cases = fc.sample(doubtfulCase, { seed: 9343, numRuns: 200 });
    const files = cases.map((one, index) => ({ path: `${index}.yml`, text: prometheusYml([one]) }));
    const folder = writeArtifacts(files);
    const { stderr, stdout } = spawnSync(promtool, ["check", "config", ...files.map(({ path }) => path)], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    const fine = new Set([...stdout.matchAll(/^ SUCCESS: (\S+) is valid/gm)].map(([, file]) => file));
    expect(fine.size + (stderr.match(/FAILED/g) ?? []).length).toBe(files.length);
    for (const [index, one] of cases.entries()) {
      const { errors, targets } = ask(one);
      // promtool also refuses a file with a static target that cannot be taken.
      const accepted = errors.length === 0 && targets[0]?.outcome !== "refused";
      expect(accepted, `${files[index]?.text}\n${JSON.stringify(errors)}`).toBe(fine.has(`${index}.yml`));
      for (const { line = 0 } of errors) expect(line).toBeGreaterThan(0);
    }
    expect(fine.size).toBeGreaterThan(50);
    expect(files.length - fine.size).toBeGreaterThan(20);
  });

  it.each([
    ["regex: (", "error parsing regexp: missing closing ): `^(?s:()$`", 2],
    ["action: replce", 'unknown relabel action "replce"', 2],
    ["target_lable: a", 'a relabelling rule has no key "target_lable"', 2],
    ["action: hashmod", "relabel configuration for hashmod requires non-zero modulus", 1],
  ])("names the line of %s", (text, message, line) => {
    const { errors } = engine.relabel({ name: "rules.yml", yaml: `- source_labels: [a]\n  ${text}\n` }, []);
    expect(errors).toEqual([expect.objectContaining({ file: "rules.yml", line, message })]);
  });

  it("runs a bare list of rules on labels as they are", () => {
    const yaml = "- action: labelmap\n  regex: from_(.+)\n- action: labeldrop\n  regex: from_.+\n";
    const [target] = engine.relabel({ name: "rules.yml", yaml }, [{ labels: { from_a: "1", __b: "2" } }]).targets;
    expect(target).toMatchObject({ outcome: "kept", labels: { a: "1", __b: "2" } });
  });
});

type Outcome = { outcome: string; labels?: Record<string, string>; url?: string; before?: Record<string, string> };

const outcomeOf = (one: Outcome): Outcome => {
  if (one.outcome === "refused") return { outcome: "refused" };
  const { outcome, labels, url, before } = one;
  return outcome === "kept" ? { outcome, labels, url, before } : { outcome, before };
};

/** What /api/v1/targets shows of each job's one target; a target that Prometheus cannot take is not there at all. */
async function realOutcomes(url: string, cases: readonly ScrapeCase[]) {
  type Shown = { scrapePool: string; discoveredLabels: Record<string, string> };
  type Active = Shown & { labels: Record<string, string>; scrapeUrl: string };
  type Targets = { data: { activeTargets: Active[]; droppedTargets: Shown[] } };
  let seen = "";
  for (;;) {
    const { data } = (await (await fetch(`${url}/api/v1/targets`)).json()) as Targets;
    const pools = JSON.stringify(
      [data.activeTargets, data.droppedTargets].map((all) => all.map((one) => one.scrapePool)),
    );
    // Targets come in over five seconds after the start: settled is what is there and no longer grows.
    if (data.activeTargets.length > 0 && pools === seen) {
      const active = new Map(data.activeTargets.map((one) => [one.scrapePool, one]));
      const dropped = new Map(data.droppedTargets.map((one) => [one.scrapePool, one]));
      return cases.map((_, index): Outcome & { job: string } => {
        const job = jobName(index);
        const [kept, gone] = [active.get(job), dropped.get(job)];
        if (kept) {
          return { job, outcome: "kept", labels: kept.labels, url: kept.scrapeUrl, before: kept.discoveredLabels };
        }
        return gone ? { job, outcome: "dropped", before: gone.discoveredLabels } : { job, outcome: "refused" };
      });
    }
    seen = pools;
    await new Promise((resolve) => setTimeout(resolve, 6_000));
  }
}
