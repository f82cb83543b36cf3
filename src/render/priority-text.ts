import type { Criticality, Severity } from "../model/conventions.ts";
import type { Platform } from "../model/platform.ts";
import { type Priority, priorities, priorityOf } from "../model/priority.ts";

/**
 * The priority of an alert of a severity; an annotation template where it is not the same for all services that the rule
 * can fire for. The most frequent one comes last, so that the least of them need to be named.
 */
export function priorityText(severity: Severity, services: readonly string[], platform: Platform): string {
  const criticalityOf = known.get(platform) ?? criticalitiesOf(platform);
  known.set(platform, criticalityOf);
  const named = new Map(priorities.map((priority): [Priority, string[]] => [priority, []]));
  for (const name of services) named.get(priorityOf[severity][criticalityOf.get(name) ?? "medium"])?.push(name);
  const groups = [...named]
    .map(([priority, names]) => ({ priority, names }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => a.names.length - b.names.length);
  const rest = groups.pop()?.priority ?? priorityOf[severity].medium;
  if (groups.length === 0) return rest;
  const cases = groups.map(
    // In Go's templates `eq` compares its first argument with each of the others.
    ({ priority, names }) =>
      `if eq $labels.service ${names.map((name) => JSON.stringify(name)).join(" ")} }}${priority}`,
  );
  return `{{ ${cases.join("{{ else ")}{{ else }}${rest}{{ end }}`;
}

/** Every rule asks for them: with ten thousand services they are looked up once. */
const known = new WeakMap<Platform, ReadonlyMap<string, Criticality>>();

const criticalitiesOf = ({ services }: Platform) =>
  new Map(services.map(({ name, criticality }) => [name, criticality] as const));
