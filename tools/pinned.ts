/** How a tool is built from its pinned Go module in `tools/<folder>`. */
export interface GoBuild {
  folder: "prometheus" | "alertmanager" | "loki" | "otelcol";
  /** The main package; `undefined`: the builder writes it first (the collector). */
  package: string | undefined;
  /** `-ldflags -X` variable that `--version` prints; `undefined`: the written main package holds the version. */
  versionVariable: string | undefined;
  /** Minutes on 2 cores with nothing in Go's cache and the modules not yet downloaded. */
  coldMinutes: number;
}

/** A program that drills, checks or the live stack start. */
export interface Tool {
  /** What is built here, and what must be found at least (major and minor) for a program on PATH to be used. */
  version: string;
  /** Arguments that print the version and end. */
  versionArguments: readonly string[];
  /** The name looked for on PATH; `undefined`: only our own will do. */
  nameOnPath?: string;
  build?: GoBuild;
}

const prometheusVersion = "github.com/prometheus/common/version.Version";
const lokiVersion = "github.com/grafana/loki/v3/pkg/util/build.Version";

/** Every tool by name. Versions follow `tools/<folder>/go.mod`, where Prometheus 3.15.0 is called v0.315.0. */
export const pinnedTools = {
  prometheus: goTool("prometheus", "3.15.0", {
    folder: "prometheus",
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    versionVariable: prometheusVersion,
    coldMinutes: 6,
  }),
  promtool: goTool("promtool", "3.15.0", {
    folder: "prometheus",
    package: "github.com/prometheus/prometheus/cmd/promtool",
    versionVariable: prometheusVersion,
    coldMinutes: 6,
  }),
  alertmanager: goTool("alertmanager", "0.31.1", {
    folder: "alertmanager",
    package: "github.com/prometheus/alertmanager/cmd/alertmanager",
    versionVariable: prometheusVersion,
    coldMinutes: 2,
  }),
  amtool: goTool("amtool", "0.31.1", {
    folder: "alertmanager",
    package: "github.com/prometheus/alertmanager/cmd/amtool",
    versionVariable: prometheusVersion,
    coldMinutes: 2,
  }),
  loki: goTool("loki", "3.7.8", {
    folder: "loki",
    package: "github.com/grafana/loki/v3/cmd/loki",
    versionVariable: lokiVersion,
    coldMinutes: 9,
  }),
  lokitool: goTool(
    "lokitool",
    "3.7.8",
    {
      folder: "loki",
      package: "github.com/grafana/loki/v3/cmd/lokitool",
      versionVariable: lokiVersion,
      coldMinutes: 9,
    },
    "version",
  ),
  // Upstream's `otelcol` lacks sigv4auth; `otelcol-contrib` has every part that our configs use.
  otelcol: goTool("otelcol-contrib", "0.155.0", {
    folder: "otelcol",
    package: undefined,
    versionVariable: undefined,
    coldMinutes: 8,
  }),
  // `terraform_data` is built in from 1.4 on.
  terraform: { version: "1.4", versionArguments: ["version"], nameOnPath: "terraform" },
  // From 1.21 on Go fetches by itself the newer version that a go.mod asks for.
  go: { version: "1.21", versionArguments: ["version"], nameOnPath: "go" },
  // The oldest that the FastAPI example's locked requirements are made for.
  python3: { version: "3.10", versionArguments: ["--version"], nameOnPath: "python3" },
  // The same with the example's packages, in an environment of its own.
  "example-python": { version: "3.10", versionArguments: ["--version"] },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof pinnedTools;

function goTool(nameOnPath: string, version: string, build: GoBuild, versionArgument = "--version") {
  return { version, versionArguments: [versionArgument], nameOnPath, build };
}
