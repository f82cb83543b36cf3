import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type ReceivedCall, startWebhookReceiver, type WebhookReceiver } from "../../src/live/webhook-receiver.ts";

let receiver: WebhookReceiver | undefined;
afterEach(() => receiver?.stop());

describe("the webhook receiver", () => {
  it("keeps what is posted, under the path it came to", async () => {
    const seen: ReceivedCall[] = [];
    receiver = await startWebhookReceiver((call) => seen.push(call));
    const url = `http://127.0.0.1:${receiver.port}/slack/${encodeURIComponent("Team A/ünit")}`;
    const answer = await fetch(url, { method: "POST", body: '{"text":"é"}' });
    expect(answer.status).toBe(202);
    expect(receiver.calls).toMatchObject([{ path: "/slack/Team A/ünit", body: '{"text":"é"}' }]);
    expect(seen).toEqual(receiver.calls);
  });

  it("refuses what is not a notification, and goes on", async () => {
    receiver = await startWebhookReceiver();
    const url = `http://127.0.0.1:${receiver.port}/webhook/a`;
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`${url}%zz`, { method: "POST", body: "x" })).status).toBe(400);
    expect((await fetch(url, { method: "POST", body: "x".repeat(3_000_000) }).catch(() => undefined))?.status).not.toBe(
      202,
    );
    expect(receiver.calls).toEqual([]);
    expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(202);
  });

  it("listens on loopback only and frees its port", async () => {
    receiver = await startWebhookReceiver();
    const { port } = receiver;
    await receiver.stop();
    await expect(
      new Promise((resolve, reject) => connect(port, "127.0.0.1").on("connect", resolve).on("error", reject)),
    ).rejects.toThrow("ECONNREFUSED");
  });
});
