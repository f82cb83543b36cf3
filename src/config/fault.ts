import type { Finding } from "../model/finding.ts";

/** A finding whose place is still an offset in the text. */
export type Fault = Omit<Finding, "place" | "severity"> & Partial<Pick<Finding, "severity">>;
export type Report = (offset: number, fault: Fault) => void;
