import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocations, Provoke } from "../src/boundaries/provocation.ts";
import { countedRate, failingShare } from "./counted.provoke.ts";
import {
  dropped,
  errorRate,
  newIssues,
  receivedRate,
  regressedIssues,
  triggered,
  watchProvocations,
} from "./errors.ts";

/** There is one or there is none: nothing lies between a whole number and the next. */
const oneMore: Provoke = (level) => {
  const below = Math.floor(level.threshold);
  return { ...factProvocation(level), step: 1, around: { below, above: below + 1 } };
};

/** What the facts of the exporter do not say by themselves. */
export const errorsProvocations: Provocations = {
  ...watchProvocations,
  [newIssues.name]: oneMore,
  [regressedIssues.name]: oneMore,
  [triggered.name]: oneMore,
  [errorRate.name]: countedRate(errorRate),
  [dropped.name]: failingShare(dropped, receivedRate),
};
