import type { LogStream } from "../worlds/log-lines.ts";
import { severityNumbers } from "../worlds/logged-lines.ts";

/** Loki refused a query; the message is its own. */
export class LogqlError extends Error {}

/** A series of Loki's answer. */
export interface LokiSeries {
  labels: Record<string, string>;
  timestampsMs: number[];
  values: number[];
}

/** Evaluated at startMs, startMs + stepMs, … up to endMs. */
export interface LokiRange {
  startMs: number;
  endMs: number;
  stepMs: number;
}

/** How lines are given to a Loki, as the collector does it, and how it is asked about them. */
export interface LokiClient {
  push(tenant: string, streams: readonly LogStream[]): Promise<void>;
  /** @throws LogqlError when it is no valid query for a number */
  query(tenant: string, logql: string, range: LokiRange): Promise<LokiSeries[]>;
  /**
   * Whether a query for lines finds one between the range's start and end.
   *
   * @throws LogqlError when it is no valid query for lines
   */
  hasLines(tenant: string, logql: string, range: LokiRange): Promise<boolean>;
}

/** @param address `http://127.0.0.1:3100` */
export const lokiClient = (address: string): LokiClient => ({
  push: (tenant, streams) => push(address, tenant, streams),
  query: (tenant, logql, range) => query(address, tenant, logql, range),
  hasLines: async (tenant, logql, range) => {
    const { resultType, result } = await ask(address, tenant, logql, range, 1);
    if (resultType !== "streams") throw new LogqlError("it gives numbers, not lines");
    return result.length > 0;
  },
});

/** Lines and characters in one request, so that none is larger than Loki takes. */
const linesPerRequest = 10_000;
const charactersPerRequest = 10_000_000;

/** A stream in parts, each fit for one request. */
function partsOf({ resource, records }: LogStream): LogStream[] {
  const parts: LogStream[] = [];
  let characters = 0;
  for (const record of records) {
    const last = parts.at(-1);
    const isFull = !last || last.records.length >= linesPerRequest || characters >= charactersPerRequest;
    if (isFull) parts.push({ resource, records: [record] });
    else last.records.push(record);
    characters = (isFull ? 0 : characters) + record.body.length;
  }
  return parts;
}

async function push(address: string, tenant: string, streams: readonly LogStream[]): Promise<void> {
  for (const stream of streams) {
    for (const part of partsOf(stream)) {
      const response = await fetch(`${address}/otlp/v1/logs`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-scope-orgid": tenant },
        body: JSON.stringify(otlpRequest(part)),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`Loki did not take the lines of a drill: ${firstLine(answer)}`);
    }
  }
}

/** Loki names each line that it refuses; its answers begin with what is not text. */
const firstLine = (answer: string): string => (answer.split("\n")[0] ?? "").replace(/[^ -~]/g, "");

/** OTLP over HTTP in JSON (opentelemetry-proto, ExportLogsServiceRequest). */
const otlpRequest = ({ resource, records }: LogStream) => ({
  resourceLogs: [
    {
      resource: { attributes: otlpAttributes(resource) },
      scopeLogs: [
        {
          logRecords: records.map(({ ms, body, level, attributes = {} }) => ({
            timeUnixNano: `${ms}000000`,
            ...(level && { severityNumber: severityNumbers[level], severityText: level.toUpperCase() }),
            body: { stringValue: body },
            attributes: otlpAttributes(attributes),
          })),
        },
      ],
    },
  ],
});

const otlpAttributes = (attributes: Record<string, string>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }));

interface LokiAnswer {
  data: {
    resultType: string;
    result: { metric: Record<string, string>; values: [seconds: number, value: string][] }[];
  };
}

/** Nothing that a query could be blamed for: too many requests, nobody to answer them, too late. */
const isItsOwnFault = (status: number, text: string): boolean =>
  [429, 502, 503, 504].includes(status) || /rpc error: code = |context (canceled|deadline exceeded)/.test(text);

/** @param limit how many lines are wanted at most. @default - what Loki gives by itself */
async function ask(
  address: string,
  tenant: string,
  logql: string,
  { startMs, endMs, stepMs }: LokiRange,
  limit?: number,
): Promise<LokiAnswer["data"]> {
  const response = await fetch(`${address}/loki/api/v1/query_range`, {
    method: "POST",
    headers: { "x-scope-orgid": tenant },
    body: new URLSearchParams({
      query: logql,
      start: `${startMs / 1000}`,
      end: `${endMs / 1000}`,
      step: `${stepMs / 1000}`,
      ...(limit !== undefined && { limit: `${limit}` }),
    }),
  });
  const text = await response.text();
  if (isItsOwnFault(response.status, text)) throw new Error(`Loki gave no answer (${response.status}): ${text.trim()}`);
  if (!response.ok) throw new LogqlError(text.trim());
  return (JSON.parse(text) as LokiAnswer).data;
}

async function query(address: string, tenant: string, logql: string, range: LokiRange): Promise<LokiSeries[]> {
  const { resultType, result } = await ask(address, tenant, logql, range);
  if (resultType !== "matrix") throw new LogqlError("it gives lines, not numbers that could be compared");
  return result.map(
    ({ metric, values }): LokiSeries => ({
      labels: metric,
      timestampsMs: values.map(([seconds]) => Math.round(seconds * 1000)),
      values: values.map(([, value]) => Number(value.replace("Inf", "Infinity"))),
    }),
  );
}
