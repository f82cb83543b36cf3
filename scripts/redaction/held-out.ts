import { base62, type Draw, digit, lower, upper, withLuhn } from "./draw.ts";
import type { Plant } from "./planted.ts";

/**
 * The same sorts of things once more, from other countries, providers and programs, under other names, in other layouts.
 * Written before the rules were last changed; they were not changed after it was first sent through them.
 */
export const heldOut: Readonly<Record<string, Plant>> = {
  "e-mail": (draw) => {
    const { pick, of, int } = draw;
    const user = pick([of(lower, 9), `${of(lower, 1)}_${of(lower, 7)}`, `${int(100, 999)}${of(lower, 4)}`, "zoë.żak"]);
    const host = pick(["gmail.com", "posteo.net", "kyoto-u.ac.jp", "gov.br", "correo.com.mx", "xn--mnchen-3ya.de"]);
    return anywhere(
      pick([
        `${user}@${host}`,
        `<${user}@${host}>`,
        `mailto:${user}@${host}`,
        `${user.toUpperCase()}@${host}`,
        `"${user}"@${host}`,
        `${user} (at) ${host}`,
      ]),
      draw,
    );
  },
  IPv4: (draw) => {
    const value = `${draw.pick([2, 23, 37, 52, 103, 141, 185, 198, 200, 221])}.${draw.int(16, 255)}.${draw.int(0, 255)}.${draw.int(1, 254)}`;
    return {
      value,
      line: draw.pick([
        `<34>1 2026-11-21T10:00:00Z web sshd 812 - - Failed password for root from ${value} port 50122 ssh2`,
        `kernel: IN=eth0 OUT= SRC=${value} DST=10.0.0.7 LEN=60 PROTO=TCP`,
        `forwarded for="${value}";proto=https`,
        `user@${value}: connection closed`,
        `CEF:0|fw|edge|1|100|blocked|5|src=${value} spt=4411`,
        `client:(${value}) server:(10.0.0.3)`,
        `tcp://${value}:8443 timed out`,
        `ip-${value.replaceAll(".", "-")}.compute.example.net left`,
      ]),
    };
  },
  IPv6: (draw) => {
    const { hex, pick } = draw;
    const value = pick([
      `2001:16b8:${hex(4)}:${hex(4)}:${hex(4)}:${hex(4)}:${hex(4)}:${hex(4)}`,
      `240e:${hex(3)}::${hex(2)}`,
      `::ffff:${pick([81, 185, 203])}.${draw.int(16, 255)}.${draw.int(0, 255)}.${draw.int(1, 254)}`,
      `2a01:4f8:${hex(3)}:${hex(4)}::`,
    ]);
    return {
      value,
      line: pick([
        `peer=[${value}]:51820`,
        `"remoteAddress":"${value}"`,
        `from ${value} port 22`,
        `addr ${value}/64 up`,
      ]),
    };
  },
  "phone, international": (draw) =>
    anywhere(
      draw.pick([
        `+34 612 ${draw.digits(3)} ${draw.digits(3)}`,
        `+39 06 698 ${draw.digits(5)}`,
        `+55 (11) 9${draw.digits(4)}-${draw.digits(4)}`,
        `+81-90-${draw.digits(4)}-${draw.digits(4)}`,
        `+358 40 ${draw.digits(7)}`,
        `0033 6 ${draw.digits(2)} ${draw.digits(2)} ${draw.digits(2)} ${draw.digits(2)}`,
        `011 44 20 7${draw.digits(3)} ${draw.digits(4)}`,
        `+1 (212) 555 ${draw.digits(4)} ext. 12`,
        `+86 139${draw.digits(8)}`,
        `+%20 49 171 ${draw.digits(7)}`.replace("+%20 ", "%2B"),
      ]),
      draw,
    ),
  "phone, national": (draw) =>
    anywhere(
      draw.pick([
        `612 ${draw.digits(2)} ${draw.digits(2)} ${draw.digits(2)}`,
        `06-${draw.digits(8)}`,
        `0412 ${draw.digits(3)} ${draw.digits(3)}`,
        `(02) 9${draw.digits(3)} ${draw.digits(4)}`,
        `090-${draw.digits(4)}-${draw.digits(4)}`,
        `(11) 9${draw.digits(4)}-${draw.digits(4)}`,
        `070-${draw.digits(3)} ${draw.digits(2)} ${draw.digits(2)}`,
        `044 668 ${draw.digits(2)} ${draw.digits(2)}`,
        `01.42.${draw.digits(2)}.${draw.digits(2)}.${draw.digits(2)}`,
        `07911 ${draw.digits(6)}`,
        `212.555.${draw.digits(4)}`,
        `08${draw.digits(9)}`,
      ]),
      draw,
    ),
  "phone, by its name": (draw) => {
    const value = `${draw.int(5, 9)}${draw.digits(8)}`;
    return {
      value,
      line: draw.pick([
        `tel: ${value}`,
        `phone => ${value}`,
        `<phone>${value}</phone>`,
        `{Name:x Phone:${value} Active:true}`,
        `sms sent to ${value}`,
        `user[phone]=${value}&user[lang]=de`,
        `{"whatsapp":"${value}"}`,
        `fax=${value}`,
        `"cellphone": ${value},`,
        `Telefon: ${value}`,
      ]),
    };
  },
  IBAN: (draw) => {
    const { pick, digits, of } = draw;
    const value = pick([
      `IT${digits(2)}X${digits(10)}${of(upper + digit, 12)}`,
      `PL${digits(26)}`,
      `SE${digits(2)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(4)}`,
      `TR${digits(24)}`,
      `AT${digits(2)}-${digits(4)}-${digits(4)}-${digits(4)}-${digits(4)}`,
      `BE${digits(2)} ${digits(4)} ${digits(4)} ${digits(4)}`,
      `gb${digits(2)} ${of(lower, 4)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(2)}`,
      `LC${digits(2)}${of(upper, 4)}${of(upper + digit, 24)}`,
    ]);
    return pick([anywhere(value, draw), { value, line: `transfer to IBAN:${value}, BIC DEUTDEFF` }]);
  },
  "payment card": (draw) => {
    const { pick, digits } = draw;
    const plain = pick([
      withLuhn(`4${digits(14)}`),
      withLuhn(`2720${digits(11)}`),
      withLuhn(`644${digits(12)}`),
      withLuhn(`3589${digits(11)}`),
      withLuhn(`36${digits(11)}`),
      withLuhn(`6212${digits(11)}`),
      withLuhn(`6759${digits(11)}`),
      withLuhn(`34${digits(12)}`),
    ]);
    const value = pick([plain, plain, plain.replace(/(\d{4})(?=\d)/g, "$1.")]);
    return pick([
      anywhere(value, draw),
      { value, line: `pan=${value};exp=12/29` },
      { value, line: `<CardNumber>${value}</CardNumber>` },
      { value, line: `track2=${value}D2912101` },
    ]);
  },
  "bearer token": (draw) => {
    const value = draw.of(`${base62}-_`, draw.int(18, 64));
    return {
      value,
      line: draw.pick([
        `authorization=[Bearer ${value}]`,
        `req.headers: Map(2) { 'authorization' => 'Bearer ${value}' }`,
        `<Header name="Authorization">Bearer ${value}</Header>`,
        `--header 'Authorization: Bearer ${value}' --compressed`,
        `Authorization: ApiKey ${value}`,
        `grpc metadata authorization:bearer%20${value}`,
        `Authorization: AWS4-HMAC-SHA256 Credential=x/s3, Signature=${value}`,
      ]),
    };
  },
  JWT: (draw) => {
    const { of, pick } = draw;
    const value = `eyJ${of(base62, 24)}.eyJ${of(`${base62}-_`, pick([30, 120]))}.${of(`${base62}-_`, pick([43, 342]))}`;
    return {
      value,
      line: pick([
        `GET /callback?id_token=${value}&state=1`,
        `invalid signature in ${value}`,
        `["${value}"]`,
        `jwt:${value}`,
        `ws://h/?t=${value}`,
      ]),
    };
  },
  "password in an address": (draw) => {
    const value = draw.of(`${base62}~*`, draw.int(8, 24));
    return {
      value,
      line: draw.pick([
        `mongodb+srv://app:${value}@cluster0.example.net/shop?w=majority`,
        `jdbc:oracle:thin:scott/${value}@//db.internal:1521/XE`,
        `smtp://no-reply%40example.com:${value}@smtp.example.com:587`,
        `jdbc:postgresql://db/shop?user=app&password=${value}&ssl=true`,
        `sqlserver://sa:${value}@10.0.0.4:1433;database=shop`,
        `remote: https://x-access-token:${value}@git.example.com/a/b`,
      ]),
    };
  },
  "secret by its name": (draw) => {
    const value = draw.of(`${base62}_-`, draw.int(10, 32));
    return {
      value,
      line: draw.pick([
        `[client] mysql_pwd=${value}`,
        `{"auth":{"credentials":"${value}"}}`,
        `csrfmiddlewaretoken=${value}&next=/`,
        `<password>${value}</password>`,
        `{User:app Password:${value} Pool:5}`,
        `export STRIPE_SIGNING_SECRET=${value}`,
        `passphrase => "${value}"`,
        `encryption_key: ${value}`,
        `x-auth-token: ${value}`,
        `otp=${value}`,
        `PGPASSWORD=${value} pg_dump shop`,
        `CREATE USER app IDENTIFIED BY '${value}'`,
        `curl -u admin:${value} http://10.0.0.2/`,
        `AccountName=shop;AccountKey=${value};EndpointSuffix=core.example.net`,
      ]),
    };
  },
  cookie: (draw) => {
    const value = draw.of(base62, draw.int(20, 40));
    return {
      value,
      line: draw.pick([
        `Cookie: PHPSESSID=${value}; lang=de`,
        `set-cookie: connect.sid=s%3A${value}; Path=/; HttpOnly`,
        `"cookie":"_shop_session=${value}"`,
        `cookies={'sessionid': '${value}'}`,
        `JSESSIONID=${value}`,
        `Set-Cookie: __Secure-next-auth.session-token=${value}; Secure`,
      ]),
    };
  },
  "AWS key": (draw) => anywhere(`${draw.pick(["AKIA", "ASIA", "AROA", "ABIA"])}${draw.of(`${upper}234567`, 16)}`, draw),
  "key of a provider": (draw) => {
    const { of, pick, hex } = draw;
    return anywhere(
      pick([
        `github_pat_${of(base62, 22)}_${of(base62, 59)}`,
        `sk-ant-api03-${of(`${base62}-_`, 93)}AA`,
        `sk-proj-${of(base62, 48)}`,
        `npm_${of(base62, 36)}`,
        `pypi-AgEIcHlwaS5vcmc${of(`${base62}-_`, 60)}`,
        `hvs.${of(base62, 90)}`,
        `dop_v1_${hex(64)}`,
        `shpat_${hex(32)}`,
        `NRAK-${of(upper + digit, 27)}`,
        `LTAI${of(base62, 20)}`,
        `whsec_${of(base62, 32)}`,
        `xapp-1-${of(upper + digit, 11)}-${of(digit, 13)}-${hex(64)}`,
        `${of(digit, 10)}:AA${of(`${base62}-_`, 33)}`,
        `ya29.${of(`${base62}-_`, 80)}`,
      ]),
      draw,
    );
  },
  "principal of a user": (draw) => {
    const value = `${Array.from({ length: 10 }, () => draw.of(`${lower}234567`, 5)).join("-")}-${draw.of(lower, 2)}e`;
    return {
      value,
      line: draw.pick([
        `caller = principal "${value}"`,
        `Principal { ${value} } not allowed`,
        `owner:${value};subaccount:none`,
        `https://explorer.example.org/account/${value}?n=1`,
      ]),
    };
  },
};

/** Layouts of lines that others write. */
const layouts: readonly ((value: string) => string)[] = [
  (value) => `<13>1 2026-11-21T10:00:00Z host app 77 ID47 [meta seq="1"] updated ${value}`,
  (value) => `2026-11-21T10:00:00.000Z,INFO,users,"${value}",ok`,
  (value) => `<event><detail>${value}</detail></event>`,
  (value) => `INSERT INTO contacts VALUES (7, '${value}', NULL)`,
  (value) => `{ID:7 Detail:${value} Active:true}`,
  (value) => `- detail: ${value}\n  seen: 3`,
  (value) => `W1121 10:00:00.000000 77 users.go:41] no match for ${value}.`,
  (value) => `{"outer":"{\\"detail\\":\\"${value}\\"}"}`,
];

const anywhere = (value: string, draw: Draw) => ({ value, line: draw.pick(layouts)(value) });
