import type { Trouble } from "../boundaries/trouble.ts";
import { isLogSignal } from "../model/pack.ts";
import { measurableTolerance } from "../worlds/measurable.ts";
import type { Detection, Measurement } from "./measurement.ts";

/** A difference of the declared threshold that is small enough not to be looked for. */
const precision = 0.0025;

/** Into how many parts each round of the search cuts what is left, by values that are tried at once. */
const parts = 8;
/** Lines cost what their number costs: with as few values as possible there are fewest. */
const partsOnLogs = 2;

/** More than any search takes: halving the whole range takes about a dozen. */
const mostRounds = 16;

/** The search for the value at which one level begins to fire: ever finer steps between one that is quiet and one that fires. */
export class Search {
  private quietAt: number;
  private firesAt: number | undefined;
  private tried: number[] = [];
  private round = 0;
  private hasTriedMost = false;

  constructor(readonly trouble: Trouble) {
    this.quietAt = trouble.usual;
    // That there are no samples is true or not: there is nothing between, and nothing steady about it.
    if (trouble.isAbsence) this.firesAt = trouble.most;
  }

  get isOver(): boolean {
    if (this.trouble.isAbsence) return true;
    if (this.hasTriedMost && this.firesAt === undefined) return true;
    const { level, step = 0 } = this.trouble;
    const width = Math.abs((this.firesAt ?? Infinity) - this.quietAt);
    return width <= Math.max(step * 1.001, precision * level.threshold) || this.round > mostRounds;
  }

  /**
   * What to try next: first values around the threshold and the most there is (of lines only where nothing else fired),
   * then evenly in between.
   */
  values(): number[] {
    const { usual, most, level, step } = this.trouble;
    const onLogs = isLogSignal(level.promise.alert.signal);
    const near = (onLogs ? [0.9, 0.98, 1.02, 1.1] : [0.5, 0.9, 0.98, 1.02, 1.1, 2]).map((one) => one * level.threshold);
    const all = this.round === 0 ? near : this.between(onLogs ? partsOnLogs : parts);
    if (this.firesAt === undefined && (this.round > 0 || !onLogs)) {
      all.push(most);
      this.hasTriedMost = true;
    }
    const snapped = step ? all.map((value) => Math.round(value / step) * step) : all;
    const inside = (value: number) => (value - usual) * (value - most) <= 0 && value !== usual;
    this.tried = [...new Set(snapped.filter(inside))].sort((a, b) => Math.abs(a - usual) - Math.abs(b - usual));
    return this.tried;
  }

  private between(count: number): number[] {
    const { quietAt, firesAt } = this;
    if (firesAt === undefined) return [];
    return Array.from({ length: count - 1 }, (_, index) => quietAt + ((index + 1) / count) * (firesAt - quietAt));
  }

  /** Whether each of the values that were tried fired. */
  learn(fired: readonly boolean[]): void {
    const first = fired.indexOf(true);
    this.round += 1;
    const quiet = first === -1 ? this.tried : this.tried.slice(0, first);
    this.quietAt = quiet.at(-1) ?? this.quietAt;
    this.firesAt = this.tried[first] ?? this.firesAt;
  }

  measurement(detections: Detection[]): Measurement {
    const { level, around, step = 0, blur = 0, isAbsence } = this.trouble;
    const { promise, severity, threshold } = level;
    const { alert, service } = promise;
    // Of nothing there is no share: above zero, the first value there is must do, be it a step or the first line.
    const first = Math.max(step, around?.above ?? 0);
    const isFirst = threshold === 0 && this.firesAt !== undefined && this.firesAt <= first;
    return {
      service: service.name,
      alert: alert.name,
      severity,
      unit: alert.signal.unit,
      direction: alert.direction,
      declared: threshold,
      holdSeconds: promise.for.value,
      quietAt: this.quietAt,
      ...(this.firesAt !== undefined && { firesAt: this.firesAt }),
      tolerance: threshold === 0 ? 0 : Math.max(measurableTolerance, step / threshold, blur / threshold),
      ...(this.firesAt !== undefined && !isAbsence && !isFirst && { deviation: this.firesAt / threshold - 1 }),
      detections,
    };
  }
}
