/** Fractions of multiples of the golden ratio: spreads any number of things evenly over 0 to 1, none two together. */
export const spread = (index: number): number => (index * 0.6180339887498949) % 1;
