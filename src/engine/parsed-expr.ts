export interface Matcher {
  name: string;
  op: "=" | "!=" | "=~" | "!~";
  value: string;
}

export interface ParsedExpr {
  error?: { message: string; line: number; column: number };
  formatted?: string;
  type?: "scalar" | "vector" | "matrix" | "string";
  /** vector selectors, in the order of the text; `metric` is not repeated among the matchers */
  selectors?: Selector[];
  /** the steps of its evaluation */
  tree?: ExprNode;
}

export interface Selector {
  metric?: string;
  matchers: Matcher[];
}

/**
 * One step of an expression's evaluation, with the steps that it works on. What does not change labels (parentheses,
 * signs, ranges, subqueries) is no step of its own: it belongs to `text` and `type` of what is in it.
 */
export interface ExprNode {
  kind: "selector" | "number" | "text" | "aggregation" | "call" | "operation";
  text: string;
  type: "scalar" | "vector" | "matrix" | "string";
  /** of a selector: its place in `selectors` */
  selector?: number;
  /** of a text: what it says */
  value?: string;
  /** name of the aggregation, function or operator */
  op?: string;
  /** a comparison without `bool`: series for which it does not hold are left out */
  filters?: boolean;
  /** of an operation between two vectors without a clause: `ignoring` no labels */
  mode?: "by" | "without" | "on" | "ignoring";
  labels?: string[];
  /** the side of which several series may meet one of the other, by group_left or group_right; `include`: its labels */
  side?: "left" | "right";
  include?: string[];
  /** of an aggregation: what is aggregated, then its parameter */
  args?: ExprNode[];
}
