import type { Report } from "./report.ts";
import { jsonReport } from "./report-json.ts";
import { junitReport } from "./report-junit.ts";
import { markdownReport } from "./report-markdown.ts";

/** How each kind of report file is written, by the ending of its name. docs/reports.md says what is in them. */
export const reportWriters: Readonly<Record<string, (report: Report) => string>> = {
  ".json": jsonReport,
  ".xml": junitReport,
  ".md": markdownReport,
};
