import fc from "../helpers/fast-check.ts";

/** Random scrape configs for the comparison with the real programs: mostly valid, about one rule in ten is not. */

const names = [
  "a",
  "b",
  "team",
  "__tmp",
  "__meta_zone",
  "__meta_pod",
  "__address__",
  "__param_module",
  "instance",
  "job",
];
const name = fc.constantFrom(...names);
const value = fc.constantFrom("", "x", "x;y", "10", "eu-west-1", "Ä.B", "a b");
const regex = fc.constantFrom("(.*)", "x", "(.+)-(\\d)", "a|b", "__meta_(.+)", "(?i:X).*", "", ".*;(.*)", "__tmp|b");
const replacement = fc.constantFrom("$1", "${1}_$2", "lit", "", "$0-$0", "m_$1");
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const matching = fc.record(
  {
    action: fc.constantFrom("replace", "replace", "keep", "drop", "hashmod", "lowercase", "Uppercase"),
    source_labels: fc.array(name, { maxLength: 3 }),
    separator: fc.constantFrom(";", "/", ""),
    regex,
    target_label: fc.oneof(name, fc.constantFrom("t_$1", "new")),
    replacement,
    modulus: fc.integer({ min: 1, max: 7 }),
  },
  { requiredKeys: ["action", "source_labels", "target_label", "modulus"] },
);
const byName = fc.oneof(
  fc.record({ action: fc.constantFrom("labeldrop", "labelkeep"), regex }),
  // Never two labels onto one name: whose value then stays depends on the order of a Go map in Prometheus.
  fc.record({
    action: fc.constant("labelmap"),
    regex: fc.constantFrom("(.+)", "__meta_(.+)", "(a|b)"),
    replacement: fc.constantFrom("$1", "m_$1"),
  }),
  fc.record({
    action: fc.constantFrom("keepequal", "dropequal"),
    source_labels: fc.array(name, { minLength: 1, maxLength: 2 }),
    target_label: name,
  }),
);
const wrong = fc.constantFrom<object>(
  { action: "replce" },
  { regex: "(" },
  { action: "hashmod", target_label: "a", source_labels: ["b"] },
  { action: "keep", target_lable: "a" },
  { action: "labeldrop", target_label: "a" },
  { action: "lowercase" },
  { action: "dropequal", target_label: "a", source_labels: ["b"], separator: "/" },
  { source_labels: "a", target_label: "b" },
);
const rule = fc.oneof({ weight: 6, arbitrary: matching }, { weight: 3, arbitrary: byName });

/** One scrape config with one target; addresses never leave this computer. */
export interface ScrapeCase {
  job: Record<string, unknown>;
  address: string;
  labels: Record<string, string>;
}

const labels = fc
  .dictionary(
    name.filter((one) => one !== "__address__"),
    value,
    { maxKeys: 5 },
  )
  .chain((some) =>
    maybe(fc.constantFrom("5m", "0s", "soon", "2h")).map((interval) =>
      interval === undefined ? some : { ...some, __scrape_interval__: interval },
    ),
  );

export const scrapeCase = (rules: fc.Arbitrary<object> = rule): fc.Arbitrary<ScrapeCase> =>
  fc.record({
    address: fc.constantFrom("127.0.0.1:1", "127.0.0.1", "localhost:2"),
    labels,
    job: fc
      .record(
        {
          scheme: fc.constantFrom("http", "https"),
          metrics_path: fc.constantFrom("/m", "/metrics"),
          scrape_interval: fc.constantFrom("1h", "90m"),
          scrape_timeout: fc.constantFrom("5s", "1m"),
          honor_labels: fc.boolean(),
          params: fc.constantFrom({ module: ["one", "two"] }, { "with space": ["a&b"] }),
          metric_name_validation_scheme: fc.constantFrom("utf8", "legacy"),
        },
        { requiredKeys: [] },
      )
      .chain((job) => fc.array(rules, { maxLength: 4 }).map((relabel_configs) => ({ ...job, relabel_configs }))),
  });

/** Cases of which some are not valid. */
export const doubtfulCase = scrapeCase(fc.oneof({ weight: 9, arbitrary: rule }, { weight: 1, arbitrary: wrong }));
