import type { Construct, IConstruct } from "constructs";
import { packs as allPacks } from "../alert-rules/index.ts";
import { platformFindings } from "../src/config/platform-findings.ts";
import { compareText, type Finding } from "../src/model/finding.ts";
import type { Pack } from "../src/model/pack.ts";
import type { Platform } from "../src/model/platform.ts";
import type { PlatformProps } from "../src/model/platform-props.ts";
import { resolvePlatform } from "../src/model/resolve-platform.ts";
import { Annotations } from "./cdktf.ts";

/** What every construct needs: a platform in the words of monitoring.yaml, typed. */
export interface PlatformConstructProps {
  platform: PlatformProps;
  /** @default - the packs of `alert-rules/` */
  packs?: Readonly<Record<string, Pack>>;
}

/** What was resolved within an app, so that the constructs of one platform do not each tell the same warnings. */
const resolved = new WeakMap<IConstruct, WeakMap<PlatformProps, Platform>>();

/**
 * The platform with every default applied.
 *
 * @throws Error that lists every fault of the props, with the path of the construct that was given them
 */
export function resolvedPlatform(construct: Construct, props: PlatformConstructProps): Platform {
  const { platform, packs = allPacks } = props;
  if (isResolved(platform)) return platform;
  const known = resolved.get(construct.node.root) ?? new WeakMap<PlatformProps, Platform>();
  resolved.set(construct.node.root, known);
  const before = known.get(platform);
  if (before) return before;
  const findings = platformFindings(platform, packs);
  report(
    construct,
    findings.map((finding) => ({ ...finding, place: { file: pathText(finding.path) } })),
  );
  const now = resolvePlatform(platform, packs);
  known.set(platform, now);
  return now;
}

/** One that comes from `loadConfig` was checked there, where faults are told with file and line. */
const isResolved = (platform: PlatformProps | Platform): platform is Platform => "featureOn" in platform;

/** `services[0].owner` */
const pathText = (path: readonly (string | number)[]): string =>
  path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${key}`)).join("");

/** Throws one error for all errors; everything else becomes an annotation, which `cdktf synth` prints. */
export function report(construct: Construct, findings: readonly Omit<Finding, "rule">[]): void {
  const told = findings.map((finding) => ({ ...finding, text: sentence(finding) }));
  told.sort((a, b) => compareText(a.text, b.text));
  const errors = told.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    const list = errors.map(({ text }) => `  ${text}`).join("\n");
    throw new Error(`${construct.node.path}: the platform cannot be deployed as it is.\n${list}`);
  }
  for (const { severity, text } of told) {
    if (severity === "warning") Annotations.of(construct).addWarning(text);
    else Annotations.of(construct).addInfo(text);
  }
}

const sentence = ({ place, summary, detail, fix }: Omit<Finding, "rule">): string =>
  [`${place.file}: ${summary}`, detail, fix && `→ ${fix}`].filter(Boolean).join(" ");
