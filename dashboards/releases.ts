import { firstSeen } from "../alert-rules/releases.newest.ts";
import { beforeBad, beforeRequests, releaseBad, releaseRequests } from "../alert-rules/releases.shares.ts";
import { difference, significance } from "../alert-rules/releases.signals.ts";
import { releases } from "../alert-rules/releases.ts";
import { versionBad, versionRequests } from "../alert-rules/releases.versions.ts";
import type { Dashboard } from "../src/render/dashboard.ts";
import type { Moments } from "../src/render/panels.ts";

/** Whatever changes on a graph: did it begin with a release? */
export const newVersions: Moments = {
  title: "New version",
  signal: firstSeen,
  words: "{{service}} {{version}} in {{environment}}",
};

/** Which versions run, whether the newest is worse, and how sure that is; below, what it is worked out from. */
export const releasesDashboard: Dashboard = {
  pack: releases.name,
  title: releases.title,
  stats: [
    { title: "Versions that run", signal: releaseRequests, query: (of) => `count(${of(versionRequests)})` },
    { title: "Worst difference", signal: difference, query: (of) => `max(${of(difference)})` },
  ],
  panels: [difference, significance, versionRequests, versionBad],
  moments: [newVersions],
  details: [releaseBad, beforeBad, releaseRequests, beforeRequests],
};
