// Names every test in a JUnit report that failed, with the first line of why; with --count, how many there are, how
// many failed and how many were skipped.
import { readFileSync } from "node:fs";

const [path, counts] = process.argv.slice(2).sort((a) => (a === "--count" ? 1 : -1));
const entities = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&", "#10": "\n" };
const text = (xml = "") => xml.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole);
const attribute = (xml, name) => text(new RegExp(`\\b${name}="([^"]*)"`).exec(xml)?.[1]);

const cases = readFileSync(path, "utf8").split("<testcase ").slice(1);
const failed = cases.filter((one) => /<(failure|error)\b/.test(one));
if (counts) {
  console.log(cases.length, failed.length, cases.filter((one) => one.includes("<skipped")).length);
} else {
  for (const one of failed) {
    const [, why = ""] = /<(?:failure|error)\b([^>]*)/.exec(one) ?? [];
    console.log(`FAILED: ${attribute(one, "classname")} › ${attribute(one, "name")}`);
    console.log(`        ${attribute(why, "message").split("\n")[0]}`);
  }
}
