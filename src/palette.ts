/**
 * Colours of states, in messages and on dashboards. Blue, orange and vermilion of Okabe and Ito's palette, which
 * differ in lightness too: told apart without telling red from green. Colour never says anything that words do not.
 */
export const palette = { ok: "#0072B2", warning: "#E69F00", critical: "#D55E00" } as const;
