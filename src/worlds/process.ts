/** One exposed value; `id` is the same for the same labels. */
export interface ExposedValue {
  readonly id: string;
  /** With `__name__`, without the target's own labels. */
  readonly labels: Record<string, string>;
  /** As of the last call of `exposed`. */
  value: number;
}

export const exposedValue = (name: string, labels: Readonly<Record<string, string>>): ExposedValue => ({
  id: [name, ...Object.values(labels)].join("\n"),
  labels: { __name__: name, ...labels },
  value: 0,
});

/** An instance of a service, with what it shows of itself to whoever scrapes it. Time only goes on. */
export interface Process {
  /** Goes on until then; nothing changes in the world before. */
  runTo(ms: number): void;
  /** What is true in the world has changed. */
  change(): void;
  /** Forgets what it has counted. */
  restart(): void;
  /** All there is to see now. */
  exposed(): ExposedValue[];
  /** It was scraped, which some count as well. */
  scraped(): void;
}
