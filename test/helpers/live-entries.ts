import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LiveMessage } from "../../src/live/live-message.ts";
import { type LivePlan, planLiveDrill, standInService } from "../../src/live/live-plan.ts";
import { type Detection, liveEntries } from "../../src/live/live-verdict.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { ReportEntry } from "../../src/review/report.ts";

export function livePlanOf(platform: Platform): LivePlan {
  const service = standInService(platform);
  if (!service) throw new Error("the platform has no service whose part the example can play");
  return planLiveDrill(platform, service);
}

/** What the service, Prometheus and the receivers say. */
export interface Seen {
  detections?: readonly Detection[];
  /** Labels of alerts that fired. */
  fired?: Record<string, string>[];
  messages?: Pick<LiveMessage, "receiver" | "text">[];
  isHealthyRouteMeasured?: boolean;
  bucketsSeconds?: readonly number[];
}

/** The verdict of the live drill when all that it asks says this. */
export async function liveEntriesOf(plan: LivePlan, seen: Seen): Promise<ReportEntry[]> {
  const { detections = [], fired = [], messages = [], isHealthyRouteMeasured = true } = seen;
  const { bucketsSeconds = plan.service.latencyBucketsSeconds } = seen;
  const server = createServer(async (request, response) => {
    if (request.url === "/metrics") {
      response.end(bucketsSeconds.map((edge) => `${plan.service.http.histogram}_bucket{le="${edge}"} 1\n`).join(""));
      return;
    }
    let query = "";
    for await (const chunk of request) query += new URLSearchParams(String(chunk)).get("query") ?? "";
    const labels = query.startsWith("last_over_time(ALERTS") ? fired : isHealthyRouteMeasured ? [{}] : [];
    response.end(JSON.stringify({ data: { result: labels.map((metric) => ({ metric, value: [0, "1"] })) } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stage = {
    servicePort: port,
    prometheus: `http://127.0.0.1:${port}`,
    messages: messages.map(
      (message) => ({ ...message, receivedAt: 0, kind: "slack", status: "firing", severity: "" }) as const,
    ),
    stop: async () => {},
  };
  try {
    return await liveEntries({ plan, detections, stage, startedAt: Date.now() });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
