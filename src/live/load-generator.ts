import { Agent, request } from "node:http";

/** A steady stream of GET requests to one path of a server on this computer. */
export interface LoadProps {
  /** On 127.0.0.1; nothing else is ever asked. */
  port: number;
  path: string;
  requestsPerSecond: number;
  /** Headers of the n-th request, counted from 0. @default - none */
  headers?: (n: number) => Readonly<Record<string, string>>;
  /** The load ends by itself after this time, whatever happens to whoever started it. */
  maximumSeconds: number;
  /** Requests that may wait for their answer at once; what comes on top is not sent, but counted. @default 200 */
  maximumInFlight?: number;
}

export interface LoadCounts {
  sent: number;
  /** Answers by HTTP status. */
  answers: Record<number, number>;
  /** Requests that got no answer. */
  broken: number;
  /** Requests that were due, but would have been too many at once. */
  heldBack: number;
}

export interface Load {
  /** When the first request was sent, in milliseconds since 1970. */
  startedAt: number;
  counts: LoadCounts;
  /** Sends nothing more and drops the requests that still wait for an answer. */
  stop(): void;
}

/** Sends requests at a constant rate, whether or not earlier ones were answered: as users do, who do not wait in line. */
export function startLoad({
  port,
  path,
  requestsPerSecond,
  headers = () => ({}),
  maximumSeconds,
  maximumInFlight = 200,
}: LoadProps): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: maximumInFlight });
  const counts: LoadCounts = { sent: 0, answers: {}, broken: 0, heldBack: 0 };
  const startedAt = Date.now();
  const maximumRequests = Math.ceil(requestsPerSecond * maximumSeconds);
  let inFlight = 0;
  let stopped = false;

  const send = () => {
    if (inFlight >= maximumInFlight) {
      counts.heldBack += 1;
      return;
    }
    inFlight += 1;
    const options = { host: "127.0.0.1", port, path, agent, headers: headers(counts.sent) };
    counts.sent += 1;
    request(options, (response) => {
      const status = response.statusCode ?? 0;
      counts.answers[status] = (counts.answers[status] ?? 0) + 1;
      response.resume();
    })
      .on("error", () => {
        if (!stopped) counts.broken += 1;
      })
      .on("close", () => {
        inFlight -= 1;
      })
      .end();
  };

  const tick = () => {
    const elapsedSeconds = (Date.now() - startedAt) / 1000;
    // What is due is computed from the start, so that a busy computer delays requests, but loses none.
    const due = Math.min(maximumRequests, Math.floor(elapsedSeconds * requestsPerSecond) + 1);
    for (let late = due - counts.sent - counts.heldBack; late > 0; late -= 1) send();
    if (elapsedSeconds >= maximumSeconds) stop();
  };
  const timer = setInterval(tick, Math.max(5, 500 / requestsPerSecond));
  const stop = () => {
    if (stopped) return;
    stopped = true;
    clearInterval(timer);
    agent.destroy();
  };
  tick();
  return { startedAt, counts, stop };
}

/** True for `share` of all numbers from 0 on, spread evenly: the same requests fail in every run. */
export const isOneOf = (share: number, n: number): boolean => Math.floor((n + 1) * share) > Math.floor(n * share);
