import type { Provocations } from "../src/boundaries/provocation.ts";
import { countedRate, failingShare } from "./counted.provoke.ts";
import { shareOfProcessors } from "./host.provoke.ts";
import { authErrors, authRequests, cpuUse, poolTimeouts } from "./supabase.signals.ts";
import { watchProvocations } from "./supabase.ts";

/** What the facts of the exporter do not say by themselves. */
export const supabaseProvocations: Provocations = {
  ...watchProvocations,
  [cpuUse.name]: shareOfProcessors,
  [poolTimeouts.name]: countedRate(poolTimeouts),
  [authErrors.name]: failingShare(authErrors, authRequests),
};
