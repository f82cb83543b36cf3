import { packsThatTell } from "../derived/bottleneck-advice.ts";
import { type Component, components } from "../model/component.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown, words } from "./seen.ts";

type ServiceDraft = NonNullable<NonNullable<PlatformDraft["services"]>[number]>;
const pack = "journey";

/** Components that nothing tells of, and services that say nothing of the component they are named for. */
export const componentFindings = ({ services }: PlatformDraft): PlatformFinding[] =>
  (services ?? []).flatMap((service, s) => {
    if (!service?.components) return [];
    const at = ["services", s, "components"];
    return [
      ...notShown(service, at),
      ...components.flatMap((component) => watchedBy(component, service, services ?? [], [...at, component])),
    ];
  });

function notShown({ packs: own }: ServiceDraft, at: (string | number)[]): PlatformFinding[] {
  if (!own || own.includes(undefined) || own.includes(pack)) return [];
  return [
    {
      path: at,
      atKey: true,
      dependsOn: [at, [...at.slice(0, -1), "packs"]],
      rule: "config/not-shown",
      severity: "error",
      summary: "`components` says what users of journeys wait for, and this service has no journeys.",
      detail: `Only services of the pack ${pack} tell how long it is.`,
      fix: `Add ${pack} to its \`packs\`, with its \`journeys\`, or remove this.`,
    },
  ];
}

/** The service that is named for a component must exist, and have a pack that tells of it; the journeys' own may stand for any. */
function watchedBy(
  component: Component,
  service: ServiceDraft,
  services: readonly (ServiceDraft | undefined)[],
  path: (string | number)[],
): PlatformFinding[] {
  const name = service.components?.[component];
  const names = services.map((one) => one?.name);
  // Where not every name can be read, nobody knows which of them there is.
  if (name === undefined || names.includes(undefined) || name === service.name) return [];
  const named = services.find((one) => one?.name === name);
  if (!named) {
    const all = names.flatMap((one) => one ?? []);
    const meant = didYouMean(name, all);
    return [
      {
        path,
        rule: "config/unknown-service",
        severity: "error",
        summary: `There is no service ${shown(name)}.`,
        fix: `${meant ? `Did you mean ${meant}?` : `There are: ${words(all)}.`} The one that is watched for the ${component}; ${shown(service.name ?? "")} itself where nothing is.`,
      },
    ];
  }
  const telling = packsThatTell(component);
  if (!named.packs || named.packs.some((one) => one === undefined || telling.includes(one))) return [];
  return [
    {
      path,
      dependsOn: [path, ["services", services.indexOf(named), "packs"]],
      rule: "config/component-not-watched",
      severity: "error",
      summary: `${shown(name)} has no pack that tells of the ${component}, so nobody would find out there why it is slow.`,
      detail: `It has ${words(named.packs as string[])}; of the ${component} tell: ${words(telling)}.`,
      fix: `Name the service that is watched for it, or ${shown(service.name ?? "")} itself where nothing is.`,
    },
  ];
}
