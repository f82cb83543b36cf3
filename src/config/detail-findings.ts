import {
  detailsShown,
  type HttpInstrumentation,
  instrumentations,
  isHttpInstrumentation,
  type RequestDetail,
} from "../model/instrumentation.ts";
import type { Alert } from "../model/pack.ts";
import type { ServiceProps } from "../model/platform-props.ts";
import type { Draft, PlatformFinding } from "./platform-draft.ts";

/** An alert on what the instrumentation shows of requests only where the service's code asks for it. */
export function lacksDetail(
  alert: Alert | undefined,
  instrumentation: Draft<ServiceProps["instrumentation"]> | undefined,
  packs: readonly (string | undefined)[] | undefined,
  path: (string | number)[],
): PlatformFinding[] {
  const { kind } = instrumentation ?? {};
  const needs = alert?.signal.needs;
  if (!alert || needs === undefined || !packs?.includes(alert.pack) || !kind || !isHttpInstrumentation(kind)) return [];
  const http = instrumentations[kind];
  if (detailsShown(http, instrumentation ?? {}).has(needs)) return [];
  const { cause, fix } = missingDetail[needs](http);
  return [
    {
      path,
      dependsOn: [path, [...path.slice(0, 2), "instrumentation"]],
      atKey: true,
      rule: "config/not-shown",
      severity: "error",
      summary: `The alert ${alert.name} is about what this service does not show: ${cause}.`,
      detail: "There is no series for it, so it could never fire.",
      fix: fix ?? "Remove this, or choose an instrumentation that shows it.",
    },
  ];
}

/** Why there is nothing of a detail, and what to write where it can be had. */
const missingDetail: Readonly<Record<RequestDetail, (http: HttpInstrumentation) => { cause: string; fix?: string }>> = {
  "single status codes": ({ statusSetting = "" }) => ({
    cause: "its instrumentation counts classes of status codes (5xx), not single ones (504)",
    fix: `Write ${statusSetting} in the service and \`single_status_codes: true\` under its instrumentation, or remove this.`,
  }),
  "requests in progress": ({ title, inProgress }) =>
    inProgress
      ? {
          cause: "how many requests it works on, of how many it can",
          fix: `Have ${inProgress.setting} in the service and write \`concurrency_limit\` under its instrumentation, or remove this.`,
        }
      : { cause: `${title} has no gauge of requests in progress` },
};
