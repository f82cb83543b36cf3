// Inside this repository the package is its own source. In a program of your own, write `from "firedrill"` instead.
export * from "../../src/index.ts";
