import { base62, type Draw, digit, lower, upper, withLuhn } from "./draw.ts";
import type { Make } from "./harmless.ts";
import type { Plant } from "./planted.ts";

/**
 * The part that was held out last: written after the faults that the second one showed were mended, with keys, layouts
 * and values of its own; the rules were not changed after it was sent through them.
 */
const frames: readonly ((text: string) => string)[] = [
  (text) => `{"time":"2026-11-22T09:00:01.113Z","level":30,"pid":18,"msg":${JSON.stringify(text)}}`,
  (text) => `2026-11-22T09:00:01.113+01:00  INFO 1 --- [nio-8080-exec-2] c.s.web.AuditFilter : ${text}`,
  (text) => `{"ts":1795338001,"caller":"api/handler.go:88","request":{"body":${JSON.stringify(text)}}}`,
  (text) => `app[web.1]: ${text}`,
  (text) => `I, [2026-11-22T09:00:01.113 #18]  INFO -- : [9f1c] ${text}`,
  (text) => `<190>Nov 22 09:00:01 gw haproxy[7]: ${text}`,
];
const framed = (value: string, text: string, draw: Draw) => ({ value, line: draw.pick(frames)(text) });
/** A value under a key, the way a program prints it. */
const field = (value: string, draw: Draw, ...keys: readonly string[]) => {
  const key = draw.pick(keys);
  const text = draw.pick([
    `Parameters: {"commit"=>"Save", "${key}"=>"${value}"}`,
    `params ${key}=${encodeURIComponent(value)}&utf8=1`,
    `saved ${key}='${value}' for row 4`,
    `{"${key}": "${value}", "plan": "pro"}`,
    `${key}: ${value}; plan: pro`,
    `Record(plan=pro, ${key}=${value})`,
    `changed "${key}" to "${value}"`,
    `INPUT <${key}>${value}</${key}>`,
  ]);
  return framed(value, text, draw);
};
const loose = (value: string, draw: Draw) =>
  framed(
    value,
    draw.pick([
      `reply to ${value} queued`,
      `subject (${value}) is blocked`,
      `lookup of '${value}' took 4 ms`,
      `value=${value}`,
      `got ${value}, want none`,
    ]),
    draw,
  );

const people = [
  "Ingrid Holm",
  "Pablo Ortega",
  "Chiara Lombardi",
  "Tomasz Wójcik",
  "Emma Thompson",
  "Yusuf Demir",
  "Hannah Müller",
  "Lars van Dijk",
];
const streets = [
  "Nordstraße 14, 24103 Kiel",
  "48 Queens Road, Bristol BS8 1RE",
  "2201 Oak Lane, Denver, CO 80202",
  "Avenida Brasil 310, 20040 Rio",
  "Kerkstraat 7, 1017 GA Amsterdam",
];

export const heldOutLast: Readonly<Record<string, Plant>> = {
  "e-mail": (draw) =>
    loose(
      `${draw.of(lower, draw.int(3, 9))}${draw.pick([".", "_", "-", "+", ""])}${draw.of(lower + digit, 5)}@${draw.pick(["icloud.com", "t-online.de", "live.fr", "uni-bonn.de", "ntt.ne.jp", "startup.io"])}`,
      draw,
    ),
  phone: (draw) =>
    loose(
      draw.pick([
        `+31 6 ${draw.digits(8)}`,
        `+61 4${draw.digits(2)} ${draw.digits(3)} ${draw.digits(3)}`,
        `+49 (0)151 ${draw.digits(8)}`,
        `0911 ${draw.digits(6)}`,
        `(040) ${draw.digits(2)} ${draw.digits(2)}-${draw.digits(3)}`,
        `(${draw.int(201, 989)}) ${draw.digits(3)}-${draw.digits(4)}`,
        `0161 496 0${draw.digits(3)}`,
        `01 4${draw.digits(1)} ${draw.digits(2)} ${draw.digits(2)} ${draw.digits(2)}`,
      ]),
      draw,
    ),
  "phone, by its name": (draw) =>
    field(
      `${draw.int(3, 9)}${draw.digits(8)}`,
      draw,
      "phone",
      "customer_phone",
      "mobile_phone",
      "phoneNumber",
      "cell",
      "tel",
      "whatsapp",
    ),
  "payment card": (draw) => {
    const plain = withLuhn(
      draw.pick([`4${draw.digits(14)}`, `54${draw.digits(13)}`, `2300${draw.digits(11)}`, `65${draw.digits(13)}`]),
    );
    return loose(
      draw.pick([plain, plain.replace(/(\d{4})(?=\d)/g, "$1 "), plain.replace(/(\d{4})(?=\d)/g, "$1-")]),
      draw,
    );
  },
  "bank account": (draw) =>
    loose(
      draw
        .pick([
          `DE${draw.digits(20)}`,
          `ES${draw.digits(22)}`,
          `CH${draw.digits(19)}`,
          `GB${draw.digits(2)}${draw.of(upper, 4)}${draw.digits(14)}`,
          `SK${draw.digits(22)}`,
        ])
        .replace(/(.{4})(?=.)/g, draw.pick(["$1", "$1 "])),
      draw,
    ),
  "identity, by its name": (draw) =>
    field(
      draw.pick([
        `${draw.int(1, 6)}${draw.digits(2)}-${draw.digits(2)}-${draw.digits(4)}`,
        draw.digits(10),
        `${draw.of(upper, 2)}${draw.digits(7)}`,
      ]),
      draw,
      "ssn",
      "tax_number",
      "passport_number",
      "nationalId",
      "identity_card",
      "insuranceNumber",
      "driver_license_number",
    ),
  "public address": (draw) =>
    loose(
      draw.pick([
        `${draw.pick([5, 34, 62, 88, 151, 195])}.${draw.int(17, 255)}.${draw.int(0, 255)}.${draw.int(1, 254)}`,
        `2a03:2880:${draw.hex(4)}::${draw.hex(4)}`,
      ]),
      draw,
    ),
  token: (draw) =>
    loose(
      draw.pick([
        `Bearer ${draw.of(`${base62}-_`, 36)}`,
        `eyJ${draw.of(base62, 30)}.eyJ${draw.of(base62, 50)}.${draw.of(`${base62}_-`, 43)}`,
        `ghp_${draw.of(base62, 36)}`,
        `AKIA${draw.of(`${upper}234567`, 16)}`,
        `xoxb-${draw.digits(12)}-${draw.of(base62, 24)}`,
        `sk_live_${draw.of(base62, 24)}`,
      ]),
      draw,
    ),
  "secret, by its name": (draw) =>
    field(
      draw.of(base62, draw.int(10, 28)),
      draw,
      "password",
      "user_password",
      "passphrase",
      "client_secret",
      "api_token",
      "authToken",
      "secret_key",
      "accessKey",
    ),
  "name, by its name": (draw) =>
    field(
      draw.pick(people),
      draw,
      "full_name",
      "fullName",
      "customer_name",
      "customer",
      "contact",
      "cardholder",
      "beneficiary_name",
    ),
  "first or last name": (draw) =>
    field(
      (draw
        .pick(people)
        .split(" ")
        .at(draw.pick([0, -1])) ?? "") as string,
      draw,
      "first_name",
      "last_name",
      "firstName",
      "lastName",
      "surname",
    ),
  "address, by its name": (draw) =>
    field(draw.pick(streets), draw, "address", "street", "delivery_address", "billingAddress", "home_address"),
  "birth date, by its name": (draw) =>
    field(
      draw.pick([
        `19${draw.int(50, 99)}-0${draw.int(1, 9)}-1${draw.int(0, 9)}`,
        `1${draw.int(0, 9)}.0${draw.int(1, 9)}.19${draw.int(50, 99)}`,
        `1${draw.int(0, 9)} June 19${draw.int(50, 99)}`,
      ]),
      draw,
      "dob",
      "birth_date",
      "dateOfBirth",
      "birthday",
    ),
  "device, by its name": (draw) =>
    field(
      draw.pick([
        draw.hex(16),
        `${draw.hex(8)}-${draw.hex(4)}-4${draw.hex(3)}-a${draw.hex(3)}-${draw.hex(12)}`.toUpperCase(),
        `86${draw.digits(13)}`,
      ]),
      draw,
      "device_id",
      "deviceId",
      "imei",
      "advertising_id",
    ),
  "coordinates, by their name": (draw) =>
    field(
      `${draw.pick(["", "-"])}${draw.int(10, 80)}.${draw.digits(5)}`,
      draw,
      "lat",
      "latitude",
      "longitude",
      "gps_lng",
    ),
};

const quiet = (text: string, draw: Draw) => draw.pick(frames)(text);
/** A harmless text in any frame. */
const texts =
  (make: (draw: Draw) => readonly string[]): Make =>
  (draw) =>
    quiet(draw.pick(make(draw)), draw);

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
