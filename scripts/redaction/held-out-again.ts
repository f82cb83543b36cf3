import { base62, digit, lower, upper, withLuhn } from "./draw.ts";
import { anywhere, keyed, under } from "./layouts.ts";
import type { Plant } from "./planted.ts";

/**
 * A second part that was held out: other forms, layouts, countries and keys, and the kinds of data that the first one
 * did not have. Written after the rules for these kinds, and sent through them only when it was whole.
 */

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

export const heldOutAgain: Readonly<Record<string, Plant>> = {
  "e-mail": (draw) => {
    const { pick, of, int } = draw;
    const host = pick([
      "web.de",
      "outlook.co.jp",
      "student.unimelb.edu.au",
      "mail.ru",
      "proton.me",
      "firma-gmbh.online",
    ]);
    const user = pick([
      `${of(lower, 5)}.${of(lower, 7)}`,
      `${of(lower, 4)}+shop${int(1, 99)}`,
      `${of(lower, 2)}${int(1970, 2005)}`,
      `${of(lower, 3)}-${of(lower, 5)}_x`,
    ]);
    return anywhere(`${user}@${host}`, draw);
  },
  "phone, international": (draw) => {
    const { digits, pick } = draw;
    return anywhere(
      pick([
        `+43 664 ${digits(7)}`,
        `+48 ${digits(3)} ${digits(3)} ${digits(3)}`,
        `+1-646-${digits(3)}-${digits(4)}`,
        `+4989${digits(8)}`,
        `+351 21 ${digits(3)} ${digits(4)}`,
        `+82 10-${digits(4)}-${digits(4)}`,
        `0041 79 ${digits(3)} ${digits(2)} ${digits(2)}`,
        `+234 803 ${digits(3)} ${digits(4)}`,
        `+7 (495) ${digits(3)}-${digits(2)}-${digits(2)}`,
      ]),
      draw,
    );
  },
  "phone, national": (draw) => {
    const { digits, pick, int } = draw;
    return anywhere(
      pick([
        `(089) ${digits(3)} ${digits(4)}`,
        `(${int(201, 989)}) ${int(2, 9)}${digits(2)}-${digits(4)}`,
        `${int(201, 989)}-${int(2, 9)}${digits(2)}-${digits(4)}`,
        `0664/${digits(7)}`,
        `020 7${digits(3)} ${digits(4)}`,
        `(0) 171 ${digits(7)}`,
        `0171-${digits(3)} ${digits(4)}`,
        `079 ${digits(3)} ${digits(2)} ${digits(2)}`,
        `1-800-${digits(3)}-${digits(4)}`,
        `07700 9${digits(5)}`,
      ]),
      draw,
    );
  },
  "phone, by its name": (draw) =>
    under(
      draw.pick([
        `${draw.int(5, 9)}${draw.digits(7)}`,
        `${draw.int(2, 9)}${draw.digits(2)} ${draw.digits(3)} ${draw.digits(3)}`,
        `${draw.int(10, 99)}-${draw.digits(3)}-${draw.digits(4)}`,
      ]),
      draw,
      "phone",
      "mobileNumber",
      "contact_phone",
      "homePhone",
      "telephone",
      "fax_number",
      "phone_no",
      "msisdn",
    ),
  "payment card": (draw) => {
    const { pick, digits } = draw;
    const plain = withLuhn(
      pick([
        `4${digits(14)}`,
        `51${digits(13)}`,
        `2223${digits(11)}`,
        `6011${digits(11)}`,
        `62${digits(13)}`,
        `3530${digits(11)}`,
      ]),
    );
    const amex = withLuhn(`37${digits(12)}`);
    const diners = withLuhn(`36${digits(11)}`);
    return anywhere(
      pick([
        plain,
        plain.replace(/(\d{4})(?=\d)/g, "$1 "),
        plain.replace(/(\d{4})(?=\d)/g, "$1-"),
        amex,
        `${amex.slice(0, 4)}-${amex.slice(4, 10)}-${amex.slice(10)}`,
        diners,
        `${diners.slice(0, 4)} ${diners.slice(4, 10)} ${diners.slice(10)}`,
      ]),
      draw,
    );
  },
  IBAN: (draw) => {
    const { pick, digits, of } = draw;
    const plain = pick([
      `DE${digits(20)}`,
      `NL${digits(2)}INGB${digits(10)}`,
      `FI${digits(16)}`,
      `HU${digits(26)}`,
      `PT${digits(23)}`,
      `IE${digits(2)}${of(upper, 4)}${digits(14)}`,
      `LU${digits(18)}`,
      `RO${digits(2)}${of(upper, 4)}${of(upper + digit, 16)}`,
    ]);
    const grouped = plain.replace(/(.{4})(?=.)/g, "$1 ");
    return anywhere(pick([plain, grouped, plain.toLowerCase(), grouped.toLowerCase()]), draw);
  },
  "number of an identity": (draw) => {
    const { digits, of, pick } = draw;
    return pick([
      under(
        pick([`${draw.int(1, 6)}${digits(2)}-${digits(2)}-${digits(4)}`, `${draw.int(1, 6)}${digits(8)}`]),
        draw,
        "ssn",
        "social_security_number",
        "applicantSsn",
      ),
      under(
        `${of("CFGHJK", 1)}${digits(2)}${of("CFGHJKLMNP", 2)}${digits(4)}`,
        draw,
        "passport",
        "passportNumber",
        "passport_no",
      ),
      under(
        pick([digits(11), `${digits(2)}/${digits(3)}/${digits(5)}`]),
        draw,
        "tax_id",
        "taxNumber",
        "steuernummer",
        "tin",
      ),
      under(`${digits(8)}${of(upper, 1)}`, draw, "dni", "national_id", "id_card_number"),
      under(`${of(upper, 1)}${digits(7)}`, draw, "driver_license", "drivingLicenceNumber"),
      under(digits(9), draw, "insurance_number", "account_number", "bankAccountNumber"),
    ]);
  },
  IPv4: (draw) =>
    anywhere(
      `${draw.pick([3, 18, 45, 77, 94, 138, 146, 176, 194, 209])}.${draw.int(17, 255)}.${draw.int(0, 255)}.${draw.int(1, 254)}`,
      draw,
    ),
  IPv6: (draw) =>
    anywhere(
      draw.pick([
        `2a00:1450:${draw.hex(4)}:${draw.hex(3)}::${draw.hex(4)}`,
        `2606:4700:${draw.hex(4)}::${draw.hex(4)}:${draw.hex(4)}`,
        `2001:4860:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}`,
      ]),
      draw,
    ),
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
