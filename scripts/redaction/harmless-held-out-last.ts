import { type Draw, digit, lower, upper } from "./draw.ts";
import { frames } from "./frames.ts";
import type { Make } from "./harmless.ts";

const quiet = (text: string, draw: Draw) => draw.pick(frames)(text);
/** A harmless text in any frame. */
const texts =
  (make: (draw: Draw) => readonly string[]): Make =>
  (draw) =>
    quiet(draw.pick(make(draw)), draw);

/** Harmless things of the part that was held out last; written with it. */
export const harmlessHeldOutLast: Readonly<Record<string, Make>> = {
  version: texts(({ int }) => [
    `jdk ${int(8, 21)}.0.${int(1, 20)}.${int(1, 9)} in use`,
    `Version: ${int(1, 9)}.${int(0, 9)}.${int(0, 99)}.${int(0, 9)}`,
    `protocol v${int(1, 9)}.${int(0, 9)}.${int(0, 9)}.0`,
    `firmware ${int(1, 9)}.${int(0, 9)}.${int(0, 9)}.${int(10, 99)} flashed`,
  ]),
  "ids and hashes": texts(({ hex, int, of, digits }) => [
    `trace ${hex(32)} span ${hex(16)}`,
    `session store evicted ${int(10, 999)} of ${int(1000, 9999)}`,
    `object ${hex(24)} updated`,
    `commit ${hex(40)} on main`,
    `job ${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)} done`,
    `ulid 01${of(upper + digit, 24)}`,
    `snowflake ${int(1, 9)}${digits(17)}`,
  ]),
  times: texts(({ int, digits }) => [
    `since 2026-11-${int(10, 28)} 0${int(1, 9)}:${int(10, 59)}`,
    `at 17${digits(8)} for ${int(1, 900)}ms`,
    `cron 0 ${int(1, 23)} * * 1-5 next 17${digits(11)}`,
    `window ${int(10, 28)}.11.2026 - ${int(10, 28)}.12.2026`,
  ]),
  numbers: texts(({ int, digits }) => [
    `order ${int(1, 9)}${digits(9)} picked`,
    `read ${int(1e9, 9e9)} bytes, wrote ${int(1e6, 9e6)}`,
    `p95 ${int(1, 900)}.${digits(3)} ms at ${int(1, 99)}.${digits(2)} %`,
    `total ${int(1, 999)},${digits(3)}.${digits(2)} EUR for ${int(1, 9)} items`,
    `batch ${int(1000, 9999)}-${digits(4)} of ${int(1, 9)} ${digits(3)} ${digits(3)} rows`,
  ]),
  "own machines": texts(({ int, of }) => [
    `connected to 10.${int(0, 255)}.${int(0, 255)}.${int(1, 254)}:5432`,
    `bound to 127.0.0.1:${int(1024, 65535)}`,
    `pod shop-web-${of(lower + digit, 10)}-${of(lower + digit, 5)} on node-${int(1, 9)}`,
    `resolved db.shop.svc.cluster.local to 172.20.${int(0, 255)}.${int(1, 254)}`,
  ]),
  "names of things": texts(({ int, of }) => [
    `name=checkout queue="orders.dlq" user=svc_orders`,
    `{"name": "billing-worker", "owner": "team-${of(lower, 4)}"}`,
    `topic name: shop.events.v${int(1, 9)}`,
    `index_name=customer_idx table_name=addresses`,
    `feature "new checkout" is on for ${int(1, 99)} %`,
  ]),
  code: texts(({ int, of }) => [
    `at shop.Password.check (src/password.ts:${int(1, 300)}:${int(1, 40)})`,
    `panic: token is nil at ${of(lower, 5)}.go:${int(1, 300)}`,
    `SELECT name, phone FROM customer WHERE id = ${int(1, 99999)}`,
    `undefined method 'address' for nil:NilClass`,
    `retry ${int(1, 5)} of 5: secret not found`,
  ]),
  sentences: texts(({ int }) => [
    "password: too short",
    "token: expired",
    `customer has ${int(1, 99)} orders`,
    "address is not valid",
    "login code sent by mail",
    "name: must not be blank",
    `api key limit is ${int(100, 999)} a minute`,
    "device offline",
    "birthday mails sent",
    `contact: ${int(1, 99)} imported`,
  ]),
  paths: texts(({ int, of, hex }) => [
    `GET /api/v1/customers/${int(1, 99999)}/orders?page=${int(1, 99)}&sort=name 200`,
    `open /srv/releases/${int(1, 99)}/config/secrets.yml: no such file`,
    `GET /assets/app-${hex(20)}.js 304`,
    `wrote /tmp/${of(lower, 8)}.csv`,
  ]),
  settings: texts(({ int, of }) => [
    `TOKEN_TTL=${int(60, 9999)} PASSWORD_MIN=12 LOG_LEVEL=debug`,
    `location=europe-west${int(1, 9)} zone=${of("abc", 1)}`,
    `cards_enabled=true phones=${int(1, 9)} latency_ms=${int(1, 999)}`,
    `password=<redacted> token=*** secret=null`,
    `birth_rate=${int(1, 9)}.${int(1, 9)} pan=${int(1, 180)} tilt=${int(1, 90)}`,
  ]),
};
