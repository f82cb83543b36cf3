import { releasesPack } from "../src/model/conventions.ts";
import { alert, type Pack } from "../src/model/pack.ts";
import { count, formatDuration, minutes, percent } from "../src/model/quantity.ts";
import { beforeBad, comparedEvery, releaseBad } from "./releases.shares.ts";
import { difference, heldFor, releaseSignals, significance, sureErrors } from "./releases.signals.ts";

/** The share of one version as text, the last that is known of it. */
const shareOf = (series: string, version: "version" | "before"): string =>
  `{{ with printf "last_over_time(${series}{environment=%q, service=%q, ${version}=%q, kpi=%q}[${formatDuration(heldFor)}])" $labels.environment $labels.service $labels.${version} $labels.kpi | query }}{{ . | first | value | humanizePercentage }}{{ else }}{{ "?" }}{{ end }}`;

/**
 * One more bad request in a hundred is what users notice; and four standard errors, because versions are compared every
 * minute: at two, one release in twenty that is as good as the last would be called worse.
 */
export const ReleaseRegression = alert({
  name: "ReleaseRegression",
  pack: releasesPack,
  signal: difference,
  above: { warning: percent(1), critical: percent(5) },
  // Counts over half an hour do not flap. That long a process may need to warm up.
  for: minutes(3),
  guard: { signal: significance, above: count(sureErrors) },
  summary:
    "{{ $labels.service }} {{ $labels.version }} is worse than {{ $labels.before }}: {{ $value | humanizePercentage }} more of its requests are {{ $labels.kpi }}",
  impact: `Of the requests to {{ $labels.version }}, ${shareOf(releaseBad.series, "version")} are {{ $labels.kpi }}; of those to {{ $labels.before }} it was ${shareOf(beforeBad.series, "before")}. That is no chance. Go back to {{ $labels.before }} first and look for the cause then.`,
});

/** Whether a new version is worse than what ran before it. */
export const releases: Pack = {
  name: releasesPack,
  title: "Releases",
  derived: { interval: comparedEvery, groups: () => [] },
  signals: releaseSignals,
  alerts: [ReleaseRegression],
};
