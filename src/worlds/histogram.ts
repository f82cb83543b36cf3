import { latencyAt, meanSeconds, shareWithin } from "./latency.ts";
import { type ExposedValue, exposedValue } from "./process.ts";
import type { Random } from "./random.ts";

/** The finite edges of a family of histograms, and what they have in common. */
export interface Buckets {
  edges: readonly number[];
  /** Value of the label `le`. */
  texts: readonly string[];
  /** Share of a distribution with this 95th percentile at or below each edge. */
  shares: (p95: number) => readonly number[];
}

/** @param isPushed over OTLP, instead of scraped */
export function bucketsWith(edges: readonly number[], isPushed: boolean): Buckets {
  const known = new Map<number, readonly number[]>();
  return {
    edges,
    texts: edges.map(isPushed ? String : scrapedEdge),
    shares(p95) {
      const shares = known.get(p95) ?? edges.map((edge) => shareWithin(edge, p95));
      known.set(p95, shares);
      return shares;
    },
  };
}

/** `1.0`, `0.5`: how Prometheus 3 stores the edge of a scraped bucket, whatever the service wrote. OTLP gives `1`. */
export const scrapedEdge = (edge: number): string => (Number.isInteger(edge) ? `${edge}.0` : `${edge}`);

/** A classic histogram: cumulative buckets that end in `+Inf`, the count and the sum of all observations. */
export class Histogram {
  private count = 0;
  private sum = 0;
  /** At or below each finite edge. Expected, not counted, so that rounding never adds up. */
  private readonly within: Float64Array;
  private readonly values: ExposedValue[];

  constructor(
    name: string,
    private readonly buckets: Buckets,
    labels: Readonly<Record<string, string>>,
  ) {
    this.within = new Float64Array(buckets.edges.length);
    this.values = [
      ...[...buckets.texts, "+Inf"].map((le) => exposedValue(`${name}_bucket`, { ...labels, le })),
      exposedValue(`${name}_count`, labels),
      exposedValue(`${name}_sum`, labels),
    ];
  }

  /** Gives every bucket its share of the distribution. */
  apportion(observations: number, p95: number): void {
    this.count += observations;
    this.sum += observations * meanSeconds(p95);
    const shares = this.buckets.shares(p95);
    for (let index = 0; index < shares.length; index += 1) {
      this.within[index] = (this.within[index] ?? 0) + observations * (shares[index] ?? 0);
    }
  }

  /** Draws every single observation. */
  draw(observations: number, p95: number, random: Random): void {
    const { edges } = this.buckets;
    this.count += observations;
    for (let n = 0; n < observations; n += 1) {
      const taken = latencyAt(random.normal(), p95);
      this.sum += taken;
      for (let index = edges.length - 1; index >= 0 && taken <= (edges[index] ?? 0); index -= 1) {
        this.within[index] = (this.within[index] ?? 0) + 1;
      }
    }
  }

  restart(): void {
    this.count = 0;
    this.sum = 0;
    this.within.fill(0);
  }

  /** Whether it has not observed anything yet. */
  get isEmpty(): boolean {
    return Math.round(this.count) === 0;
  }

  exposed(): ExposedValue[] {
    const { within, values, count, sum } = this;
    const whole = Math.round(count);
    for (let index = 0; index < values.length; index += 1) {
      const exposed = values[index];
      // After the finite edges come `+Inf`, the count and the sum.
      const other = index === values.length - 1 ? sum : whole;
      if (exposed) exposed.value = index < within.length ? Math.round(within[index] ?? 0) : other;
    }
    return values;
  }
}
