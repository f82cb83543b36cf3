import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import type { EvaluateRequest, EvaluateResult, SampleSeries } from "../../src/engine/evaluation.ts";

const minuteMs = 60_000;
let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

/** One sample a minute from the epoch on; `null` is a missed scrape. */
function series(labels: Record<string, string>, values: (number | null)[], staleMinutes: number[] = []): SampleSeries {
  const kept = values.flatMap((value, i) => (value === null ? [] : [[i * minuteMs, value] as const]));
  return {
    labels,
    timestampsMs: Float64Array.from(kept, ([t]) => t),
    values: Float64Array.from(kept, ([, value]) => value),
    staleAtMs: Float64Array.from(staleMinutes, (minute) => minute * minuteMs),
  };
}

/** Evaluates rules (the YAML of one group's list) each minute for `minutes`. */
function evaluate(rules: string, input: SampleSeries[], minutes: number, more: Partial<EvaluateRequest> = {}) {
  const yaml = `groups:\n- name: g\n  rules:\n${rules.replace(/^(?=.)/gm, "  ")}`;
  return engine.evaluate({
    ruleFiles: [{ name: "rules.yml", yaml }],
    series: input,
    startMs: 0,
    endMs: minutes * minuteMs,
    evaluationIntervalMs: minuteMs,
    ...more,
  });
}

/** "pending 1-3, firing 3-": the phases of the first alert, in minutes. */
function phases(result: EvaluateResult): string | undefined {
  return result.alerts[0]?.phases
    .map(({ state, fromMs, toMs }) => `${state} ${fromMs / minuteMs}-${toMs === undefined ? "" : toMs / minuteMs}`)
    .join(", ");
}

function query(expr: string, minutes: number): Pick<EvaluateRequest, "queries"> {
  return { queries: [{ id: "q", expr, startMs: 0, endMs: minutes * minuteMs, stepMs: minuteMs }] };
}

function answer(result: EvaluateResult) {
  return result.queries[0]?.series.map(({ labels, timestampsMs, values }) => ({
    labels,
    points: Object.fromEntries(timestampsMs.map((t, i) => [t / minuteMs, values[i]])),
  }));
}

const up = { __name__: "up", job: "api" };
const down = "- alert: Down\n  expr: up == 0\n";
const modes = ["range", "stepwise"] as const;

describe.each(modes)("an alert (%s)", (mode) => {
  it("is pending while its condition holds shorter than `for`, then fires, then resolves", () => {
    const result = evaluate(`${down}  for: 2m`, [series(up, [1, 0, 0, 0, 0, 1, 1])], 6, { mode });
    expect(phases(result)).toBe("pending 1-3, firing 3-5");
    expect(result.modeUsed).toBe(mode);
  });

  it("fires at once without `for`, and is still firing at the end when nothing ended it", () => {
    expect(phases(evaluate(down, [series(up, [1, 0, 0])], 2, { mode }))).toBe("firing 1-");
  });

  it("starts anew when its condition breaks before `for` is over", () => {
    const result = evaluate(`${down}  for: 2m`, [series(up, [0, 0, 1, 0, 0, 0])], 5, { mode });
    expect(phases(result)).toBe("pending 0-2, pending 3-5, firing 5-");
  });

  it("keeps firing for `keep_firing_for`, counted from the last time it held", () => {
    const result = evaluate(`${down}  keep_firing_for: 2m`, [series(up, [0, 1, 0, 1, 1, 1, 1])], 6, { mode });
    expect(phases(result)).toBe("firing 0-5");
  });

  it("carries its labels, and annotations of when it began firing and of when it last held", () => {
    const rules = `- alert: Busy
  expr: load > 5
  for: 1m
  labels: {severity: page, of: "{{ $labels.host }}"}
  annotations: {summary: "{{ $labels.host }} at {{ $value }} in {{ $externalLabels.site }}, {{ $externalURL }}"}
`;
    const input = [series({ __name__: "load", host: "a" }, [1, 6, 7, 8, 1])];
    const [alert] = evaluate(rules, input, 4, { mode, externalLabels: { site: "x" }, externalUrl: "http://p" }).alerts;
    expect(alert).toMatchObject({
      alert: "Busy",
      group: "g",
      file: "rules.yml",
      labels: { alertname: "Busy", host: "a", of: "a", severity: "page" },
      annotations: { summary: "a at 7 in x, http://p" },
      lastAnnotations: { summary: "a at 8 in x, http://p" },
      value: 7,
      lastValue: 8,
    });
  });

  it("is another alert for each value that a label is made of", () => {
    const rules = '- alert: Level\n  expr: load > 0\n  labels: {level: "{{ $value }}"}';
    const result = evaluate(rules, [series({ __name__: "load" }, [1, 1, 2])], 2, { mode });
    expect(result.alerts.map(({ labels }) => labels.level)).toEqual(["1", "2"]);
    expect(phases(result)).toBe("firing 0-2");
  });

  it("asks the store in its annotations, as of the tick", () => {
    const rules = `${down}  annotations: {summary: '{{ with query "sum(load)" }}{{ . | first | value }}{{ end }}'}`;
    const result = evaluate(rules, [series(up, [1, 0, 0]), series({ __name__: "load" }, [1, 2, 3])], 2, { mode });
    expect(result.alerts[0]).toMatchObject({ annotations: { summary: "2" }, lastAnnotations: { summary: "3" } });
  });

  it("gives a template's error as its text, as Prometheus does", () => {
    const [alert] = evaluate(`${down}  annotations: {a: "{{ first nil }}"}`, [series(up, [0])], 0, { mode }).alerts;
    expect(alert?.annotations.a).toMatch(/^<error expanding template: /);
  });

  it("writes ALERTS and ALERTS_FOR_STATE, and ends them with stale markers", () => {
    const result = evaluate(`${down}  for: 1m`, [series(up, [1, 0, 0, 1, 1])], 4, {
      mode,
      ...query('{__name__=~"ALERTS.*"}', 4),
    });
    const labels = { alertname: "Down", job: "api" };
    expect(answer(result)).toEqual([
      { labels: { __name__: "ALERTS", alertstate: "firing", ...labels }, points: { 2: 1 } },
      { labels: { __name__: "ALERTS", alertstate: "pending", ...labels }, points: { 1: 1 } },
      { labels: { __name__: "ALERTS_FOR_STATE", ...labels }, points: { 1: 60, 2: 60 } },
    ]);
  });
});

describe.each(modes)("a recording rule (%s)", (mode) => {
  it("feeds the rules after it", () => {
    const rules = "- {record: load:sum, expr: sum(load), labels: {team: a}}\n- {alert: High, expr: 'load:sum > 3'}";
    const input = [series({ __name__: "load", i: "1" }, [1, 2, 1]), series({ __name__: "load", i: "2" }, [1, 2, 3])];
    const result = evaluate(rules, input, 2, { mode });
    expect(phases(result)).toBe("firing 1-");
    expect(result.alerts[0]?.labels).toEqual({ alertname: "High", team: "a" });
  });

  it("ends a series that its expression no longer gives", () => {
    const result = evaluate("- {record: r, expr: load > 1}", [series({ __name__: "load" }, [2, 1, 1, 2])], 3, {
      mode,
      ...query("r", 3),
    });
    expect(answer(result)).toEqual([{ labels: { __name__: "r" }, points: { 0: 2, 3: 2 } }]);
  });
});

describe("input", () => {
  it("ends where a stale marker stands, and otherwise lasts five minutes", () => {
    const marked = evaluate("", [series(up, [1], [1])], 8, { ruleFiles: [], ...query("up", 8) });
    expect(Object.keys(answer(marked)?.[0]?.points ?? {})).toEqual(["0"]);
    const unmarked = evaluate("", [series(up, [1])], 8, { ruleFiles: [], ...query("up", 8) });
    expect(Object.keys(answer(unmarked)?.[0]?.points ?? {})).toEqual(["0", "1", "2", "3", "4"]);
  });

  it("may hold NaN and infinities, which are not stale markers", () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const result = evaluate("- {alert: A, expr: up > 0 or up < 0}", [series(up, odd)], 2, query("up", 2));
    expect(result.queries[0]?.series[0]?.values).toEqual(odd);
    expect(result.alerts[0]).toMatchObject({ value: Number.POSITIVE_INFINITY, lastValue: Number.NEGATIVE_INFINITY });
  });

  it("is refused with the series and the reason", () => {
    const two = { labels: up, timestampsMs: Float64Array.of(2, 1), values: Float64Array.of(1, 1) };
    expect(() => evaluate(down, [two], 1)).toThrow('{__name__="up", job="api"}: timestamps must ascend');
    expect(() => evaluate(down, [series(up, [1]), series(up, [1])], 1)).toThrow("is given twice");
    expect(() => evaluate(down, [{ ...two, values: Float64Array.of(1) }], 1)).toThrow("2 timestamps, 1 values");
    expect(() => evaluate(down, [{ ...two, timestampsMs: Float64Array.of(0.5, 1) }], 1)).toThrow("0.5 is not a whole");
    expect(() => evaluate(down, [], -1)).toThrow("endMs -60000 lies before startMs 0");
  });
});

describe("groups", () => {
  const group = (head: string) => ({
    ruleFiles: [{ name: "r", yaml: `groups: [{name: g, ${head}, rules: [{record: r, expr: load}]}]` }],
  });
  const load = series({ __name__: "load" }, [0, 1, 2, 3, 4]);

  it("tick at their own interval", () => {
    const result = evaluate("", [load], 4, { ...group("interval: 2m"), ...query("timestamp(r)", 4) });
    expect(answer(result)?.[0]?.points).toEqual({ 0: 0, 1: 0, 2: 120, 3: 120, 4: 240 });
  });

  it("look into the past by their query_offset", () => {
    const result = evaluate("", [load], 4, { ...group("query_offset: 1m"), ...query("r", 4) });
    expect(answer(result)?.[0]?.points).toEqual({ 0: 0, 1: 1, 2: 2, 3: 3, 4: 3 });
  });

  it("fail a rule that gives more series than their limit", () => {
    const { errors } = evaluate("", [load, series({ __name__: "load", i: "2" }, [1])], 4, group("limit: 1"));
    expect(errors).toEqual([
      {
        file: "r",
        group: "g",
        rule: "r",
        line: 1,
        message: "exceeded limit of 1 with 2 series",
        firstAtMs: 0,
        ticks: 5,
      },
    ]);
  });
});

describe("the mode", () => {
  it("is stepwise where a rule reads what a later one records, and the reason names both", () => {
    const rules = "- {alert: High, expr: r > 1}\n- {record: r, expr: load}";
    const result = evaluate(rules, [series({ __name__: "load" }, [1, 2, 3])], 2);
    expect(phases(result)).toBe("firing 2-");
    expect(result).toMatchObject({ modeUsed: "stepwise", modeReason: expect.stringMatching(/"High".*"r"/) });
    expect(() => evaluate(rules, [], 2, { mode: "range" })).toThrow("would give wrong results");
  });

  it("stays range where labels tell that a later rule records something else", () => {
    const rules = "- {record: x, expr: 'r{q=\"1\"}'}\n- {record: r, expr: load, labels: {q: '2'}}";
    expect(evaluate(rules, [], 2).modeUsed).toBe("range");
  });

  it("turns to single instants for one rule where a whole range fails though no instant does", () => {
    const input = [series({ __name__: "a" }, [1, null, null], [1]), series({ __name__: "b" }, [null, 2, 2])];
    const rule = "- record: r\n  expr: max_over_time({__name__=~'a|b'}[1m])";
    const result = evaluate(rule, input, 2, query("r", 2));
    expect(result).toMatchObject({ modeUsed: "range", errors: [], stats: { instantRules: 1 } });
    expect(answer(result)?.[0]?.points).toEqual({ 0: 1, 1: 2, 2: 2 });
  });

  it("sees nothing that lies after the tick, whatever an expression asks for", () => {
    const input = [series({ __name__: "load" }, [1, 2, 3])];
    for (const mode of modes) {
      const result = evaluate("- {record: r, expr: load offset -1m}", input, 2, { mode, ...query("r", 2) });
      expect(answer(result)?.[0]?.points).toEqual({ 0: 1, 1: 2, 2: 3 });
    }
  });
});

describe("errors", () => {
  it("name file, group, rule, first tick and number of ticks, and the other rules go on", () => {
    const rules = "- {record: bad, expr: a * on() b}\n- {alert: Down, expr: up == 0}";
    const twice = ["1", "2"].flatMap((i) => [
      series({ __name__: "a", i }, [null, 1]),
      series({ __name__: "b", i }, [null, 1]),
    ]);
    const result = evaluate(rules, [...twice, series(up, [0])], 2);
    expect(result.errors).toMatchObject([
      { file: "rules.yml", group: "g", rule: "bad", line: 4, firstAtMs: minuteMs, ticks: 2 },
    ]);
    expect(result.errors[0]?.message).toContain("many-to-many matching not allowed");
    expect(phases(result)).toBe("firing 0-");
  });

  it("say that a rule takes too many samples", () => {
    const { errors } = evaluate("- {record: r, expr: 'sum_over_time(up[5m])'}", [series(up, [1, 1, 1, 1])], 3, {
      maxSamples: 3,
    });
    expect(errors[0]?.message).toContain("query processing would load too many samples");
  });

  it("leave out a file with a fault, with line and column, and evaluate the others", () => {
    const bad = {
      name: "bad.yml",
      yaml: "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: |\n      sum(up\n        by (job)\n",
    };
    const good = { name: "good.yml", yaml: "groups: [{name: g, rules: [{alert: B, expr: up}]}]" };
    const result = evaluate("", [series(up, [1])], 0, { ruleFiles: [bad, good] });
    expect(result.alerts.map(({ file }) => file)).toEqual(["good.yml"]);
    expect(result.errors).toEqual([
      {
        file: "bad.yml",
        group: "g",
        rule: "A",
        line: 7,
        column: 9,
        message: expect.stringMatching(/could not parse expression: unexpected <by>/),
      },
    ]);
  });
});
