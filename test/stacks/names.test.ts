import { expect, it } from "vitest";
import { plainName } from "../../stacks/names.ts";
import fc from "../helpers/fast-check.ts";

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.stringMatching(/^[a-z-]{1,60}$/));

it("keeps a name that is plain already", () => {
  expect(plainName("orders-api_2")).toBe("orders-api_2");
});

it("has only letters, digits, - and _, and the length that is allowed", () => {
  fc.assert(
    fc.property(text, (name) => {
      expect(plainName(name, 40)).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    }),
  );
});

it("tells different names apart", () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(plainName(a, 40) === plainName(b, 40)).toBe(a === b);
    }),
  );
  expect(plainName("orders api", 40)).not.toBe(plainName("orders/api", 40));
});
