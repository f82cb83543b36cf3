import type { Engine } from "../../engine/engine.ts";
import type { Mutant, RuleFile } from "../../engine/rules.ts";
import { logRules, writtenLogRules } from "../../loki/log-rules.ts";
import { LogqlError, type LokiClient } from "../../loki/loki-client.ts";
import { logqlFaults } from "./faults.ts";

/** What can be wrong with LogQL rules. */
export interface LogMutants {
  /** In the order of the rules, and told of the rules as they are written; a changed `expr` is LogQL. */
  mutants: Mutant[];
  /** Names of the rules whose expression Grafana's grammar does not understand: faults are put beside it only. */
  unread: string[];
}

const removal = "rule removed";

/**
 * Every small fault that each LogQL rule could have: those of its expression on the parsed LogQL, those beside it
 * (`for`, labels, annotations) as in any rule.
 *
 * @param files without faults
 */
export function logMutants(files: readonly RuleFile[], engine: Engine): LogMutants {
  const written = files.flatMap(({ yaml }) => writtenLogRules(yaml));
  const beside = engine
    .mutants(logRules(files).ruleFiles)
    .filter(({ operator, change }) => change.expr === undefined || operator === removal);
  const unread: string[] = [];
  const mutants = written.flatMap(({ alert, expr }, rule) => {
    const own = beside.filter(({ change }) => change.rule === rule);
    const head = own.find(({ operator }) => operator === removal);
    const faults = logqlFaults(expr);
    if (!faults || !head) unread.push(alert);
    if (!faults || !head) return own;
    const counts = new Map<string, number>();
    const inExpression = faults.map(({ operator, description, expr: changed }): Mutant => {
      const count = (counts.get(operator) ?? 0) + 1;
      counts.set(operator, count);
      const id = `${head.id.slice(0, head.id.lastIndexOf(removal))}${operator}/${count}`;
      return { ...head, id, operator, description, change: { rule, expr: changed } };
    });
    return [...inExpression, ...own];
  });
  return { mutants, unread };
}

/** Those whose expression Loki takes: nobody could deploy one that it refuses. */
export async function acceptedByLoki(mutants: readonly Mutant[], loki: LokiClient): Promise<Mutant[]> {
  const answers = new Map<string, Promise<boolean>>();
  const isTaken = async (logql: string): Promise<boolean> => {
    try {
      await loki.query("nobody", logql, { startMs: 0, endMs: 0, stepMs: 1000 });
      return true;
    } catch (error) {
      if (error instanceof LogqlError) return false;
      throw error;
    }
  };
  for (const { change } of mutants) {
    if (change.expr !== undefined && !answers.has(change.expr)) answers.set(change.expr, isTaken(change.expr));
  }
  const taken = await Promise.all(mutants.map(({ change }) => answers.get(change.expr ?? "") ?? true));
  return mutants.filter((_, index) => taken[index]);
}
