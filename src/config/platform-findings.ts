import { componentFindings } from "./component-findings.ts";
import { durationFindings } from "./duration-findings.ts";
import { experimentFindings } from "./experiment-findings.ts";
import { instrumentationFindings } from "./instrumentation-findings.ts";
import { logFindings } from "./log-findings.ts";
import { metricFindings } from "./metric-findings.ts";
import { nameFindings } from "./name-findings.ts";
import type { Packs, PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { reachFindings } from "./reach-findings.ts";
import { sloFindings } from "./slo-findings.ts";
import { textFindings } from "./text-findings.ts";
import { thresholdFindings } from "./threshold-findings.ts";
import { versionFindings } from "./version-findings.ts";

/**
 * Everything that is wrong with a platform whose parts have the right types: names that lead nowhere or are there
 * twice, thresholds against each other, teams that nobody reaches, texts that are not what they must be. Parts that
 * are missing are not judged.
 */
export function platformFindings(props: PlatformDraft, packs: Packs): PlatformFinding[] {
  return [
    ...nameFindings(props, packs),
    ...instrumentationFindings(props, packs),
    ...metricFindings(props, packs),
    ...reachFindings(props, packs),
    ...thresholdFindings(props, packs),
    ...durationFindings(props),
    ...sloFindings(props, packs),
    ...versionFindings(props),
    ...experimentFindings(props),
    ...componentFindings(props),
    ...logFindings(props),
    ...textFindings(props),
  ];
}
