import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What somebody sent us, as it came. */
export interface ReceivedCall {
  /** In milliseconds since 1970. */
  receivedAt: number;
  /** Path of the request, with `/`, decoded. */
  path: string;
  body: string;
}

export interface WebhookReceiver {
  port: number;
  /** Everything that arrived, in order. */
  calls: readonly ReceivedCall[];
  stop(): Promise<void>;
}

/** Alertmanager sends at most a few hundred kilobytes; more is nobody that we know. */
const maximumBytes = 2_000_000;

/**
 * Receives notifications on a free port of 127.0.0.1 and keeps them. Answers 202 as PagerDuty does and `ok` as
 * Slack does: each notifier takes its own for success, and the webhook's takes both.
 */
export async function startWebhookReceiver(onCall: (call: ReceivedCall) => void = () => {}): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    void receive(request, response).then((call) => {
      if (!call) return;
      calls.push(call);
      onCall(call);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<ReceivedCall | undefined> {
  const answer = (status: number, text: string) => void response.writeHead(status, { connection: "close" }).end(text);
  if (request.method !== "POST") {
    answer(405, "only POST\n");
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maximumBytes) {
        answer(413, `more than ${maximumBytes} bytes\n`);
        return;
      }
      chunks.push(chunk);
    }
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://127.0.0.1").pathname);
    const call = { receivedAt: Date.now(), path, body: Buffer.concat(chunks).toString("utf8") };
    answer(202, "ok");
    return call;
  } catch {
    // The sender went away, or its path is not to be decoded: neither is a message.
    if (!response.headersSent) answer(400, "cannot be read\n");
    return;
  }
}
