import type { Platform } from "../model/platform.ts";
import { alertmanagerConfig, nobody, type Route } from "./alertmanager.ts";

type Labels = Readonly<Record<string, string>>;

interface CompiledRoute {
  receiver: string;
  matches: (labels: Labels) => boolean;
  goesOn: boolean;
  routes: CompiledRoute[];
}

/**
 * Names of the teams' receivers that get an alert with these labels, in the order of the routing tree; none when it
 * reaches nobody. Walks the rendered configuration as Alertmanager's `dispatch.Route.Match` does; inhibition and
 * silences are not looked at. To ask for many alerts, make the function once with `router`.
 */
export const receiversFor = (platform: Platform, labels: Labels): string[] => router(platform)(labels);

/** `receiversFor` with the configuration rendered and compiled once. */
export function router(platform: Platform): (labels: Labels) => string[] {
  const root = compile(alertmanagerConfig(platform).route, nobody);
  return (labels) => matching(root, labels).filter((receiver) => receiver !== nobody);
}

function matching(route: CompiledRoute, labels: Labels): string[] {
  if (!route.matches(labels)) return [];
  const found: string[] = [];
  for (const child of route.routes) {
    const receivers = matching(child, labels);
    found.push(...receivers);
    if (receivers.length > 0 && !child.goesOn) break;
  }
  return found.length > 0 ? found : [route.receiver];
}

function compile({ receiver, matchers = [], routes = [], continue: goesOn = false }: Route, parent: string) {
  const own = receiver ?? parent;
  const tests = matchers.map(compileMatcher);
  const compiled: CompiledRoute = {
    receiver: own,
    matches: (labels) => tests.every((test) => test(labels)),
    goesOn,
    routes: routes.map((route) => compile(route, own)),
  };
  return compiled;
}

/** A label that is absent counts as empty, as in Alertmanager. */
function compileMatcher(text: string): (labels: Labels) => boolean {
  const [, label = "", operator = "", quoted = ""] = /^(\w+)(=~|!~|!=|=)(".*")$/s.exec(text) ?? [];
  if (label === "") throw new Error(`not a matcher: ${text}`);
  const value = JSON.parse(quoted) as string;
  const regex = operator.endsWith("~") ? new RegExp(`^(?:${value})$`, "u") : undefined;
  const isNegated = operator.startsWith("!");
  return (labels) => {
    const actual = labels[label] ?? "";
    return (regex ? regex.test(actual) : actual === value) !== isNegated;
  };
}
