import { base62, digit, lower, upper } from "./draw.ts";
import { anywhere, keyed, under } from "./layouts.ts";
import type { Plant } from "./planted.ts";

const givenNames = ["Björn", "Aoife", "Thi Hoa", "Giulia", "Kwame", "Zofia", "Ana María", "Dmitri", "Leila", "Noah"];
const familyNames = [
  "Nguyen",
  "Rossi",
  "Mensah",
  "Nowak",
  "de Souza",
  "Petrov",
  "Haddad",
  "Lindqvist",
  "Papadopoulos",
  "O’Connor",
];

/** The rest of it: secrets, and what is told by its name. */
export const heldOutAgainByKey: Readonly<Record<string, Plant>> = {
  JWT: (draw) =>
    under(
      `eyJ${draw.of(base62, 17)}.eyJ${draw.of(`${base62}-_`, 60)}.${draw.of(`${base62}-_`, 43)}`,
      draw,
      "id",
      "t",
      "assertion",
      "accessToken",
    ),
  "scheme of HTTP": (draw) => {
    const value = draw.pick([draw.of(`${base62}-._~`, 40), draw.of(base62, 22), `${draw.of(`${base62}+/`, 26)}==`]);
    return keyed(
      value,
      draw,
      (v) => `map[Accept:[*/*] Authorization:[Bearer ${v}]]`,
      (v) => `{"headers":{"Authorization":"Basic ${v}"}}`,
      (v) => `-H 'authorization: Bearer ${v}' https://api.example.com/v1`,
      (v) => `{"h":"{\\"Authorization\\":\\"Bearer ${v}\\"}"}`,
      (v) => `proxy-authorization=Basic ${v}`,
      (v) => `using header Authorization: Token token=${v}`,
    );
  },
  "key of a provider": (draw) => {
    const { of, pick, hex } = draw;
    return anywhere(
      pick([
        `AKIA${of(`${upper}234567`, 16)}`,
        `ghs_${of(base62, 36)}`,
        `glpat-${of(`${base62}-_`, 20)}`,
        `xoxp-${of(digit, 12)}-${of(digit, 12)}-${hex(32)}`,
        `sk_test_${of(base62, 24)}`,
        `rk_live_${of(base62, 24)}`,
        `AIza${of(`${base62}-_`, 35)}`,
        `sbp_${hex(40)}`,
        `nfp_${of(base62, 36)}`,
        `hf_${of(base62, 34)}`,
        `sk-${of(base62, 48)}`,
        `SG.${of(base62, 22)}.${of(base62, 43)}`,
        `glsa_${of(base62, 32)}_${hex(8)}`,
        `GOCSPX-${of(base62, 28)}`,
      ]),
      draw,
    );
  },
  "private key": (draw) => {
    const value = draw.of(`${base62}+/`, 64);
    const kind = draw.pick(["RSA ", "EC ", "OPENSSH ", ""]);
    return keyed(
      value,
      draw,
      (v) => `-----BEGIN ${kind}PRIVATE KEY-----\n${v}\n-----END ${kind}PRIVATE KEY-----`,
      (v) => `{"pem":"-----BEGIN ${kind}PRIVATE KEY-----\\n${v}\\n-----END ${kind}PRIVATE KEY-----\\n"}`,
      (v) => `loaded -----BEGIN ${kind}PRIVATE KEY----- ${v} (truncated)`,
    );
  },
  "password in an address": (draw) =>
    keyed(
      draw.of(`${base62}-_.!`, draw.int(7, 20)),
      draw,
      (v) => `dial failed: postgresql://reporting:${v}@10.2.0.8:6432/dwh?sslmode=require`,
      (v) => `{"broker":"amqps://svc:${v}@mq.shop.internal/vhost"}`,
      (v) => `pip --index-url https://ci:${v}@pypi.example.com/simple`,
      (v) => `clickhouse://default:${v}@ch-0:9000`,
      (v) => `{"u":"{\\"dsn\\":\\"mysql://app:${v}@tcp(db:3306)/shop\\"}"}`,
    ),
  "secret by its name": (draw) =>
    under(
      draw.of(`${base62}-_`, draw.int(9, 40)),
      draw,
      "password",
      "new_password",
      "clientSecret",
      "api_key",
      "x-api-key",
      "access_token",
      "refreshToken",
      "webhook_secret",
      "private_key",
      "db_pass",
      "aws_secret_access_key",
      "SESSION_SECRET",
      "encryptionKey",
    ),
  "secret in a header or a command": (draw) =>
    keyed(
      draw.of(base62, draw.int(16, 32)),
      draw,
      (v) => `> X-Api-Key: ${v}`,
      (v) => `x-goog-api-key=${v}`,
      (v) => `run: deploy --token ${v} --env prod`,
      (v) => `run: login --password=${v}`,
      (v) => `curl --user bot:${v} https://api.example.com`,
      (v) => `env: GITHUB_TOKEN=${v} CI=true`,
      (v) => `X-Auth-Token: ${v}`,
      (v) => `GET /hook?secret=${v}&n=2`,
      (v) => `GET /rest?apikey=${v}`,
    ),
  cookie: (draw) =>
    keyed(
      draw.of(base62, draw.int(24, 44)),
      draw,
      (v) => `cookie: theme=dark; sessionid=${v}; lang=en`,
      (v) => `{"set-cookie":["sid=${v}; Path=/; HttpOnly"]}`,
      (v) => `map[Cookie:[auth_session=${v}]]`,
      (v) => `JSESSIONID=${v}; path=/`,
      (v) => `{"cookies":{"session_id":"${v}"}}`,
    ),
  "name of a person": (draw) => {
    const value = `${draw.pick(givenNames)} ${draw.pick(familyNames)}`;
    return under(
      value,
      draw,
      "full_name",
      "customerName",
      "name",
      "customer",
      "contact_name",
      "recipient",
      "cardholder_name",
      "patient",
      "account_holder",
    );
  },
  "part of a name": (draw) =>
    under(
      draw.pick([...givenNames, ...familyNames]),
      draw,
      "first_name",
      "lastName",
      "surname",
      "given_name",
      "familyName",
      "middle_name",
      "firstname",
    ),
  "postal address": (draw) => {
    const { pick, int } = draw;
    const value = pick([
      `${int(1, 250)} Baker Street, London NW1 6XE`,
      `Lindenweg ${int(1, 99)}, 80331 München`,
      `${int(10, 9999)} Elm Ave, Apt ${int(1, 20)}, Austin, TX 73301`,
      `Via Roma ${int(1, 120)}, 00184 Roma`,
      `Calle Mayor ${int(1, 90)}, 28013 Madrid`,
    ]);
    return under(
      value,
      draw,
      "address",
      "street_address",
      "shippingAddress",
      "billing_address",
      "home_address",
      "addressLine1",
    );
  },
  "date of birth": (draw) => {
    const { pick, int } = draw;
    const value = pick([
      `19${int(40, 99)}-${int(10, 12)}-0${int(1, 9)}`,
      `0${int(1, 9)}/${int(10, 12)}/19${int(40, 99)}`,
      `${int(10, 28)}.${int(10, 12)}.19${int(40, 99)}`,
      `19${int(40, 99)}${int(10, 12)}${int(10, 28)}`,
      `${pick(["June", "Oct"])} ${int(10, 28)}, 19${int(40, 99)}`,
    ]);
    return under(value, draw, "dob", "date_of_birth", "birthDate", "birthday", "birthdate");
  },
  "principal of a user": (draw) =>
    anywhere(`${Array.from({ length: 10 }, () => draw.of(`${lower}234567`, 5)).join("-")}-${draw.of(lower, 2)}e`, draw),
  "id of a device": (draw) =>
    under(
      draw.pick([
        `${draw.hex(8)}-${draw.hex(4)}-4${draw.hex(3)}-b${draw.hex(3)}-${draw.hex(12)}`,
        `35${draw.digits(13)}`,
        draw.hex(16),
        draw.hex(40),
      ]),
      draw,
      "device_id",
      "deviceId",
      "imei",
      "android_id",
      "idfa",
      "device_uuid",
    ),
  coordinates: (draw) => {
    const value = `${draw.int(10, 80)}.${draw.digits(6)}`;
    return draw.pick([
      under(value, draw, "latitude", "lat", "gps_lat", "longitude", "lng"),
      keyed(
        value,
        draw,
        (v) => `{"geo":{"lat":${v},"lon":9.993682}}`,
        (v) => `position: ${v}, 9.993682`,
        (v) => `{"location":{"type":"Point","coordinates":[${v},53.551086]}}`,
        (v) => `coords=${v},9.993682 acc=12`,
      ),
    ]);
  },
};
