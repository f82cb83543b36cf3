import { PanelBuilder as BarGaugeBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as LogsBuilder } from "@grafana/grafana-foundation-sdk/logs";
import * as loki from "@grafana/grafana-foundation-sdk/loki";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { identityLabels, noneOfTheKind } from "../model/conventions.ts";
import { fnv1a, runbookLink } from "../model/links.ts";
import { streamSelector } from "../model/logql.ts";
import { isLogSignal, placeLabels, type RecordedSignal, type Signal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import type { Unit } from "../model/quantity.ts";
import { withServices } from "./log-rules.ts";
import { palette } from "./palette.ts";
import {
  lineText,
  type Promises,
  promisesOn,
  type ThresholdStep,
  thresholdLines,
  thresholdRegions,
} from "./threshold-lines.ts";

/** The part of a signal that the variables choose, and these matchers besides. */
export type Chosen = (signal: Signal, ...matchers: string[]) => string;

export interface Stat {
  title: string;
  /** Gives unit, words and colours. */
  signal: Signal;
  /** The query, in which `of` gives the chosen part of a signal. */
  query: (of: Chosen) => string;
  /** Where colours begin. @default - at the thresholds of the signal's alerts */
  steps?: readonly ThresholdStep[];
}

/** One bar for each place of a signal. */
export interface Bars extends Stat {
  /** What a long bar means. */
  description: string;
}

/** Log lines that a dashboard lists. */
export interface LogLines {
  title: string;
  description: string;
  /** LogQL over the streams of a selector. */
  logql: (streams: string) => string;
}

/** Moments that are marked on every graph of a dashboard. */
export interface Moments {
  title: string;
  /** Its values are the moments, in seconds since 1970. */
  signal: RecordedSignal;
  /** What stands at the mark: Grafana puts the value of a label in the place of its name in `{{}}`. */
  words: string;
}

/** What one dashboard is about: a service of its own, or all that keep to the defaults. */
export interface Scope {
  platform: Platform;
  promises: Promises;
  /** Matchers that every query has besides the variables. */
  matchers: string[];
  /** Names of the services that it is about. @default - all */
  services?: readonly string[];
  variables: readonly string[];
  /** Whether some of the services have nothing of the kind: a panel then says that, not that nothing is known. */
  isForSome?: (signal: Signal) => boolean;
}

/** What a panel says when it has nothing to show. */
const noValueOf = (signal: Signal, { isForSome }: Scope): string => (isForSome?.(signal) ? noneOfTheKind : "no data");

/** Grafana's grid; heights are in its rows, of which a screen shows about 25. */
export const gridWidth = 24;
const statHeight = 4;
export const panelHeight = 8;
export const panelsPerRow = 2;

export const grafanaUnits: Record<Unit, string> = {
  seconds: "s",
  ratio: "percentunit",
  "requests/second": "reqps",
  "lines/second": "short",
  "events/second": "short",
  bytes: "bytes",
  count: "short",
  times: "suffix:x",
  score: "short",
};

/** Ids come from names: a panel that is added changes no other panel's. Grafana takes them up to 2^31. */
export const panelId = (name: string): number => fnv1a(name) >>> 1;

/** The data sources that the dashboard's first variables choose. */
export const metricsDatasource = { type: "prometheus", uid: "${datasource}" };
export const logsDatasource = { type: "loki", uid: "${logs}" };

/** Where a signal comes from. */
export const datasourceOf = (signal: Signal) => (isLogSignal(signal) ? logsDatasource : metricsDatasource);

/** A signal, cut down to what the dashboard's variables choose. */
export function select(signal: Signal, scope: Scope, ...more: string[]): string {
  const matchers = [...matchersOf(signal.labels, scope), ...more];
  if (isLogSignal(signal)) {
    const { platform, services } = scope;
    return signal.logql(streamSelector(matchers), services ? withServices(platform, services) : platform);
  }
  return matchers.length > 0 ? `${signal.series}{${matchers.join(", ")}}` : signal.series;
}

/** The matchers of what the dashboard's variables choose. */
const matchersOf = (labels: readonly string[], { matchers, variables }: Scope): string[] => [
  ...matchers,
  ...variables.filter((name) => labels.includes(name)).map((name) => `${name}=~"$${name}"`),
];

/** A query over time for a signal, in the language of its data source. */
export function target(signal: Signal, expr: string, legend?: string) {
  const builder = isLogSignal(signal)
    ? new loki.DataqueryBuilder().refId("A").datasource(logsDatasource).queryType("range")
    : new prometheus.DataqueryBuilder().refId("A").datasource(metricsDatasource).range();
  builder.expr(expr);
  return legend === undefined ? builder : builder.legendFormat(legend);
}

/** One number with the colour of the threshold that it is beyond. */
export function statPanel({ title, signal, query, steps }: Stat, width: number, scope: Scope): StatBuilder {
  return new StatBuilder()
    .id(panelId(`stat ${title}`))
    .title(title)
    .description(describe(signal, scope))
    .datasource(datasourceOf(signal))
    .span(width)
    .height(statHeight)
    .unit(grafanaUnits[signal.unit])
    .noValue(noValueOf(signal, scope))
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.Area)
    .colorScheme(new sdk.FieldColorBuilder().mode(sdk.FieldColorModeId.Thresholds))
    .thresholds(
      new sdk.ThresholdsConfigBuilder()
        .mode(sdk.ThresholdsMode.Absolute)
        .steps([...(steps ?? thresholdRegions(signal, scope.promises))]),
    )
    .withTarget(
      target(
        signal,
        query((of, ...more) => select(of, scope, ...more)),
      ),
    );
}

/** What is so now, a bar for each place; the query decides their order. */
export function barsPanel({ title, description, signal, query }: Bars, scope: Scope): BarGaugeBuilder {
  const bars = target(
    signal,
    query((of, ...more) => select(of, scope, ...more)),
    legendOf(signal),
  );
  return new BarGaugeBuilder()
    .id(panelId(`bars ${title}`))
    .title(title)
    .description(description)
    .datasource(datasourceOf(signal))
    .span(gridWidth / panelsPerRow)
    .height(panelHeight)
    .unit(grafanaUnits[signal.unit])
    .noValue(noValueOf(signal, scope))
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .colorScheme(new sdk.FieldColorBuilder().mode(sdk.FieldColorModeId.Fixed).fixedColor(palette.ok))
    .withTarget(bars instanceof prometheus.DataqueryBuilder ? bars.instant() : bars.queryType("instant"));
}

/** A graph of a signal with the thresholds of its alerts as lines. */
export function graphPanel(signal: Signal, scope: Scope): TimeseriesBuilder {
  const lines = thresholdLines(signal, scope.promises);
  const highest = Math.max(0, ...lines.map(({ value }) => value));
  const panel = new TimeseriesBuilder()
    .id(panelId(signal.name))
    .title(signal.title)
    .description(describe(signal, scope))
    .links(runbookLinks(signal, scope))
    .datasource(datasourceOf(signal))
    .span(gridWidth / panelsPerRow)
    .height(panelHeight)
    .unit(grafanaUnits[signal.unit])
    .noValue(noValueOf(signal, scope))
    // Series in blues, so that the only warm colours are the thresholds' lines.
    .colorScheme(new sdk.FieldColorBuilder().mode(sdk.FieldColorModeId.Shades).fixedColor(palette.ok))
    .thresholds(
      new sdk.ThresholdsConfigBuilder()
        .mode(sdk.ThresholdsMode.Absolute)
        .steps([{ value: null, color: "transparent" }, ...lines]),
    )
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        lines.length > 0 ? common.GraphThresholdsStyleMode.Dashed : common.GraphThresholdsStyleMode.Off,
      ),
    )
    // Grafana does not widen the axis for a threshold: without this a quiet graph would not show its lines.
    .axisSoftMin(0)
    .axisSoftMax(highest > 0 ? Number((highest * 1.1).toPrecision(3)) : 1)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(["lastNotNull", "max"])
        .sortBy("Max")
        .sortDesc(true),
    )
    .withTarget(target(signal, select(signal, scope), legendOf(signal)));
  for (const edge of bandTargets(signal, scope)) panel.withTarget(edge);
  return panel;
}

/** The edges of the band in which a signal usually is; there is nothing of them in most steps of a graph. */
function bandTargets(signal: Signal, scope: Scope): prometheus.DataqueryBuilder[] {
  if (isLogSignal(signal) || !signal.band) return [];
  return Object.entries(signal.band).map(([edge, series], index) =>
    new prometheus.DataqueryBuilder()
      .refId("BC".charAt(index))
      .datasource(metricsDatasource)
      .range()
      .expr(`last_over_time(${select({ ...signal, series }, scope)}[2h])`)
      .legendFormat(`usual ${edge} ${legendOf(signal)}`),
  );
}

const legendOf = (signal: Signal): string =>
  legendLabels(signal)
    .map((label) => `{{${label}}}`)
    .join(" ");

/** The environment last: mostly it is the same for all. */
const legendLabels = (signal: Signal): string[] => {
  const [first, ...others] = placeLabels(signal);
  return first === "environment" ? [...others, first] : placeLabels(signal);
};

/** Lines as they came, the newest first, over the whole width. */
export function logsPanel({ title, description, logql }: LogLines, scope: Scope): LogsBuilder {
  return new LogsBuilder()
    .id(panelId(`lines ${title}`))
    .title(title)
    .description(description)
    .datasource(logsDatasource)
    .span(gridWidth)
    .height(panelHeight)
    .showTime(true)
    .wrapLogMessage(true)
    .withTarget(
      new loki.DataqueryBuilder()
        .refId("A")
        .datasource(logsDatasource)
        .queryType("range")
        .expr(logql(streamSelector(matchersOf(identityLabels, scope)))),
    );
}

/** A mark at each moment; where a graph's steps are longer than what is marked, none gets lost. */
export const momentsQuery = ({ title, signal, words }: Moments, scope: Scope): sdk.AnnotationQueryBuilder =>
  new sdk.AnnotationQueryBuilder()
    .name(title)
    .datasource(metricsDatasource)
    .enable(true)
    .iconColor(palette.ok)
    // Grafana takes milliseconds.
    .expr(`1000 * ${select(signal, scope)}`)
    .useValueForTime(true)
    .titleFormat(title)
    .textFormat(words);

/** What the signal means, and in words what the lines are: colour alone would not say. */
function describe(signal: Signal, { promises, platform }: Scope): string {
  const alerts = promisesOn(signal, promises).map(
    (promise) => `${lineText(promise)}; [runbook](${runbookLink(promise.alert, platform)})`,
  );
  return [signal.description, ...alerts].join("\n\n");
}

const runbookLinks = (signal: Signal, { promises, platform }: Scope): sdk.DashboardLinkBuilder[] =>
  promisesOn(signal, promises).map(({ alert }) =>
    new sdk.DashboardLinkBuilder(`Runbook: ${alert.name}`)
      .type(sdk.DashboardLinkType.Link)
      .url(runbookLink(alert, platform))
      .targetBlank(true),
  );
