import { parse } from "yaml";
import type { Artifact } from "../model/artifact.ts";
import { compareText } from "../model/finding.ts";
import { parseQuantity } from "../model/quantity.ts";

interface Rule {
  name: string;
  query: string;
  /** For how long it must hold, in seconds; 0 for a recording rule. */
  forSeconds: number;
}

interface RuleFile {
  groups: { rules: { record?: string; alert?: string; expr: string; for?: string }[] }[];
}

interface RulesAnswer {
  groups: { rules: { name: string; query: string; duration?: number }[] }[];
}

/** Who evaluates rules, and where it answers; both have Prometheus' API, but not in one place. */
interface Ruler {
  title: string;
  rules: string;
  formatQuery: string;
}

/** @param address `host:port` */
export const prometheusRuler = (address: string): Ruler => ({
  title: `Prometheus at ${address}`,
  rules: `http://${address}/api/v1/rules`,
  formatQuery: `http://${address}/api/v1/format_query`,
});

/** @param address `host:port` */
export const lokiRuler = (address: string): Ruler => ({
  title: `Loki at ${address}`,
  rules: `http://${address}/prometheus/api/v1/rules`,
  formatQuery: `http://${address}/loki/api/v1/format_query`,
});

/**
 * Asks a ruler which rules it evaluates and compares them with the rule files: what is missing there and what it
 * should no longer have, as sentences.
 */
export async function rulesNotLoaded(ruler: Ruler, files: readonly Artifact[]): Promise<string[]> {
  const [wanted, loaded] = await Promise.all([
    canonical(ruler, files.flatMap(rulesOf)),
    ask<RulesAnswer>(ruler, ruler.rules).then(({ groups }) =>
      canonical(
        ruler,
        groups.flatMap(({ rules }) =>
          rules.map(({ name, query, duration }) => ({ name, query, forSeconds: duration ?? 0 })),
        ),
      ),
    ),
  ]);
  const missing = wanted.filter((rule) => !loaded.includes(rule)).map((rule) => `it does not have ${rule}`);
  const extra = loaded.filter((rule) => !wanted.includes(rule)).map((rule) => `it still has ${rule}`);
  return [...missing, ...extra];
}

function rulesOf({ text }: Artifact): Rule[] {
  const { groups } = parse(text) as RuleFile;
  return groups.flatMap(({ rules }) =>
    rules.map(({ record, alert, expr, for: held = "0s" }) => ({
      name: record ?? alert ?? "",
      query: expr,
      forSeconds: parseQuantity("seconds", held)?.value ?? Number.NaN,
    })),
  );
}

/** Rules as sentences, each expression as the ruler itself writes it: spaces and brackets tell nothing. */
async function canonical(ruler: Ruler, rules: readonly Rule[]): Promise<string[]> {
  const sentences: string[] = [];
  for (const { name, query, forSeconds } of rules) {
    const formatted = await ask<string>(ruler, `${ruler.formatQuery}?query=${encodeURIComponent(query)}`);
    sentences.push(`${name}: ${formatted.replace(/\s+/g, " ")} for ${forSeconds} s`);
  }
  return sentences.sort(compareText);
}

async function ask<T>({ title }: Ruler, url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
  if (status !== "success") throw new Error(`${title} answered ${new URL(url).pathname} with: ${error}`);
  return data;
}
