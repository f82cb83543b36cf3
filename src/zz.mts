import { operationOf, parseLogql } from "./loki/logql-tree.ts";

const show = (q: string, n: any): string => {
  const o = operationOf(n);
  if (o) return `[${show(q, o.left)} ${o.operator.kind} ${show(q, o.right)}]`;
  if (n.kind === "Paren") return `(${show(q, n.children[0])})`;
  return q.slice(n.from, n.to);
};
const tree = (q: string, n: any, i = ""): string =>
  i +
  n.kind +
  " " +
  JSON.stringify(q.slice(n.from, n.to).slice(0, 50)) +
  "\n" +
  n.children.map((c: any) => tree(q, c, i + "  ")).join("");
for (const q of process.argv.slice(2)) {
  const t = parseLogql(q);
  console.log(t ? show(q, t) : "ERR", "\n", t && process.env.T ? tree(q, t) : "");
}
