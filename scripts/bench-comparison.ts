/** Two commands that are measured in the same run. */
export interface Comparison {
  name: string;
  /** What is measured, and what it is held against in the same run. */
  measured: string[];
  against: string[];
  againstName: string;
  limit: string;
  runs: number;
  /** How many of what the row is about one run of `measured` gets through. @default - 1 */
  items?: number;
  /** Exit code 1 is as good as 0: what they run may well fail, as long as it does so in both. */
  mayFail?: boolean;
}
