import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { managedTemplates } from "../../src/render/managed-templates.ts";
import fc from "../helpers/fast-check.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";

type Labels = Record<string, string>;
type TestAlert = { status: string; labels: Labels; annotations: Labels };

const data = (alerts: TestAlert[], groupLabels: Labels = {}, status = "firing") => ({
  receiver: 'web "mail"',
  status,
  alerts: alerts.map((alert) => ({ ...alert, startsAt: "2026-03-01T12:00:00Z", endsAt: "2026-03-01T12:30:00Z" })),
  groupLabels: { alertname: "HttpLatencyHigh", service: "orders-api", environment: "production", ...groupLabels },
});

const alert = (labels: Labels = {}, annotations: Labels = {}, status = "firing"): TestAlert => ({
  status,
  labels: { alertname: "HttpLatencyHigh", severity: "warning", ...labels },
  annotations: { summary: "/orders is slow", runbook_url: "https://example.com/runbook", ...annotations },
});

/** Renders definitions as the real Alertmanager does. */
function renderer(context: TestContext) {
  const amtool = realTool("amtool", context);
  const folder = writeArtifacts([{ path: "firedrill.tmpl", text: managedTemplates }]);
  return (name: string, content: ReturnType<typeof data>): string => {
    writeFileSync(join(folder, "data.json"), JSON.stringify(content));
    const glob = `--template.glob=${join(folder, "firedrill.tmpl")}`;
    const text = `--template.text={{ template "firedrill.${name}" . }}`;
    const args = ["template", "render", glob, text, `--template.data=${join(folder, "data.json")}`];
    return execFileSync(amtool, args, { encoding: "utf8", maxBuffer: 10_000_000 }).replace(/\n$/, "");
  };
}

/** Values that Prometheus can have in a label: any Unicode text. */
const value = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc
    .array(fc.constantFrom(...'"\\\n\t{}<$%é😀\u0001\u2028x', "{{ .Status }}"), { maxLength: 20 })
    .map((all) => all.join("")),
);

describe("messages for SNS, from the real Alertmanager", { timeout: 60_000 }, () => {
  it("have a subject that SNS takes, whatever the labels", (context) => {
    const render = renderer(context);
    fc.assert(
      fc.property(value, value, (service, alertname) => {
        expect(render("subject", data([alert()], { service, alertname }))).toMatch(/^\[WARNING\] [ -~]{0,90}$/);
      }),
      { numRuns: 40 },
    );
  });

  it("have a JSON body that is JSON and holds what the labels hold", (context) => {
    const render = renderer(context);
    fc.assert(
      fc.property(value, value, (route, summary) => {
        const { alerts, ...group } = JSON.parse(render("json", data([alert({ route }, { summary })])));
        expect(group).toMatchObject({ status: "firing", receiver: 'web "mail"', alertCount: 1 });
        // Control characters become spaces: SNS passes JSON on to programs that log it.
        const kept = (text: string) => [...text].map((one) => (one < " " ? " " : one)).join("");
        expect(alerts).toMatchObject([{ labels: { route: kept(route) }, annotations: { summary: kept(summary) } }]);
      }),
      { numRuns: 40 },
    );
  });

  it("have a text in which no label can begin a line of its own", (context) => {
    const render = renderer(context);
    const lines = render("text", data([alert()])).split("\n").length;
    fc.assert(
      fc.property(value, (summary) => {
        expect(
          render("text", data([alert({}, { summary: `x${summary}` })])).split(/[\n\r\u0085\u2028\u2029]/),
        ).toHaveLength(lines);
      }),
      { numRuns: 40 },
    );
  });

  it("say the worst that fires, and when all is over", (context) => {
    const render = renderer(context);
    const both = [alert(), alert({ severity: "critical" })];
    expect(render("subject", data(both))).toBe("[CRITICAL] HttpLatencyHigh: orders-api in production");
    expect(render("severity", data(both))).toBe("critical");
    expect(render("subject", data([alert({}, {}, "resolved")], {}, "resolved"))).toMatch(/^\[RESOLVED\]/);
  });

  it("say which of many it is about, and what is known of why", (context) => {
    const render = renderer(context);
    const labels = { service: "hosts", environment: "lab", team: "ops", pack: "host", mountpoint: "/data" };
    const text = render("text", data([alert(labels, { cause: "Bottleneck: database" })]));
    expect(text).toContain("\nWhere: hosts in lab, mountpoint /data\n");
    expect(text).toContain("\nBottleneck: database\n");
  });

  it("lead to the runbook, and stay far below the 256 KB of SNS with a thousand alerts", (context) => {
    const render = renderer(context);
    const long = "😀".repeat(5_000);
    const many = Array.from({ length: 1_000 }, () => alert({ route: long }, { summary: long, description: long }));
    for (const name of ["text", "json"]) {
      const body = render(name, data(many));
      expect(body).toContain("https://example.com/runbook");
      expect(Buffer.byteLength(body)).toBeLessThan(256_000);
    }
    expect(JSON.parse(render("json", data(many)))).toMatchObject({ alertCount: 1_000, alerts: { length: 20 } });
  });
});
