import { describe, expect, it } from "vitest";
import { localStackFiles, plannedProcesses } from "../../src/local/local-plan.ts";
import { renderAll } from "../../src/render/render.ts";
import fc from "../helpers/fast-check.ts";
import { samplePlatform } from "../sample-platform.ts";

const artifacts = renderAll(samplePlatform());
const offset = fc.integer({ min: 0, max: 52_000 });

describe("the local stack's files", () => {
  it("are the generated ones where no port is moved", () => {
    const own = localStackFiles(artifacts, 0).filter(({ path }) => artifacts.some((one) => one.path === path));
    expect(own.map(({ path }) => path.split("/")[0])).toEqual(
      expect.arrayContaining(["alertmanager", "collector", "loki", "prometheus"]),
    );
    for (const file of own) expect(artifacts).toContainEqual(file);
  });

  it("name the moved port of every other program and no usual one", () => {
    fc.assert(
      fc.property(offset, (by) => {
        const files = localStackFiles(artifacts, by);
        const text = (path: string) => files.find((file) => file.path === path)?.text;
        expect(text("prometheus/prometheus.yml")).toContain(`127.0.0.1:${9093 + by}\n`);
        expect(text("collector/collector.yml")).toContain(`http://127.0.0.1:${9090 + by}/api/v1/write`);
        expect(text("collector/collector.yml")).toContain(`http://127.0.0.1:${3100 + by}/otlp`);
      }),
    );
  });

  it("leave every other address alone", () => {
    const other = { path: "prometheus/x.yml", text: "127.0.0.1:8001 127.0.0.1:90909 1127.0.0.1:9090 10.127.0.0.1:90" };
    expect(localStackFiles([other], 7)).toContainEqual(other);
  });
});

describe("the local stack's programs", () => {
  it("listen on 127.0.0.1 only, each port once", () => {
    fc.assert(
      fc.property(offset, (by) => {
        const processes = plannedProcesses(localStackFiles(artifacts, by));
        const ports = processes.flatMap((process) => Object.values(process.ports));
        expect(new Set(ports).size).toBe(ports.length);
        expect(Math.max(...ports)).toBeLessThan(65_536);
        for (const { readyUrl, args } of processes) {
          expect(readyUrl).toMatch(/^http:\/\/127\.0\.0\.1:/);
          for (const arg of args.filter((one) => /listen-address=./.test(one))) expect(arg).toContain("=127.0.0.1:");
        }
      }),
    );
  });

  it("cannot be made to do more than they need", () => {
    const args = plannedProcesses(localStackFiles(artifacts, 0)).flatMap((process) => process.args);
    for (const flag of ["enable-lifecycle", "enable-admin-api"]) expect(args.join(" ")).not.toContain(flag);
  });
});
