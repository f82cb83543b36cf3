import { healthPack } from "../src/model/conventions.ts";
import type { Pack } from "../src/model/pack.ts";
import { minutes } from "../src/model/quantity.ts";
import {
  known,
  lost,
  openAlerts,
  openCount,
  platformHealth,
  serviceHealth,
  targets,
  weight,
} from "./health.signals.ts";

/**
 * How well each service and the platform are, in one number that its parts explain: made from the alerts of all other
 * packs. It has none of its own, which would only repeat them.
 */
export const health: Pack = {
  name: healthPack,
  title: "Health",
  derived: { interval: minutes(1), groups: () => [], feature: "health" },
  signals: [known, openAlerts, lost, openCount, serviceHealth, weight, platformHealth, targets],
  alerts: [],
};
