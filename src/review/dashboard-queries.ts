import { noneOfTheKind } from "../model/conventions.ts";
import { type Duration, formatDuration, seconds } from "../model/quantity.ts";

/** Whom a query asks: Prometheus in PromQL, or Loki in LogQL. */
export type Source = "prometheus" | "loki";

/** One query of a panel, in which variables still stand. */
export interface PanelQuery {
  source: Source;
  panel: string;
  expr: string;
  /** The panel itself says that there need not be something for every choice. */
  saysNone?: boolean;
}

/** A variable whose values are those of a label of what a selector chooses: `label_values({…}, label)`. */
export interface QueryVariable {
  source: Source;
  name: string;
  /** Undefined: of every series. */
  selector?: string;
  label: string;
  /** What stands for "All". */
  all: string;
  /** Whether several values can be chosen: then each is escaped as part of a regular expression. */
  escaped: boolean;
}

/** What a dashboard asks for. */
export interface DashboardQueries {
  file: string;
  title: string;
  panels: PanelQuery[];
  variables: QueryVariable[];
  /** Queries that are neither PromQL nor LogQL, and variables in other forms: by what they are. */
  notChecked: string[];
}

interface DashboardJson {
  title?: string;
  annotations?: { list?: { name?: string; expr?: string; datasource?: { type?: string } }[] };
  panels?: PanelJson[];
  templating?: { list?: VariableJson[] };
}
interface PanelJson {
  title?: string;
  datasource?: { type?: string };
  targets?: { expr?: string; datasource?: { type?: string } }[];
  fieldConfig?: { defaults?: { noValue?: string } };
  panels?: PanelJson[];
}
interface VariableJson {
  name?: string;
  type?: string;
  query?: unknown;
  datasource?: { type?: string };
  allValue?: string;
  multi?: boolean;
  includeAll?: boolean;
}

/** Reads a dashboard's classic JSON. */
export function dashboardQueries(file: string, text: string): DashboardQueries {
  const { title = file, panels = [], templating, annotations } = JSON.parse(text) as DashboardJson;
  const found: DashboardQueries = { file, title, panels: [], variables: [], notChecked: [] };
  const read = (panel: PanelJson) => {
    const name = panel.title ?? "a panel without a title";
    const saysNone = panel.fieldConfig?.defaults?.noValue === noneOfTheKind;
    for (const { expr, datasource } of panel.targets ?? []) {
      const type = (datasource ?? panel.datasource)?.type;
      const source = sourceOf(type);
      if (source && expr !== undefined) found.panels.push({ source, panel: name, expr, ...(saysNone && { saysNone }) });
      else found.notChecked.push(`panel ${JSON.stringify(name)} (${type ?? "no data source"})`);
    }
    panel.panels?.forEach(read);
  };
  panels.forEach(read);
  for (const { name = "", expr, datasource } of annotations?.list ?? []) {
    const source = sourceOf(datasource?.type);
    if (source && expr !== undefined) found.panels.push({ source, panel: `marks of ${name}`, expr });
  }
  for (const variable of templating?.list?.filter(({ type }) => type === "query") ?? []) {
    const { name = "", datasource, multi = false, includeAll = false, allValue = ".*" } = variable;
    const source = sourceOf(datasource?.type);
    const asked = chosenFrom(variable.query);
    if (!source || !asked) found.notChecked.push(`variable ${name}`);
    else found.variables.push({ source, name, ...asked, all: allValue, escaped: multi || includeAll });
  }
  return found;
}

/** What a dashboard asks one source for. */
export const queriesFrom = (source: Source, dashboard: DashboardQueries): DashboardQueries => ({
  ...dashboard,
  panels: dashboard.panels.filter((one) => one.source === source),
  variables: dashboard.variables.filter((one) => one.source === source),
});

const sourceOf = (type: string | undefined): Source | undefined =>
  type === "prometheus" || type === "loki" ? type : undefined;

const labelValues = /^\s*label_values\(\s*(?:([\s\S]+?)\s*,\s*)?([a-zA-Z_]\w*)\s*\)\s*$/;

/** `label_values(…)`, or the form in which Grafana keeps the same for Loki. */
function chosenFrom(query: unknown): Pick<QueryVariable, "selector" | "label"> | undefined {
  if (typeof query === "string") {
    const [, selector, label] = labelValues.exec(query) ?? [];
    return label === undefined ? undefined : { selector, label };
  }
  const { label, stream } = (query ?? {}) as { label?: unknown; stream?: unknown };
  if (typeof label !== "string" || label === "") return undefined;
  return { label, ...(typeof stream === "string" && stream !== "" && { selector: stream }) };
}

/** Values of variables, by name. */
export type Chosen = ReadonlyMap<string, string>;

/**
 * Puts values in the place of variables, in each form that Grafana knows (`$name`, `${name}`, `${name:regex}`,
 * `[[name]]`). `$__rate_interval` is four scrapes, its lower bound; `$__interval` and Loki's `$__auto` one scrape; `$__range` six hours.
 */
export function interpolate(
  expr: string,
  chosen: Chosen,
  scrapeInterval: Duration,
): { text: string; unknown: string[] } {
  const range = seconds(6 * 3600);
  const builtIn: Readonly<Record<string, string>> = {
    __rate_interval: formatDuration(seconds(4 * scrapeInterval.value)),
    __interval: formatDuration(scrapeInterval),
    __auto: formatDuration(scrapeInterval),
    __interval_ms: `${scrapeInterval.value * 1000}`,
    __range: formatDuration(range),
    __range_s: `${range.value}`,
    __range_ms: `${range.value * 1000}`,
  };
  const unknown: string[] = [];
  const text = expr.replace(/\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]/g, (written, bare, braced, old) => {
    const name: string = bare ?? braced ?? old;
    // In PromQL's own strings $1 is a group of a regular expression.
    if (/^\d+$/.test(name)) return written;
    const value = chosen.get(name) ?? builtIn[name];
    if (value === undefined) unknown.push(name);
    return value ?? written;
  });
  return { text, unknown };
}

/** A chosen value as Grafana writes it into a query (packages/grafana-prometheus, prometheusSpecialRegexEscape). */
export const chosenValue = (value: string, { escaped }: QueryVariable): string =>
  escaped ? value.replace(/\\/g, "\\\\\\\\").replace(/[$^*{}[\]'+?.()|]/g, "\\\\$&") : value.replace(/'/g, "\\\\'");
