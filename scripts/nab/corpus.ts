import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Labelled } from "./score.ts";

/** One file of the benchmark. */
export interface NabSeries extends Labelled {
  /** `realTweets/Twitter_volume_AAPL.csv` */
  name: string;
  /** The folder that it is in. */
  category: string;
  /** Of every row, ms since the epoch; NAB names no time zone, and none matters. */
  timesMs: Float64Array;
  values: Float64Array;
}

/**
 * The labelled series in a folder with NAB's `data/` and `labels/combined_windows.json`, by name. Labels of series that
 * are not there are passed over: it may be a part of the benchmark.
 */
export function readCorpus(folder: string): NabSeries[] {
  const labels = JSON.parse(readFileSync(join(folder, "labels/combined_windows.json"), "utf8")) as Record<
    string,
    [string, string][]
  >;
  const data = join(folder, "data");
  return readdirSync(data, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".csv"))
    .sort()
    .map((name) => {
      const windows = labels[name];
      if (!windows) throw new Error(`${folder}: labels/combined_windows.json says nothing of ${name}`);
      return readSeries(name, readFileSync(join(data, name), "utf8"), windows);
    });
}

/** @param csv `timestamp,value`, then a row each: `2014-04-01 00:05:00,20.0` */
export function readSeries(name: string, csv: string, windows: readonly (readonly [string, string])[]): NabSeries {
  const rows = csv.trim().split(/\r?\n/).slice(1);
  const timesMs = Float64Array.from(rows, (row) => timeMs(row.slice(0, row.indexOf(","))));
  const values = Float64Array.from(rows, (row) => Number(row.slice(row.indexOf(",") + 1)));
  const rowAt = (time: string) => {
    const row = timesMs.indexOf(timeMs(time));
    if (row < 0) throw new Error(`${name}: no row is at ${time}, where a window begins or ends`);
    return row;
  };
  return {
    name,
    category: name.split("/")[0] ?? "",
    rows: rows.length,
    timesMs,
    values,
    windows: windows.map(([first, last]) => [rowAt(first), rowAt(last)]),
  };
}

const timeMs = (text: string): number => Date.parse(`${text.replace(" ", "T").slice(0, 19)}Z`);
