import { type Draw, drawFrom } from "./draw.ts";
import { harmless } from "./harmless.ts";
import { harmlessHeldOut } from "./harmless-held-out.ts";
import { harmlessHeldOutAgain } from "./harmless-held-out-again.ts";
import { harmlessHeldOutLast } from "./harmless-held-out-last.ts";
import { heldOut } from "./held-out.ts";
import { heldOutAgain } from "./held-out-again.ts";
import { heldOutLast } from "./held-out-last.ts";
import { type Plant, planted } from "./planted.ts";
import { plantedLater } from "./planted-later.ts";
import { plantedPeople } from "./planted-people.ts";

/** What the rules were written with, and what was held out from them; all but the last part is known since. */
export const parts = ["seen", "heldOut", "heldOutAgain", "heldOutLast"] as const;
export type Part = (typeof parts)[number];

/** A line as a service sends it: its text, or a mapping, and what stands beside it. */
export interface CorpusLine {
  part: Part;
  /** What was planted, or what it looks like and is not. */
  sort: string;
  /** Undefined in a harmless line. */
  value?: string;
  body: string | Record<string, string>;
  attributes: Record<string, string>;
}

/** How services write lines: as text of several formats, as a mapping, with attributes beside the text. */
const formats: readonly ((value: string) => Pick<CorpusLine, "body" | "attributes">)[] = [
  (value) => ({
    body: `{"level":"info","ts":"2026-11-21T10:00:00Z","msg":"user ${value} signed in","n":3}`,
    attributes: {},
  }),
  (value) => ({ body: `{"level":"warn","user":{"contact":"${value}"},"items":[1,2]}`, attributes: {} }),
  (value) => ({ body: `level=info msg="seen ${value}" took=12ms`, attributes: {} }),
  (value) => ({ body: `2026-11-21 10:00:00,123 INFO app.users: changed ${value} (3 fields)`, attributes: {} }),
  (value) => ({ body: `GET /users?q=${value}&page=2 HTTP/1.1" 200`, attributes: {} }),
  (value) => ({ body: `Traceback: ValueError: ('${value}', 3)`, attributes: {} }),
  (value) => ({ body: "profile changed", attributes: { "app.detail": value } }),
  (value) => ({ body: { message: "profile changed", detail: `was ${value}` }, attributes: {} }),
];

/** Lines for each sort. */
export const linesPerSort = 60;

/** Generators of what is planted and of what is harmless, by sort; each of them makes lines of its own. */
const generators = {
  seen: { plants: [planted, plantedLater, plantedPeople], harmless },
  heldOut: { plants: [heldOut], harmless: harmlessHeldOut },
  heldOutAgain: { plants: [heldOutAgain], harmless: harmlessHeldOutAgain },
  heldOutLast: { plants: [heldOutLast], harmless: harmlessHeldOutLast },
};

/** The whole corpus, from its seed. */
export function corpus(seed = 1): CorpusLine[] {
  return parts.flatMap((part, p) => [
    ...generators[part].plants.flatMap((plants, g) =>
      Object.entries(plants).flatMap(([sort, plant], s) =>
        lines(drawFrom(seed, 1000 * p + 100 * g + s), (draw) => ({ part, sort, ...plantedLine(plant, draw) })),
      ),
    ),
    ...Object.entries(generators[part].harmless).flatMap(([sort, make], s) =>
      lines(drawFrom(seed, 1000 * p + 500 + s), (draw) => ({ part, sort, body: make(draw), attributes: {} })),
    ),
  ]);
}

const lines = (draw: Draw, line: (draw: Draw) => CorpusLine): CorpusLine[] =>
  Array.from({ length: linesPerSort }, () => line(draw));

function plantedLine(plant: Plant, draw: Draw): Pick<CorpusLine, "value" | "body" | "attributes"> {
  const { value, line } = plant(draw);
  return { value, ...(line === undefined ? draw.pick(formats)(value) : { body: line, attributes: {} }) };
}
