import { type Duration, formatDuration, seconds } from "../model/quantity.ts";

/** One query of a panel, in which variables still stand. */
export interface PanelQuery {
  panel: string;
  expr: string;
}

/** A variable whose values come from a PromQL selector: `label_values({…}, label)`. */
export interface QueryVariable {
  name: string;
  /** Undefined: of every series. */
  selector?: string;
  label: string;
  /** What stands for "All". */
  all: string;
  /** Whether several values can be chosen: then each is escaped as part of a regular expression. */
  escaped: boolean;
}

/** What a dashboard asks Prometheus for. */
export interface DashboardQueries {
  file: string;
  title: string;
  panels: PanelQuery[];
  variables: QueryVariable[];
  /** Queries that are not PromQL, and variables in other forms: by what they are. */
  notChecked: string[];
}

interface DashboardJson {
  title?: string;
  panels?: PanelJson[];
  templating?: { list?: VariableJson[] };
}
interface PanelJson {
  title?: string;
  datasource?: { type?: string };
  targets?: { expr?: string; datasource?: { type?: string } }[];
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
  const { title = file, panels = [], templating } = JSON.parse(text) as DashboardJson;
  const found: DashboardQueries = { file, title, panels: [], variables: [], notChecked: [] };
  const read = (panel: PanelJson) => {
    const name = panel.title ?? "a panel without a title";
    for (const { expr, datasource } of panel.targets ?? []) {
      const type = (datasource ?? panel.datasource)?.type;
      if (type === "prometheus" && expr !== undefined) found.panels.push({ panel: name, expr });
      else found.notChecked.push(`panel ${JSON.stringify(name)} (${type ?? "no data source"})`);
    }
    panel.panels?.forEach(read);
  };
  panels.forEach(read);
  for (const variable of templating?.list?.filter(({ type }) => type === "query") ?? []) {
    const { name = "", query, datasource, multi = false, includeAll = false, allValue = ".*" } = variable;
    const [, selector, label] = labelValues.exec(typeof query === "string" ? query : "") ?? [];
    if (datasource?.type !== "prometheus" || label === undefined) found.notChecked.push(`variable ${name}`);
    else found.variables.push({ name, selector, label, all: allValue, escaped: multi || includeAll });
  }
  return found;
}

const labelValues = /^\s*label_values\(\s*(?:([\s\S]+?)\s*,\s*)?([a-zA-Z_]\w*)\s*\)\s*$/;

/** Values of variables, by name. */
export type Chosen = ReadonlyMap<string, string>;

/**
 * Puts values in the place of variables, in each form that Grafana knows (`$name`, `${name}`, `${name:regex}`,
 * `[[name]]`). `$__rate_interval` is four scrapes, its lower bound; `$__interval` one scrape; `$__range` six hours.
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
