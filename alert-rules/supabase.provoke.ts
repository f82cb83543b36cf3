import type { Provocations } from "../src/boundaries/provocation.ts";
import { failingShare } from "./counted.provoke.ts";
import { shareOfProcessors } from "./host.provoke.ts";
import { authErrors, authRequests, cpuUse } from "./supabase.signals.ts";
import { watchProvocations } from "./supabase.ts";

/** What the facts of the exporter do not say by themselves. */
export const supabaseProvocations: Provocations = {
  ...watchProvocations,
  [cpuUse.name]: shareOfProcessors,
  [authErrors.name]: failingShare(authErrors, authRequests),
};
