import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { HttpLatencyHigh } from "../../alert-rules/http.ts";
import { aboutOf, drill, fires, quiet } from "../../src/drills/drill.ts";
import { healthy } from "../../src/worlds/world.ts";
import { shopOf } from "../helpers/shop.ts";

const world = healthy(shopOf({}).service);

it("knows the file and line in which it is written", () => {
  const written = new Error().stack?.split("\n")[1]?.match(/:(\d+):\d+\)?$/)?.[1];
  const { place } = drill("here", { world, expect: [] });
  expect(place).toEqual({ file: "test/drills/drill.test.ts", line: Number(written) + 1 });
});

it("knows them under tsx too, where types have been stripped", () => {
  const folder = mkdtempSync(join(tmpdir(), "drill-place-"));
  const file = join(folder, "own.mts");
  const source = join(import.meta.dirname, "../../src/drills/drill.ts");
  const lines = [
    `import { drill } from ${JSON.stringify(source)};`,
    "interface Erased { a: string; b: number }",
    "const one: Erased | undefined = undefined;",
    'const made = drill("a", {',
    "  world: one as never,",
    "  expect: [],",
    "});",
    "console.log(JSON.stringify(made.place));",
  ];
  try {
    writeFileSync(file, lines.join("\n"));
    const tsx = join(import.meta.dirname, "../../node_modules/tsx/dist/cli.mjs");
    const place = JSON.parse(execFileSync(process.execPath, [tsx, file], { encoding: "utf8" }));
    expect([place.file.endsWith("own.mts"), place.line]).toEqual([true, 4]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("reads like a sentence and is data", () => {
  const expected = fires(HttpLatencyHigh, "critical", { route: "/orders" })
    .between("12:05", "12:11")
    .reaching("orders-pager")
    .reaching("orders-chat")
    .resolvesBy("12:30");
  expect(expected).toMatchObject({
    kind: "fires",
    alert: "HttpLatencyHigh",
    severity: "critical",
    labels: { route: "/orders" },
    from: "12:05",
    to: "12:11",
    receivers: ["orders-pager", "orders-chat"],
    resolvedBy: "12:30",
  });
  expect(quiet("HttpNoTraffic").forLabels({ service: "orders-api" })).toMatchObject({
    kind: "quiet",
    alert: "HttpNoTraffic",
    labels: { service: "orders-api" },
  });
});

it("is about what it expects to fire and what it names the severity of, else about all that stays quiet", () => {
  const fire = fires(HttpLatencyHigh, "critical").between("12:05", "12:11");
  const calm = [quiet("HttpNoTraffic"), quiet("HttpTargetDown")];
  expect(aboutOf({ expect: [...calm, fire] })).toEqual([{ alert: "HttpLatencyHigh", severity: "critical" }]);
  expect(aboutOf({ expect: [quiet("HttpTargetDown", "warning"), ...calm] })).toEqual([
    { alert: "HttpTargetDown", severity: "warning" },
  ]);
  expect(aboutOf({ expect: calm })).toEqual([{ alert: "HttpNoTraffic" }, { alert: "HttpTargetDown" }]);
});
