import * as common from "@grafana/grafana-foundation-sdk/common";
import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import {
  type Chosen,
  grafanaUnits,
  gridWidth,
  metricsDatasource,
  panelHeight,
  panelId,
  panelsPerRow,
  type Scope,
  type Stat,
  select,
} from "./panels.ts";

/** What is so now, a row for each series of a query. */
export interface Table extends Omit<Stat, "query"> {
  description: string;
  query: (of: Chosen) => string;
  /** Labels, in the order of the columns; the value comes last. */
  columns: readonly string[];
  /** Heading of the value. */
  value: string;
  /** The value of a bar as long as its cell. @default 100 */
  most?: number;
  /** Columns of whole sentences. @default - none */
  wrapped?: readonly string[];
  /** @default - half of the screen */
  width?: "whole";
  order: "lowest first" | "highest first";
  /** Where the text of a column leads: an address in which `${__data.fields.label}` is a label of the row. */
  links?: Readonly<Record<string, { title: string; url: string }>>;
}

/** A value has a bar as long as itself, and its number: colour only repeats what both say. */
export function tablePanel(table: Table, scope: Scope): TableBuilder {
  const { title, description, signal, query, columns, value, order, links = {}, steps = [], most = 100 } = table;
  const panel = new TableBuilder()
    .id(panelId(`table ${title}`))
    .title(title)
    .description(description)
    .datasource(metricsDatasource)
    .span(table.width === "whole" ? gridWidth : gridWidth / panelsPerRow)
    .height(panelHeight)
    .noValue("no data")
    .sortBy([{ build: () => ({ displayName: value, desc: order === "highest first" }) }])
    .withTransformation({
      id: "organize",
      options: {
        excludeByName: { Time: true, __name__: true },
        indexByName: Object.fromEntries([...columns, "Value"].map((name, index) => [name, index])),
        renameByName: { Value: value },
      },
    })
    .overrideByName(value, [
      { id: "unit", value: grafanaUnits[signal.unit] },
      { id: "min", value: 0 },
      { id: "max", value: most },
      { id: "custom.cellOptions", value: { type: "gauge", mode: "basic", valueDisplayMode: "text" } },
      { id: "color", value: { mode: sdk.FieldColorModeId.Thresholds } },
      { id: "thresholds", value: { mode: sdk.ThresholdsMode.Absolute, steps } },
    ])
    .cellHeight(common.TableCellHeight.Sm)
    .withTarget(
      new prometheus.DataqueryBuilder()
        .refId("A")
        .datasource(metricsDatasource)
        .instant()
        .format(prometheus.PromQueryFormat.Table)
        .expr(query((of, ...more) => select(of, scope, ...more))),
    );
  for (const column of table.wrapped ?? [])
    panel.overrideByName(column, [
      { id: "custom.cellOptions", value: { type: "auto", wrapText: true } },
      { id: "custom.width", value: 420 },
    ]);
  for (const [column, link] of Object.entries(links)) panel.overrideByName(column, [{ id: "links", value: [link] }]);
  return panel;
}
