import { base62, type Draw, digit, lower, upper, withLuhn } from "./draw.ts";
import { frames } from "./frames.ts";
import type { Plant } from "./planted.ts";

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

/**
 * The part that was held out last: written after the faults that the second one showed were mended, with keys, layouts
 * and values of its own; the rules were not changed after it was sent through them.
 */
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
