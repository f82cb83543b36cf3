import { minutes, type PlatformProps, percent, seconds } from "./firedrill.ts";

/** What the parcel team wants to be told about, in code: there is no monitoring.yaml here. */
export const monitored: PlatformProps = {
  name: "parcel",
  links: {
    grafana: "https://grafana.parcel.example",
    runbooks: "https://github.com/parcel-example/infrastructure/blob/main/runbooks",
  },
  environments: [{ name: "live" }],
  teams: [
    {
      name: "parcel",
      receivers: [
        {
          name: "parcel-pager",
          severities: ["critical"],
          pagerduty: { routingKey: { secret: "parcel-pagerduty-routing-key" } },
        },
        { name: "parcel-mail", email: { to: "parcel@parcel.example" } },
      ],
    },
  ],
  email: { from: "alerts@parcel.example", smarthost: "smtp.parcel.example:587" },
  services: [
    {
      name: "tracking-api",
      owner: "parcel",
      packs: ["http"],
      otlp: { environments: ["live"] },
      instrumentation: { kind: "otel-http", latencyBucketsSeconds: [0.05, 0.1, 0.25, 0.5, 0.8, 1, 2.5, 5] },
      routes: ["/parcels/{id}", "/parcels"],
      thresholds: {
        // People look at a map that moves: half a second is slow here.
        HttpLatencyHigh: { warning: seconds(0.5), critical: seconds(0.8), for: minutes(3) },
        HttpErrorRatioHigh: { warning: percent(1), critical: percent(3) },
      },
    },
  ],
};
