import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { progressLine, TimeLeft } from "../../src/review/progress.ts";
import { startProgress } from "../../src/review/terminal.ts";
import fc from "../helpers/fast-check.ts";

const state = { text: "drilling every alert", elapsedSeconds: 12, amount: { done: 21, all: 63 }, secondsLeft: 23 };

describe("a progress line", () => {
  it("says what is done, how much of it, and for how long still", () => {
    expect(progressLine(state)).toBe("drilling every alert  21 of 63  about 25 s left");
    expect(progressLine(state, 80)).toBe("drilling every alert  ████████░░░░░░░░░░░░░░░░  21 of 63  about 25 s left");
    expect(progressLine({ text: "writing", elapsedSeconds: 3 }, 80)).toBe("writing … 3 s");
  });

  it.each([
    [2, "a few seconds left"],
    [59, "about 60 s left"],
    [61, "about 2 min left"],
  ])("does not pretend to know %d s to the second", (secondsLeft, shown) => {
    expect(progressLine({ ...state, secondsLeft })).toContain(shown);
  });

  it("is shorter than the terminal is wide, whatever that is", () => {
    for (let columns = 1; columns < 120; columns += 1) {
      expect(progressLine(state, columns).length).toBeLessThan(Math.max(columns, 2));
    }
  });
});

describe("the time left", () => {
  /** What is shown after each task, and what was true then. */
  function estimates(durationsMs: readonly number[]): { shown: number; truth: number }[] {
    const left = new TimeLeft();
    const totalMs = durationsMs.reduce((sum, ms) => sum + ms, 0);
    let nowMs = 0;
    return durationsMs.flatMap((ms, index) => {
      nowMs += ms;
      const shown = left.update(index + 1, durationsMs.length, nowMs);
      return shown === undefined ? [] : [{ shown, truth: (totalMs - nowMs) / 1000 }];
    });
  }
  const tasks = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: 10, maxLength: 200 });

  it("is never off by more than a factor of two while tasks differ by no more than a fifth from each other", () => {
    fc.assert(
      fc.property(tasks(800, 1_200), (durationsMs) => {
        for (const { shown, truth } of estimates(durationsMs)) {
          expect(shown).toBeLessThanOrEqual(2 * truth);
          expect(shown).toBeGreaterThanOrEqual(truth / 2);
        }
      }),
      { seed: 1 },
    );
  });

  it("seldom rises, however uneven the tasks are", () => {
    fc.assert(
      fc.property(tasks(300, 3_000), (durationsMs) => {
        const shown = estimates(durationsMs).map((one) => one.shown);
        expect(shown.filter((seconds, index) => seconds > (shown[index - 1] ?? Infinity)).length).toBeLessThan(10);
      }),
      { seed: 1 },
    );
  });

  it("counts down without a correction while the tasks are even", () => {
    const left = new TimeLeft();
    const shown = Array.from({ length: 100 }, (_, index) => left.update(index + 1, 100, 1000 * index)).slice(3);
    expect(shown).toEqual(Array.from({ length: 97 }, (_, index) => 96 - index));
  });

  it("is unknown at first and never negative, also when the work stalls", () => {
    const left = new TimeLeft();
    expect([left.update(0, 10, 0), left.update(1, 10, 5_000), left.update(2, 10, 6_000)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (let nowMs = 7_000; nowMs < 600_000; nowMs += 7_000) {
      expect(left.update(4, 10, nowMs)).toBeGreaterThan(0);
    }
    expect(left.update(10, 10, 600_000)).toBe(0);
  });
});

describe("progress on a stream", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  /** Everything that is written in 25 s of work of which a third is done after 12 s. */
  function watch(stream: { isTTY: boolean; columns?: number }, environment: Record<string, string>): string[] {
    for (const name of ["CI", "TERM"]) vi.stubEnv(name, environment[name]);
    const written: string[] = [];
    const progress = startProgress({ ...stream, write: (text: string) => written.push(text) } as never);
    for (let second = 1; second <= 25; second += 1) {
      vi.advanceTimersByTime(1_000);
      progress.step("drilling", second, 36);
    }
    progress.done();
    vi.advanceTimersByTime(60_000);
    return written;
  }

  it("rewrites one line on a terminal, says nothing before 2 s, and leaves nothing behind", () => {
    const written = watch({ isTTY: true, columns: 50 }, {});
    expect(written[0]).toMatch(/drilling {2}1 of 36/);
    expect(written.at(-1)).toBe("\r\u001b[2K");
    expect(written.every((text) => text.startsWith("\r\u001b[2K") && !text.includes("\n"))).toBe(true);
  });

  it("is a line every 10 s in CI", () => {
    const lines = watch({ isTTY: false }, { CI: "true" });
    expect(lines).toEqual(["drilling  9 of 36  about 30 s left\n", "drilling  19 of 36  about 20 s left\n"]);
  });

  it("is silent where nobody watches and where lines cannot be rewritten", () => {
    expect(watch({ isTTY: false }, {})).toEqual([]);
    expect(watch({ isTTY: true }, { TERM: "dumb" })).toEqual([]);
  });
});
