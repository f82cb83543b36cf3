/**
 * Colours of states, in messages and on dashboards: blue, orange and a red that is darker than the orange. Whoever
 * does not see red or green tells them apart too (a test computes it). Colour never says anything that words do not.
 */
export const palette = { ok: "#0072B2", warning: "#E69F00", critical: "#CC3311" } as const;
