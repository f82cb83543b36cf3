import { expect, test } from "vitest";
import { parse } from "yaml";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { days, seconds } from "../../src/model/quantity.ts";
import { alertmanagerAddress } from "../../src/render/alertmanager.ts";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import { website } from "../helpers/website.ts";
import { samplePlatform } from "../sample-platform.ts";

const config = (change = {}) => parse(renderPrometheus(samplePlatform(change)).text);

test("a scraped service has one job with the labels that rules and routes read, per environment", () => {
  const [orders, gallery] = config().scrape_configs;
  expect(orders).toEqual({
    job_name: "orders-api",
    metrics_path: "/metrics",
    scheme: "http",
    static_configs: ["production", "staging"].map((environment) => ({
      targets: environment === "production" ? ["127.0.0.1:8001", "127.0.0.1:8002"] : ["127.0.0.1:8003"],
      labels: { environment, service: "orders-api", team: "orders", instrumentation: "fastapi-instrumentator" },
    })),
  });
  expect(gallery).toMatchObject({
    metrics_path: "/internal/metrics",
    scheme: "https",
    scrape_interval: "1m",
    basic_auth: { username: "prometheus", password_file: "secrets/gallery-metrics-password" },
  });
});

test("a prober is asked about each endpoint by itself, at the path and with the parameters of its kind", () => {
  const [job] = config({ services: [website] }).scrape_configs;
  expect(job).toMatchObject({ metrics_path: "/probe", params: { module: ["http_2xx"] } });
  expect(job.static_configs.map(({ labels }: { labels: Record<string, string> }) => labels.__param_target)).toEqual(
    website.endpoints,
  );
  const elsewhere = { ...website, scrape: { path: "/prober/probe", targets: { production: ["tools:80"] } } };
  expect(config({ services: [elsewhere] }).scrape_configs[0].metrics_path).toBe("/prober/probe");
});

test("an exporter that is asked in a way of its own is asked so, unless monitoring.yaml says otherwise", () => {
  const project: ServiceProps = {
    name: "project",
    owner: "web",
    packs: ["supabase"],
    scrape: { password: { secret: "project-key" }, targets: { production: ["abcdefghijklmnopqrst.supabase.co:443"] } },
    instrumentation: { kind: "supabase" },
  };
  const jobOf = (scrape: Partial<ServiceProps["scrape"]> = {}) =>
    config({ services: [{ ...project, scrape: { ...project.scrape, ...scrape } }] }).scrape_configs[0];
  expect(jobOf()).toMatchObject({
    metrics_path: "/customer/v1/privileged/metrics",
    scheme: "https",
    scrape_interval: "1m",
    basic_auth: { username: "service_role", password_file: "secrets/project-key" },
  });
  expect(jobOf({ path: "/metrics", scheme: "http", username: "proxy", interval: seconds(30) })).toMatchObject({
    metrics_path: "/metrics",
    scheme: "http",
    scrape_interval: "30s",
    basic_auth: { username: "proxy", password_file: "secrets/project-key" },
  });
});

test("a service that sends OTLP has no job", () => {
  expect(config().scrape_configs.map(({ job_name }: { job_name: string }) => job_name)).toEqual([
    "orders-api",
    "gallery",
  ]);
});

test("intervals, retention and Alertmanager come from the platform", () => {
  const changed = config({
    intervals: { scrape: seconds(5), evaluation: seconds(10) },
    retention: { metrics: days(30) },
  });
  expect(changed.global).toEqual({ scrape_interval: "5s", evaluation_interval: "10s" });
  expect(changed.storage.tsdb.retention.time).toBe("30d");
  expect(changed.alerting.alertmanagers[0].static_configs[0].targets).toEqual([alertmanagerAddress]);
});
