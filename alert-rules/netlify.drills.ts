import { type Drill, drill, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  type Level,
  levelsOf,
  noon,
  othersQuiet,
  readable,
} from "../src/drills/drill-subject.ts";
import { deployed, functionErrors, invocations, NetlifyDeployFailed, NetlifyFunctionsFail } from "./netlify.ts";

/** Drills of a team's sites that follow from none of its promises. */
export const netlifyDrills = (subject: DrillSubject): Drill[] => [
  ...levelsOf(NetlifyDeployFailed, subject).map(secondTry),
  ...levelsOf(NetlifyFunctionsFail, subject).map(oneOfTwo),
];

/** Somebody who sees a deploy fail tries again at once; when that helps, nobody else need know. */
function secondTry({ severity, subject }: Level): Drill {
  return drill(`a deploy that fails and goes well three minutes later is not ${called[severity]}`, {
    world: subject.world.has(deployed.fact ?? "", 0, noon, "12:03"),
    expect: [quiet(NetlifyDeployFailed, severity), ...othersQuiet(subject, NetlifyDeployFailed)],
  });
}

/** Each exporter behind a balancer gets a part of what the drain sends: what counts are the calls of all of them. */
function oneOfTwo({ severity, subject, threshold }: Level): Drill {
  const share = readable(Math.min(1, 1.6 * threshold));
  return drill(`failures that one exporter of two has seen, and that are too few of all, are not ${called[severity]}`, {
    world: subject.world
      .withInstances(2)
      .has(invocations.fact ?? "", 20)
      .has(functionErrors.fact ?? "", 0)
      .has(functionErrors.fact ?? "", share, noon, undefined, { instances: 1 }),
    expect: [quiet(NetlifyFunctionsFail, severity), ...othersQuiet(subject, NetlifyFunctionsFail)],
  });
}
