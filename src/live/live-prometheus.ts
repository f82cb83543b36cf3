import { promqlString } from "../model/promql.ts";

/** One series of an instant query's answer. */
export interface QueriedValue {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/**
 * Asks a Prometheus for an instant vector.
 *
 * @param address e.g. `http://127.0.0.1:9090`
 * @param atMs when, ms since the epoch; by default now
 * @throws Error when it does not answer or refuses the query
 */
export async function queryPrometheus(address: string, query: string, atMs?: number): Promise<QueriedValue[]> {
  const answer = await fetch(`${address}/api/v1/query`, {
    method: "POST",
    body: new URLSearchParams({ query, ...(atMs !== undefined && { time: `${atMs / 1000}` }) }),
    signal: AbortSignal.timeout(10_000),
  });
  const body = (await answer.json()) as {
    error?: string;
    data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  if (!body.data) throw new Error(`Prometheus refused the query ${query}: ${body.error ?? answer.status}`);
  return body.data.result.map(({ metric, value: [, text] }) => ({ labels: metric, value: Number(text) }));
}

/** `{a="1", b="2"}`, escaped. */
export const selector = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .map(([label, value]) => `${label}=${promqlString(value)}`)
    .join(", ")}}`;

/** Finite edges of a histogram's buckets in a page of metrics (text format 0.0.4), ascending. */
export function bucketEdges(page: string, histogram: string): number[] {
  const edges = new Set<number>();
  for (const line of page.split("\n")) {
    if (!line.startsWith(`${histogram}_bucket{`)) continue;
    const edge = Number(/[{,]le="([^"]+)"/.exec(line)?.[1]);
    if (Number.isFinite(edge)) edges.add(edge);
  }
  return [...edges].sort((a, b) => a - b);
}
