import type { TimeoutStatus } from "../model/instrumentation.ts";
import { type Duration, formatQuantity, type Quantity } from "../model/quantity.ts";

/** What a route does at a moment. */
export interface RouteState {
  /** Requests per second over all instances. */
  requestsPerSecond: number;
  /** Share of requests that end in a 500, from 0 to 1. */
  errorRatio: number;
  /** Share of the others that end in a timeout, and the status that says so. */
  timeouts: { ratio: number; status: TimeoutStatus };
  /** True 95th percentile of its latency. */
  p95Seconds: number;
}

/** A change to what one route or every route does; what it does not name stays as it was. */
export class RouteChange {
  private constructor(
    /** Undefined: every route. */
    readonly route: string | undefined,
    readonly traffic?: Quantity<"requests/second">,
    readonly errors?: Quantity<"ratio">,
    readonly p95?: Duration,
    readonly timeouts?: { ratio: Quantity<"ratio">; status: TimeoutStatus },
  ) {}

  static of(route?: string): RouteChange {
    return new RouteChange(route);
  }

  /** True 95th percentile of the latency, whatever the service's histogram can show of it. */
  withLatency({ p95 }: { p95: Duration }): RouteChange {
    return new RouteChange(this.route, this.traffic, this.errors, p95, this.timeouts);
  }

  /** Share of requests that end in a 500. */
  withErrors(errors: Quantity<"ratio">): RouteChange {
    return new RouteChange(this.route, this.traffic, errors, this.p95, this.timeouts);
  }

  /** Share of the other requests that end in a timeout. @param status @default 504, which is a server error as well */
  withTimeouts(ratio: Quantity<"ratio">, status: TimeoutStatus = 504): RouteChange {
    return new RouteChange(this.route, this.traffic, this.errors, this.p95, { ratio, status });
  }

  /** Requests per second over all instances; for every route: over all routes, spread evenly. */
  withTraffic(traffic: Quantity<"requests/second">): RouteChange {
    return new RouteChange(this.route, traffic, this.errors, this.p95, this.timeouts);
  }

  /** `/orders with a true p95 of 2.4 s, 3 % errors`. */
  toString(): string {
    const parts = [
      this.p95 && `a true p95 of ${readableQuantity(this.p95)}`,
      this.errors && `${readableQuantity(this.errors)} errors`,
      this.timeouts && `${readableQuantity(this.timeouts.ratio)} timeouts (${this.timeouts.status})`,
      this.traffic && `${readableQuantity(this.traffic)} requests`,
    ];
    return `${this.route ?? "every route"} with ${parts.filter(Boolean).join(", ") || "no change"}`;
  }
}

const fourDigits = (value: number): number => Number(value.toPrecision(4));

/** Four digits are enough for a world, and can be read; of what is nearly all, of what it lacks: 99.898 %, not 99.9 %. */
export const readable = (value: number): number =>
  value > 0.99 && value < 1 ? Number((1 - fourDigits(1 - value)).toPrecision(12)) : fourDigits(value);

export const readableQuantity = ({ unit, value }: Quantity): string => formatQuantity({ unit, value: readable(value) });

/** One route, as the service's instrumentation names it. */
export const route = (name: string): RouteChange => RouteChange.of(name);
export const everyRoute = (): RouteChange => RouteChange.of();
