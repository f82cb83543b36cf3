import { base62, type Draw, digit, lower, upper, withLuhn } from "./draw.ts";
import type { Plant, Planted } from "./planted.ts";

const one = (value: string, line?: (value: string) => string): Planted => ({
  value,
  ...(line && { line: line(value) }),
});
const values =
  (make: (draw: Draw) => string): Plant =>
  (draw) =>
    one(make(draw));

/**
 * The same sorts of things as others write them. The first rules were tried on these, what they missed was looked at, and
 * the rules were made better with it.
 */
export const plantedLater: Readonly<Record<string, Plant>> = {
  "e-mail": values(({ pick, of, int }) =>
    pick([
      `${of(lower, 6)}+news${int(1, 9)}@${of(lower, 7)}.io`,
      `${of(upper, 5)}.${of(upper, 4)}@MAIL.${of(upper, 6)}.COM`,
      `jürgen.${of(lower, 5)}@müller-${of(lower, 4)}.de`,
      `${of(lower, 8)}%40${of(lower, 6)}.museum`,
      `${of(lower, 3)}'${of(lower, 4)}@dept.${of(lower, 5)}.ac.jp`,
    ]),
  ),
  IPv4: (draw) =>
    one(
      `${draw.pick([1, 8, 17, 99, 130, 172, 192, 217])}.${draw.pick([2, 15, 33, 77])}.${draw.int(0, 255)}.${draw.int(1, 254)}`,
      (value) =>
        draw.pick([
          `remote=/${value}:51234 closed`,
          `${value} - - [21/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 612`,
          `X-Forwarded-For: ${value}, 10.0.0.7`,
          `host-1/${value}:443 refused`,
          `{"peer":{"addr":"${value}","port":443}}`,
        ]),
    ),
  IPv6: (draw) =>
    one(
      draw.pick([
        `2600:1f18:${draw.hex(3)}:${draw.hex(4)}:${draw.hex(2)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(1)}`,
        `2A00:${draw.hex(4).toUpperCase()}::${draw.hex(4).toUpperCase()}:1`,
        `2001:${draw.hex(3)}:0:0:${draw.hex(4)}::${draw.hex(3)}`,
      ]),
      (value) => draw.pick([`accepted [${value}]:443`, `client=${value} ok`, `::ffff and ${value}`]),
    ),
  "phone, international": values(({ pick, digits }) =>
    pick([
      `+44 (0)20 7946 0${digits(3)}`,
      `+1.415.555.${digits(4)}`,
      `0049 30 ${digits(7)}`,
      `tel:+8190${digits(8)}`,
      `+91-98${digits(3)}-${digits(5)}`,
    ]),
  ),
  "phone, national": values(({ pick, digits }) =>
    pick([
      `(415)555-${digits(4)}`,
      `06 12 34 ${digits(2)} ${digits(2)}`,
      `0151-${digits(8)}`,
      `020 7946 0${digits(3)}`,
    ]),
  ),
  "phone, by its name": (draw) =>
    one(`0${draw.digits(9)}`, (value) =>
      draw.pick([
        `{"contact":{"phoneNumber": "${value}"}}`,
        `user_phone='${value}' verified`,
        `{"customer_mobile":${value.replace("0", "7")}}`.replace(value.replace("0", "7"), `"${value}"`),
        `phone number ${value} is taken`,
      ]),
    ),
  IBAN: values(({ pick, digits, of }) =>
    pick([
      `ES${digits(22)}`,
      `CH${digits(2)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(1)}`,
      `MT${digits(2)}${of(upper, 4)}${digits(5)}${of(upper + digit, 18)}`,
      `de${digits(20)}`,
      `NO${digits(2)} ${digits(4)} ${digits(4)} ${digits(3)}`,
    ]),
  ),
  "payment card": values(({ pick, digits }) => {
    const amex = withLuhn(`37${digits(12)}`);
    return pick([
      amex,
      `${amex.slice(0, 4)} ${amex.slice(4, 10)} ${amex.slice(10)}`,
      withLuhn(`222${pick(["1", "5"])}${digits(11)}`),
      withLuhn(`65${digits(13)}`),
      withLuhn(`3528${digits(11)}`),
    ]);
  }),
  "bearer token": (draw) =>
    one(draw.of(`${base62}._-`, draw.int(20, 60)), (value) =>
      draw.pick([
        `> authorization: bearer ${value}`,
        `headers={'Authorization': 'Bearer ${value}'}`,
        `curl -H "Authorization: Token ${value}" https://api.example.com`,
        `Proxy-Authorization: Basic ${value}`,
      ]),
    ),
  JWT: values(({ of, pick }) => `eyJ${of(base62, 33)}.eyJ${of(base62, 80)}.${pick([of(`${base62}-_`, 86), ""])}`),
  "password in an address": (draw) =>
    one(draw.of(`${base62}$!`, draw.int(6, 20)), (value) =>
      draw.pick([
        `redis://:${value}@cache:6379/0`,
        `DATABASE_URL="mysql://root:${value}@127.0.0.1/app?tls=1"`,
        `fatal: unable to access 'https://bot:${value}@git.example.com/x.git/'`,
      ]),
    ),
  "secret by its name": (draw) =>
    one(draw.of(`${base62}_.`, draw.int(8, 30)), (value) =>
      draw.pick([
        `Server=db;User Id=sa;Password=${value};Encrypt=true`,
        `{"apiKey" : "${value}"}`,
        `X-Api-Key: ${value}`,
        `config: {'refresh_token': '${value}', 'n': 1}`,
        `running backup --password ${value} --all`,
        `AWS_SECRET_ACCESS_KEY="${value}"`,
        `Set-Cookie: session=${value}; HttpOnly`,
      ]),
    ),
  "AWS key": (draw) =>
    one(`AKIA${draw.of(`${upper}234567`, 16)}`, (value) =>
      draw.pick([`arn denied for ${value}.`, `"${value}"`, `X-Amz-Credential=${value}%2F20261121`]),
    ),
  "key of a provider": values(({ of, pick }) =>
    pick([
      `gho_${of(base62, 36)}`,
      `rk_test_${of(base62, 40)}`,
      `AIza${of(`${base62}-_`, 35)}`,
      `SG.${of(base62, 22)}.${of(base62, 43)}`,
    ]),
  ),
  "principal of a user": values(
    ({ of, pick }) =>
      `${Array.from({ length: 10 }, () => of(`${lower}234567`, 5)).join("-")}-${pick(["aae", "bqe", "2ae"])}`,
  ),
};
