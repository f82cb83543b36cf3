import { describe, expect, it } from "vitest";
import { selectByName } from "../../src/review/selection.ts";

const drills = [
  { alert: "HttpLatencyHigh", service: "orders-api", title: "one slow route is critical" },
  { alert: "HttpLatencyHigh", service: "checkout", title: "one slow route is critical" },
  { alert: "HttpTargetDown", service: "orders-api", title: "1 of 2 targets down" },
];
const choose = (...only: string[]) =>
  selectByName(drills, only, "drill", ({ alert, service, title }) => [alert, service, `${service} › ${title}`]);

describe("a selection by name", () => {
  it("is everything where nothing is asked for", () => {
    expect(choose()).toEqual({ selected: drills });
  });

  it("finds a part of a name, whatever its case, and never reads it as a pattern", () => {
    expect(choose("httplatency").selected).toEqual(drills.slice(0, 2));
    expect(choose("orders-api › one SLOW").selected).toEqual(drills.slice(0, 1));
    expect(choose("Http.*").complaint).toBeDefined();
  });

  it("takes what any of several texts chooses, once, in the order of the drills", () => {
    expect(choose("TargetDown", "checkout", "critical").selected).toEqual(drills);
  });

  it("complains of a text that chooses nothing, and says what was probably meant", () => {
    expect(choose("checkout", "HttpLatencyHihg")).toEqual({
      selected: [],
      complaint:
        '--only "HttpLatencyHihg" chooses no drill: none has that in its name.\n→ Did you mean "HttpLatencyHigh"?',
    });
  });

  it("names what there is where nothing is near", () => {
    expect(choose("kafka").complaint).toContain("→ Names that there are: checkout, orders-api, HttpTargetDown,");
    expect(selectByName([], ["kafka"], "drill", () => []).complaint).toContain("There is no drill at all.");
  });
});
