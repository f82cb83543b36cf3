import type { Provocations } from "../src/boundaries/provocation.ts";
import { averageOfEach, failingShare } from "./counted.provoke.ts";
import { functionErrors, functionTime, invocations, watchProvocations } from "./netlify.ts";

/** What the facts of the exporter do not say by themselves. */
export const netlifyProvocations: Provocations = {
  ...watchProvocations,
  [functionErrors.name]: failingShare(functionErrors, invocations),
  [functionTime.name]: averageOfEach(functionTime, invocations, functionErrors),
};
