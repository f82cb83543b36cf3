import { expect, it } from "vitest";
import { HttpErrorRatioHigh, HttpNoTraffic } from "../../alert-rules/http.ts";
import { drill, fires } from "../../src/drills/drill.ts";
import { everyRoute, healthy, route } from "../../src/drills/world.ts";
import { percent, requestsPerSecond } from "../../src/model/quantity.ts";
import { notPassed, run } from "../helpers/drills.ts";
import { rulesOf, serviceOf, shop } from "../helpers/shop.ts";

const platform = shop();
const orders = healthy(serviceOf(platform, "orders-api"));
const failing = drill("failing", {
  world: orders.from("12:00", route("/orders").withErrors(percent(40))),
  expect: [fires(HttpErrorRatioHigh, "critical", { route: "/orders" }).between("12:04", "12:08")],
});
const silent = drill("silent", {
  world: orders.from("12:00", everyRoute().withTraffic(requestsPerSecond(0))),
  expect: [fires(HttpNoTraffic, "warning").between("12:10", "12:20")],
});

/** What is wrong with the message when a text of the rules is another. */
function problems(text: string | RegExp, instead: string): string[] {
  const rules = rulesOf(platform).map(({ name, yaml }) => ({ name, yaml: yaml.replaceAll(text, instead) }));
  expect(rules, `"${text}" is in the rules`).not.toEqual(rulesOf(platform));
  return run(platform, [failing], rules).flatMap(({ failures }) => failures.flatMap(({ details = [] }) => details));
}

it("a message that says all that it should is well, also when nothing at all happens", () => {
  expect(notPassed(run(platform, [failing, silent]))).toEqual([]);
});

it.each<[fault: string, text: string | RegExp, instead: string, problem: string]>([
  ["a summary that does not name the route", "{{ $labels.route }} of", "It of", "its summary is "],
  [
    "a summary whose label is not there",
    "{{ $labels.service }} fails",
    "{{ $labels.servcie }} fails",
    "its summary is ",
  ],
  ["a summary without its value", "fails: {{ $value | humanizePercentage }}", "fails: {{ $ }}", "its summary is "],
  [
    "a value that is of something else",
    "fails: {{ $value | humanizePercentage }}",
    "fails: {{ 0.001 | humanizePercentage }}",
    'the value in its summary is "0.1%", which is not above 5 %',
  ],
  ["a description that does not name the route", "to {{ $labels.route }} are", "to it are", "its description is "],
  [
    "no value",
    /value: "\{\{ \$value \| humanizePercentage \}\}"/g,
    'value: ""',
    "the value in its value is missing, which is not above 5 %",
  ],
  [
    "another threshold than promised",
    "above 5 % for 5m",
    "above 6 % for 5m",
    'its annotation threshold is "above 6 % for 5m", not "above 5 % for 5m"',
  ],
  ["no runbook", /runbook_url: .*/g, 'runbook_url: ""', "its annotation runbook_url is missing, not "],
  ["another dashboard", "/d/firedrill-http?", "/d/firedrill-https?", "its dashboard_url is "],
  [
    "a dashboard without its route",
    "&var-route={{ $labels.route | urlquery }}",
    "",
    "its dashboard_url chooses route missing",
  ],
  ["logs of another service", "$labels.service) | urlquery", "$labels.route) | urlquery", "its logs_url is "],
  [
    "logs that cannot be read",
    /logs_url: .*/g,
    "logs_url: https://grafana.example.com/explore?panes=x",
    "its logs_url is ",
  ],
  ["a label that is gone", /pack: http/g, "other: http", 'its label pack is missing, not "http"'],
])("%s is a failure", (_, text, instead, problem) => {
  const found = problems(text, instead);
  expect(found.map((one) => one.slice(0, problem.length))).toEqual([problem]);
});
