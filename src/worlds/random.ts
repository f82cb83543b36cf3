/** A seeded source of random numbers: the same seed gives the same numbers on every computer. */
export interface Random {
  /** Evenly spread over [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** How many events come while `expected` are expected: Poisson. Takes time in proportion to it. */
  poisson(expected: number): number;
}

/**
 * Mulberry32 (Tommy Ettinger): 32 bits of state, passes gjrand's tests, quite enough for traffic. `stream` tells
 * apart sources with one seed, so that one route's noise does not depend on how many others there are.
 */
export function seededRandom(seed: number, stream = 0): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const exponential = () => -Math.log(1 - uniform());
  return {
    uniform,
    // Box and Muller's transform; its second value is thrown away, which costs less than remembering it.
    normal: () => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * uniform()),
    poisson(expected) {
      let events = 0;
      for (let left = expected - exponential(); left > 0; left -= exponential()) events += 1;
      return events;
    },
  };
}

/** One of them; throws an Error where there is none. */
export function pick<T>(among: readonly T[], random: Random): T {
  const found = among[Math.floor(random.uniform() * among.length)];
  if (found === undefined) throw new Error("there is nothing to choose from");
  return found;
}

/** All of them in another order. */
export function shuffled<T>(all: readonly T[], random: Random): T[] {
  return all
    .map((one) => ({ one, rank: random.uniform() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}
