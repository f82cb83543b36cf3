import type { ServiceProps } from "../../src/model/platform-props.ts";

/** Two endpoints that two probers are asked about. */
export const website: ServiceProps = {
  name: "website",
  owner: "web",
  packs: ["probe"],
  scrape: { targets: { production: ["prober-eu:9115", "prober-us:9115"] } },
  instrumentation: { kind: "blackbox-exporter" },
  endpoints: ["https://www.example.com/", "https://shop.example.com/health?full=1"],
};
