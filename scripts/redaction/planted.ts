import { base62, type Draw, digit, lower, upper, withLuhn } from "./draw.ts";

/** A value that must not be kept, as it stands in a line. */
export type Generator = (draw: Draw) => string;
/** What is planted: `bare` values go into any line, a `line` brings its own. */
export interface Planted {
  value: string;
  line?: string;
}
export type Plant = (draw: Draw) => Planted;

const bare =
  (generator: Generator): Plant =>
  (draw) => ({ value: generator(draw) });
/** A value that is one by what stands before it. */
const after =
  (generator: Generator, ...lines: readonly ((value: string) => string)[]): Plant =>
  (draw) => {
    const value = generator(draw);
    return { value, line: draw.pick(lines)(value) };
  };

const names = ["anna.schmidt", "j.doe", "maria", "li.wei42", "o_brien", "s-larsson", "kim", "pedro.alves"];
const domains = ["example.com", "mail.example.org", "uni-example.de", "example.co.uk", "web.example.fr"];
const email: Generator = ({ pick, int }) => `${pick(names)}${pick(["", `${int(1, 99)}`])}@${pick(domains)}`;
const ipv4: Generator = ({ pick, int }) =>
  `${pick([5, 31, 46, 62, 78, 84, 91, 109, 151, 188, 203, 213])}.${int(0, 255)}.${int(0, 255)}.${int(1, 254)}`;
const ipv6: Generator = ({ pick, hex }) =>
  pick([
    `2001:db8:${Array.from({ length: 6 }, () => hex(4)).join(":")}`,
    `2a02:${hex(4)}:${hex(4)}::${hex(4)}`,
    `2003:${hex(2)}:${hex(4)}:${hex(4)}::1`,
  ]);
const international: Generator = ({ pick, digits }) =>
  pick([
    `+49 170 ${digits(7)}`,
    `+49170${digits(8)}`,
    `+44 20 7946 ${digits(4)}`,
    `+1 415-555-${digits(4)}`,
    `+33 6 12 34 ${digits(2)} ${digits(2)}`,
  ]);
const national: Generator = ({ pick, digits }) =>
  pick([`(415) 555-${digits(4)}`, `415-555-${digits(4)}`, `0170 ${digits(7)}`, `030/${digits(7)}`]);
const iban: Generator = ({ pick, digits, of }) => {
  const plain = pick([
    `DE${digits(20)}`,
    `FR${digits(25)}`,
    `NL${digits(2)}ABNA${digits(10)}`,
    `GB${digits(2)}${of(upper, 4)}${digits(14)}`,
  ]);
  return pick([plain, plain.replace(/(.{4})(?=.)/g, "$1 ")]);
};
const card: Generator = ({ pick, digits }) => {
  const plain = withLuhn(pick([`4${digits(14)}`, `5${pick(["1", "3", "5"])}${digits(13)}`, `6011${digits(11)}`]));
  return pick([plain, plain.replace(/(\d{4})(?=\d)/g, "$1 "), plain.replace(/(\d{4})(?=\d)/g, "$1-")]);
};
const secretText: Generator = ({ of, int }) => of(`${base62}!#*_-`, int(8, 24));
const token: Generator = ({ of, int }) => of(`${base62}-_`, int(24, 48));
export const jwt: Generator = ({ of }) => `eyJ${of(base62, 20)}.eyJ${of(base62, 40)}.${of(`${base62}-_`, 43)}`;
const awsKey: Generator = ({ of, pick }) => `${pick(["AKIA", "ASIA"])}${of(upper + digit, 16)}`;
const providerKey: Generator = ({ of, pick }) =>
  pick([`ghp_${of(base62, 36)}`, `sk_live_${of(base62, 24)}`, `xoxb-${of(digit, 11)}-${of(base62, 24)}`]);
const principal: Generator = ({ of }) =>
  `${Array.from({ length: 10 }, () => of(`${lower}234567`, 5)).join("-")}-${of(lower, 3)}`;

/** What the rules of the collector were written with. */
export const planted: Readonly<Record<string, Plant>> = {
  "e-mail": bare(email),
  IPv4: bare(ipv4),
  IPv6: bare(ipv6),
  "phone, international": bare(international),
  "phone, national": bare(national),
  "phone, by its name": after(
    ({ digits }) => `0${digits(10)}`,
    (value) => `{"level":"info","msg":"profile","phone":"${value}"}`,
    (value) => `level=info msg=profile mobile=${value} ok=true`,
  ),
  IBAN: bare(iban),
  "payment card": bare(card),
  "bearer token": after(
    token,
    (value) => `GET /orders 401 Authorization: Bearer ${value}`,
    (value) => `{"level":"debug","headers":{"authorization":"Bearer ${value}"}}`,
  ),
  JWT: bare(jwt),
  "password in an address": after(
    secretText,
    (value) => `connecting to postgres://shop:${value.replaceAll("#", "x")}@db.internal:5432/shop`,
    (value) => `{"level":"error","msg":"cannot reach amqp://worker:${value.replaceAll("#", "x")}@queue.internal"}`,
  ),
  "secret by its name": after(
    secretText,
    (value) => `{"level":"info","user":7,"password":"${value}"}`,
    (value) => `level=info user=7 db_password=${value} retries=2`,
    (value) => `login failed, password: ${value}`,
    (value) => `POST /reset?user=7&token=${value.replaceAll("#", "x")}&lang=de 200`,
    (value) => `body="{\\"client_secret\\":\\"${value}\\"}"`,
  ),
  "AWS key": bare(awsKey),
  "key of a provider": bare(providerKey),
  "principal of a user": bare(principal),
};
