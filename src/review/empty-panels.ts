import type { Duration } from "../model/quantity.ts";
import {
  type Chosen,
  chosenValue,
  type DashboardQueries,
  interpolate,
  type PanelQuery,
  type QueryVariable,
} from "./dashboard-queries.ts";

/** A panel's query with values in the place of its variables. */
export interface AskedPanel extends PanelQuery {
  dashboard: DashboardQueries;
  /** The query as it was asked. */
  asked: string;
  /** Variables that nobody defines. */
  unknown: string[];
  /** The one variable that does not stand at "All": its label and value. */
  chosen?: { variable: string; label: string; value: string };
}

/** A variable's query with "All" in the place of the variables before it. */
export interface AskedVariable {
  dashboard: DashboardQueries;
  variable: QueryVariable;
  asked: string;
}

/** Every variable of a dashboard at "All". */
const allChosen = ({ variables }: DashboardQueries): Chosen => new Map(variables.map(({ name, all }) => [name, all]));

/** What each variable asks for. */
export const askedVariables = (dashboards: readonly DashboardQueries[], scrape: Duration): AskedVariable[] =>
  dashboards.flatMap((dashboard) =>
    dashboard.variables.map((variable) => {
      // A label of every series: any series will do.
      const written = variable.selector ?? `{${variable.label}=~".+"}`;
      return { dashboard, variable, asked: interpolate(written, allChosen(dashboard), scrape).text };
    }),
  );

/**
 * Every panel with all variables at "All", and then with each value of each variable, the others at "All": service by
 * service, environment by environment, as an engineer clicks through it.
 *
 * @param found labels of what each variable's query gives; where it says nothing, a variable stands at "All" only
 */
export function askedPanels(
  dashboards: readonly DashboardQueries[],
  variables: readonly AskedVariable[],
  found: ReadonlyMap<string, readonly Record<string, string>[]>,
  scrape: Duration,
): AskedPanel[] {
  return dashboards.flatMap((dashboard) => {
    const all = allChosen(dashboard);
    const choices: { chosen?: AskedPanel["chosen"]; values: Chosen }[] = [{ values: all }];
    for (const { variable, asked } of variables.filter((one) => one.dashboard === dashboard)) {
      const { name, label } = variable;
      const values = new Set((found.get(asked) ?? []).flatMap((labels) => labels[label] ?? []));
      for (const value of [...values].sort()) {
        choices.push({
          chosen: { variable: name, label, value },
          values: new Map([...all, [name, chosenValue(value, variable)]]),
        });
      }
    }
    const seen = new Set<string>();
    return choices.flatMap(({ chosen, values }) =>
      dashboard.panels.flatMap((panel): AskedPanel[] => {
        const { text: asked, unknown } = interpolate(panel.expr, values, scrape);
        const key = `${panel.panel}\n${asked}`;
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ ...panel, dashboard, asked, unknown, chosen }];
      }),
    );
  });
}
