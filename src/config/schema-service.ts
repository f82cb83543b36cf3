import { type Component, components } from "../model/component.ts";
import { criticalities } from "../model/conventions.ts";
import { type Exporter, type NestedPlaceKey, nestedPlaceKeys, type PlaceKey, placeKeys } from "../model/exporter.ts";
import { instrumentationIds } from "../model/instrumentation.ts";
import { type Alert, exportersOf, listedPacks, type Pack, recordedSignals } from "../model/pack.ts";
import { alertFeatures, features, thresholds } from "./schema-alerts.ts";
import { choice, list, mapping, quantity, type Schema, secret, text } from "./schema-parts.ts";
import { placeFormats, textFormats } from "./value-formats.ts";

const componentExamples: Readonly<Record<Component, string>> = {
  client: "shop-web",
  network: "shop-web",
  edge: "cdn",
  service: "orders-api",
  database: "orders-db",
  canister: "canisters",
};

/** Places of the exporters that have this key. */
function placeList(key: PlaceKey, exporters: readonly Exporter[]): Schema {
  const [of] = exporters.flatMap(({ places }) => (places?.key === key ? places : []));
  const { title = "place", default: usual = [] } = of ?? {};
  const format = placeFormats[key];
  const known = usual.length > 0 ? "as its exporter names them" : "which its exporter is asked about one by one";
  return list(`Its ${key}, ${known}; drills speak of them.`, text(format, `A ${title}.`), {
    ...(usual.length > 0 && { default: usual }),
    examples: [usual.length > 0 ? usual : [textFormats[format].example]],
    uniqueItems: true,
  });
}

/** The same, by the names of what these places lie within. */
function nestedPlaces(key: NestedPlaceKey, exporters: readonly Exporter[]): Schema {
  const [of] = exporters.flatMap(({ places }) => (places?.key === key ? places : []));
  const { title = "place", within } = of ?? {};
  return {
    title: key,
    description: `Its ${key} by name, each with its ${title}s in their order, as its metrics name them; drills speak of them.`,
    type: "object",
    minProperties: 1,
    additionalProperties: list(
      `The ${title}s of this ${within?.title}, in their order.`,
      text(placeFormats[key], `A ${title}.`, { examples: ["payment"] }),
      { uniqueItems: true, examples: [["cart", "address", "payment"]] },
    ),
    examples: [{ checkout: ["cart", "address", "payment"] }],
    "x-keys": within?.title ?? "place",
  };
}

export function service(packs: Readonly<Record<string, Pack>>, alerts: readonly Alert[]): Schema {
  const exporters = exportersOf(Object.values(packs));
  return mapping(
    "a service",
    "One thing that is monitored.",
    {
      name: text("name", "Unique name; the label `service` of everything about it."),
      "description?": text("description", "What it does, for whoever gets its alerts at night."),
      owner: text("name", "Team whose receivers get its alerts.", { examples: ["orders"] }),
      "criticality?": choice("a criticality", "How much the business depends on it.", criticalities, {
        default: "medium",
        examples: ["high"],
      }),
      packs: list(
        "What it is: each pack brings signals, alerts, drills, a dashboard and runbooks.",
        choice("a pack", "A pack.", listedPacks(packs)),
        {
          examples: [listedPacks(packs).slice(0, 1)],
          uniqueItems: true,
        },
      ),
      "anomalies?": list(
        "Signals of its packs that are watched for values unlike those of the last weeks: they give SignalAnomaly.",
        choice(
          "a signal",
          "A signal of metrics.",
          recordedSignals(packs).map(({ name }) => name),
        ),
        { examples: [["http_request_rate", "http_request_latency_p95"]], uniqueItems: true },
      ),
      "forecasts?": list(
        "Signals of its packs whose trend is followed, and when they reach their alert's threshold: they give CapacityRunsOut.",
        choice(
          "a signal",
          "A signal of metrics.",
          recordedSignals(packs).map(({ name }) => name),
        ),
        { examples: [["host_disk_use", "postgres_connection_use"]], uniqueItems: true },
      ),
      "scrape?": mapping("scrape", "Prometheus fetches its metrics. Either this or `otlp`.", {
        "path?": text("metricsPath", "Path of its metrics.", { default: "/metrics", examples: ["/internal/metrics"] }),
        "scheme?": choice("a scheme", "How it is fetched.", ["http", "https"], {
          default: "http",
          examples: ["https"],
        }),
        "username?": text("userName", "User name, where it asks for a password (HTTP basic authentication).", {
          examples: ["prometheus"],
        }),
        "password?": secret("Password for it, the same for all targets.", "orders-api-metrics-password"),
        "interval?": quantity(
          "seconds",
          "Time between two scrapes. Without it: its exporter's, else `intervals.scrape`.",
          {
            examples: ["60s"],
          },
        ),
        targets: {
          title: "targets",
          description: "Its instances, by environment.",
          type: "object",
          minProperties: 1,
          additionalProperties: list("Instances in this environment.", text("target", "An instance.")),
          examples: [{ production: [textFormats.target.example] }],
        },
      }),
      "otlp?": mapping("otlp", "It sends its telemetry to the collector. Either this or `scrape`.", {
        "service_name?": text("telemetryName", "The `service.name` that it sends. Without it: its name here."),
        environments: list("Where it runs.", text("name", "An environment.", { examples: ["production"] }), {
          examples: [["production", "staging"]],
          uniqueItems: true,
        }),
      }),
      instrumentation: mapping(
        "instrumentation",
        "What turns it into metrics: its requests, or what an exporter tells of it.",
        {
          kind: choice("an instrumentation", "Decides names, labels and buckets of its metrics.", [
            ...instrumentationIds,
            ...exporters.map(({ id }) => id),
          ]),
          "latency_buckets?": list(
            "Upper edges of its latency histogram, ascending, as its code sets them. Without it: the instrumentation's own.",
            quantity("seconds", "An edge."),
            { examples: [["0.1s", "0.5s", "1s", "1.5s", "2s", "2.5s", "5s"]], "x-prop": "latencyBucketsSeconds" },
          ),
          "single_status_codes?": {
            title: "true or false",
            description:
              "Whether it counts each status code (504), not each class of them (5xx). Without it: as the instrumentation does by itself.",
            type: "boolean",
            examples: [true],
          },
          "concurrency_limit?": quantity(
            "count",
            "Requests that one instance can work on at once; brings HttpSaturation. It must show its requests in progress.",
            { examples: [100] },
          ),
          "metrics?": {
            title: "metrics",
            description:
              "What its metrics are called, by the names of the pack's contract, where they have others: the scrape renames them. Units stay what they are.",
            type: "object",
            minProperties: 1,
            additionalProperties: text("metricName", "What it is called."),
            examples: [{ canister_cycle_balance: textFormats.metricName.example }],
            "x-keys": "metric",
          },
          "issues_url?": text(
            "url",
            "Where the error tracker lists the issues of a project, up to the project's name: messages link there.",
            { examples: ["https://example.sentry.io/issues/?query=is:unresolved+project:"] },
          ),
        },
      ),
      "routes?": list("Its routes as its instrumentation names them.", text("route", "A route."), {
        default: ["/"],
        examples: [["/orders", "/orders/{order_id}"]],
        uniqueItems: true,
      }),
      ...Object.fromEntries(placeKeys.map((key) => [`${key}?`, placeList(key, exporters)])),
      ...Object.fromEntries(nestedPlaceKeys.map((key) => [`${key}?`, nestedPlaces(key, exporters)])),
      "thresholds?": thresholds(alerts, "Overrides for this service, by alert; what is left out stays."),
      "features?": features(alertFeatures(alerts), alerts, "Alerts of this service, on or off.", "alert"),
      "components?": listedComponents,
      "versions?": versions,
      "experiments?": list("Variants that are compared: brings ExperimentHarmful.", experiment),
      "slos?": list("What it is held to over weeks; brings alerts on its error budgets.", slo(packs)),
      "logs?": mapping("logs", "Of its log lines.", {
        "never?": forbidden("What must be in no line of this service, besides what is forbidden to all."),
      }),
    },
    { oneOf: [{ required: ["scrape"] }, { required: ["otlp"] }] },
  );
}

/** What must be in no log line. */
export const forbidden = (description: string): Schema =>
  list(
    description,
    mapping(
      "a pattern",
      "What must never be in a line. Exactly one of contains and pattern.",
      {
        name: text("name", "What messages call it: they never show the line.", { examples: ["card-number"] }),
        "contains?": text("logText", "A text; upper and lower case differ."),
        "pattern?": text("logPattern", "A regular expression (RE2) that matches a part of the line."),
        "example?": text("logText", "With `pattern`: a line in which it is found; drills log it.", {
          examples: ["paid with card=4000123412341234"],
        }),
        "unlike?": list(
          "With `pattern`: lines in which it is not found, though they look like one; drills log them.",
          text("logText", "A line.", { examples: ["card=4000********1234"] }),
          { examples: [["card=4000********1234"]], uniqueItems: true },
        ),
      },
      { oneOf: [{ required: ["contains"] }, { required: ["pattern"] }] },
    ),
  );

const listedComponents = mapping(
  "components",
  "What users of its journeys wait for, each with the service that is watched for it: says where the time goes and what grew.",
  Object.fromEntries(
    components.map((component) => [
      `${component}?`,
      text("name", "The service whose alerts tell of it; where none does, the name of this one.", {
        examples: [componentExamples[component]],
      }),
    ]),
  ),
  { minProperties: 1 },
);

const versions = mapping(
  "versions",
  "Each new version is compared with what ran before it: brings ReleaseRegression.",
  {
    "label?": text("labelName", "Label of its request metrics that names the version.", { default: "version" }),
    "within?": quantity("seconds", "A request that takes longer is slow: an edge of its latency histogram.", {
      examples: ["500ms"],
    }),
  },
);

const smallest = (of: string): Schema =>
  quantity("ratio", `${of}: the smallest difference that matters, as a share of all.`, { examples: ["2%"] });

const experiment = mapping("an experiment", "Two variants of which each gets a part of the users at the same time.", {
  name: text("name", "Unique within the service; the label `experiment`. Another experiment needs another name.", {
    examples: ["one-page-checkout"],
  }),
  "label?": text("labelName", "Label of its metrics that names the variant.", {
    default: "variant",
    examples: ["checkout_variant"],
  }),
  control: text("variant", "Value of the label for what was there before.", { examples: ["classic"] }),
  treatment: text("variant", "Value of the label for what is tried."),
  kpis: mapping(
    "KPIs",
    "What the variants are compared by, each with the smallest difference that matters.",
    {
      "failed?": smallest("Requests that end in a 5xx"),
      "slow?": smallest("Requests that take longer than `within`"),
      "missed?": smallest("Journeys that are not completed in time"),
    },
    { minProperties: 1, examples: [{ missed: "2%" }] },
  ),
  "within?": quantity("seconds", "With `slow`: an edge of its latency histogram.", { examples: ["500ms"] }),
  "journey?": text("place", "With `missed`: one of its `journeys`.", { examples: ["checkout"] }),
  "level?": quantity("ratio", "How often, at most, a difference is told of in any KPI where there is none.", {
    default: "5%",
    examples: ["1%"],
  }),
  "share?": quantity("ratio", "The part of those who take part that gets the treatment.", {
    default: "50%",
    examples: ["10%"],
  }),
});

function slo(packs: Readonly<Record<string, Pack>>): Schema {
  const indicators = Object.values(packs).flatMap((pack) => pack.indicators ?? []);
  return mapping("an SLO", "The share of events that must be good.", {
    indicator: choice(
      "an indicator",
      `What is counted. Bad are: ${indicators.map(({ name, bad }) => `of ${name}, ${bad}`).join("; ")}.`,
      indicators.map(({ name }) => name),
    ),
    objective: quantity("ratio", "Share that must be good; below 100 %.", { examples: ["99.9%", "99%"] }),
    "within?": quantity("seconds", "What takes longer is bad: an edge of the service's latency histogram.", {
      examples: ["500ms"],
    }),
    "window?": quantity("seconds", "Whole days over which it is counted.", { default: "30d", examples: ["28d"] }),
    "name?": text("name", "Unique within the service; the label `slo`. Without it: the indicator's name.", {
      examples: ["checkout-latency"],
    }),
  });
}
