import { base62, type Draw, digit, lower, upper } from "./draw.ts";

export type Make = (draw: Draw) => string;

const uuid: Make = ({ hex }) => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
const time: Make = ({ int }) => `2026-11-${int(10, 28)}T${int(10, 23)}:${int(10, 59)}:${int(10, 59)}.${int(100, 999)}Z`;

/** What looks like personal data or a secret to a rule that is too wide, and is none. The rules were written with it. */
export const harmless: Readonly<Record<string, Make>> = {
  UUID: (draw) => `request_id=${uuid(draw)} done`,
  "hash, hexadecimal": ({ hex, pick }) => `image sha256:${hex(64)} commit ${hex(pick([7, 40]))}`,
  timestamp: (draw) => `started ${time(draw)} took ${draw.int(1, 999)}ms offset +0${draw.int(1, 9)}00`,
  "epoch time": ({ digits, pick }) =>
    `ts=${pick([`17${digits(8)}`, `17${digits(11)}`, `17${digits(14)}`, `17${digits(17)}`])}`,
  version: ({ int }) =>
    `upgraded library from ${int(1, 20)}.${int(0, 30)}.${int(0, 9)} to v${int(1, 9)}.${int(0, 9)}.${int(0, 9)}.${int(0, 9)}`,
  "user agent": ({ int }) =>
    `ua="Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/${int(90, 140)}.0.${int(1000, 9999)}.${int(10, 200)} Safari/537.36"`,
  "version of four numbers": ({ int }) =>
    `driver version ${int(1, 30)}.${int(0, 9)}.${int(0, 99)}.${int(1, 99)} loaded`,
  duration: ({ int, digits }) => `elapsed=${int(0, 9)}.${digits(16)} p95=${int(1, 900)}.${digits(3)}ms`,
  "order number": ({ digits, pick }) =>
    `order ${pick([`ORD-2026-${digits(7)}`, `#${digits(10)}`, `SO${digits(8)}`])} packed`,
  "number of 16 digits": ({ digits, int }) => `ledger entry ${int(1, 9)}${digits(15)} written`,
  "own network": ({ int }) =>
    `peer 10.${int(0, 255)}.${int(0, 255)}.${int(1, 254)}:8080 via 192.168.${int(0, 255)}.1 and fd00::${int(1, 9)}`,
  "MAC address": ({ hex }) => `link ${Array.from({ length: 6 }, () => hex(2)).join(":")} up`,
  "names of code": ({ pick }) =>
    `panicked at ${pick(["std::fmt::Display", "core::option::unwrap", "App::Http::Kernel"])} line 12`,
  "git and packages": ({ pick, int }) =>
    `installed ${pick(["@scope/pkg", "left-pad"])}@${int(1, 9)}.0.${int(0, 9)} with 3 dependencies`,
  "words about secrets": ({ pick }) =>
    pick([
      "token: has expired",
      "Basic authentication required",
      "prompt_tokens=512 max_tokens=4096",
      '"token_type":"Bearer"',
      "bearer of the share",
    ]),
  "canister id": ({ of }) => `call to ${of(`${lower}234567`, 5)}-${of(lower, 5)}-aaaaa-aaaaq-cai ok`,
  ULID: ({ of }) => `event 01${of(upper + digit, 24)} stored`,
  "trace context": ({ hex }) => `traceparent=00-${hex(32)}-${hex(16)}-01`,
  "date and time": ({ int }) =>
    `[${int(10, 28)}/Nov/2026:${int(10, 23)}:${int(10, 59)}:00 +0000] job 2026-11-${int(10, 28)} 0${int(1, 9)}:${int(10, 59)}`,
  "name of a pod": ({ of }) => `pod orders-api-${of(lower + digit, 9)}-${of(lower + digit, 5)} evicted`,
  "version of a release": ({ int, hex }) => `release 2026.11.${int(1, 28)}.${int(1, 9)} build ${hex(8)} rc${int(1, 9)}`,
  "long fraction": ({ int, digits }) =>
    `score=${int(10, 60)}.${digits(15)} lat=${int(1, 90)}.${digits(3)}ms ratio -${int(1, 120)}.${digits(15)}`,
  "snowflake id": ({ digits }) => `message ${digits(18)} in channel ${digits(19)}`,
  "part number": ({ digits }) => `sku ${digits(3)}-${digits(4)} batch ${digits(5)}/${digits(3)}`,
  "article number (EAN)": ({ digits }) => `scanned ean ${digits(13)} qty 2`,
  amounts: ({ digits, int }) =>
    `total +${int(1, 9)}${digits(3)}.${digits(2)} EUR, ${digits(3)} ${digits(3)} ${digits(3)} rows`,
  base64: ({ of }) => `etag W/"${of(base62, 27)}=" body ${of(base62, 40)}==`,
  "hash in upper case": ({ hex }) => `md5 ${hex(32).toUpperCase()} sha1 ${hex(40).toUpperCase()}`,
  "decorators and handles": ({ of }) => `@Transactional on ${of(lower, 6)} by @${of(lower, 8)} in #${of(lower, 5)}`,
  "host names": ({ int, of }) =>
    `dial tcp ip-10-0-${int(0, 255)}-${int(0, 255)}.internal:5432 from ${of(lower, 5)}-${int(1, 9)}.example.internal`,
  "settings without secrets": ({ pick }) =>
    pick([
      "password_min_length=12",
      "secret_rotation: enabled",
      "tokenizer=bpe",
      '"password":null',
      "api_key_count=3",
      "secrets=4 loaded",
    ]),
  "names of things": ({ pick, of, int }) =>
    pick([
      `name="orders-api" pod_name=orders-api-${of(lower, 5)} hostname=web-${int(1, 9)}`,
      `filename=report.pdf username=postgres user=root`,
      `"name":"checkout","namespace":"shop","container_name":"app"`,
      `customer=${int(100, 9999)} tenant=acme owner=platform-team`,
      `product_name="Blue Shirt" file name: Main.java`,
      `{"service":{"name":"api","version":"1.2.3"},"host":{"name":"node-${int(1, 9)}"}}`,
      `thread name=main-${int(1, 9)} class_name=com.shop.Order`,
      `address=10.0.0.${int(1, 250)}:8080 remote_addr=127.0.0.1 mac_address=02:42:ac:11:00:0${int(1, 9)}`,
      `location=eu-west-1 position=${int(1, 99)} zip=archive-${int(1, 9)}.zip street_view=off`,
      `device=/dev/sda${int(1, 9)} device_id=eth0 lat=${int(1, 99)}ms`,
      `PWD=/srv/app-${int(1, 9)} token_count=${int(1, 99)} pin=${int(1, 40)} key=orders:${int(1, 99)}`,
      `birthday job finished, born=${int(1, 9)} phone=false mobile=true`,
      `Location: /orders/${int(100, 999)} Authorization: required`,
      `national_holiday=true id_type=uuid tax_rate=0.19 passport.js loaded`,
    ]),
  SQL: ({ int, digits }) =>
    `SELECT o.id, c.name FROM orders o JOIN customer c ON c.id = o.customer_id WHERE o.total > ${int(1, 99)}.${digits(2)} AND o.id IN (${int(1, 9)}${digits(8)}, ${int(1, 9)}${digits(9)}) LIMIT ${int(1, 500)}`,
  "stack trace": ({ int, of }) =>
    `java.lang.IllegalStateException: token expired\n\tat com.shop.auth.TokenService.check(TokenService.java:${int(10, 999)})\n\tat com.shop.${of(lower, 6)}.Main.run(Main.java:${int(10, 99)})`,
  "path of a file": ({ int, of, hex }) =>
    `open /var/lib/kubelet/pods/${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}/volumes/secret/${of(lower, 5)}-${int(1, 9)}.crt: no such file`,
  "metrics in a line": ({ int }) =>
    `rss=${int(1e8, 9e8)} heap ${int(1e6, 9e6)}/${int(1e7, 9e7)} gc=${int(1, 9)} +${int(10, 99)}%`,
};
