import { base62, digit, lower, upper, withLuhn } from "./draw.ts";
import type { Make } from "./harmless.ts";

/** A digit more or less, so that the check digit is wrong. */
const notLuhn = (body: string): string => {
  const right = withLuhn(body);
  return `${body}${(Number(right.at(-1)) + 3) % 10}`;
};

/** Harmless things of the second part that was held out; written with it. */
export const harmlessHeldOutAgain: Readonly<Record<string, Make>> = {
  "version of four numbers": ({ int, pick }) =>
    pick([
      `installed nuget Shop.Client.${int(1, 9)}.${int(0, 20)}.${int(0, 9)}.${int(0, 9)}.nupkg`,
      `agent_version=${int(1, 9)}.${int(0, 20)}.${int(0, 9)}.${int(0, 9)}`,
      `User-Agent: Mozilla/5.0 (Windows NT 10.0) Chrome/${int(100, 140)}.0.0.0 Safari/537.36`,
      `kernel version 5.4.0.${int(10, 99)} detected`,
      `{"version":"${int(1, 9)}.${int(0, 20)}.${int(0, 9)}.${int(0, 9)}"}`,
      `upgrading from v${int(1, 9)}.0.0.${int(0, 9)} to v${int(1, 9)}.1.0.0`,
    ]),
  timestamp: ({ int, digits, pick }) =>
    pick([
      `started=2026-11-22T08:${int(10, 59)}:${int(10, 59)}.${digits(9)}+01:00`,
      `ts=17${digits(11)} nanos=17${digits(17)}`,
      `Sun Nov 22 08:${int(10, 59)}:03 UTC 2026 uptime ${int(1, 90)} days`,
      `expires 22-11-2026 08:${int(10, 59)} (in ${int(1, 99)}h)`,
      `{"@timestamp":"2026-11-22T08:14:03.${digits(3)}Z","epoch":17${digits(8)}}`,
      `${int(10, 28)}/11/2026 08:${int(10, 59)}:03,118 job finished`,
    ]),
  "ids of requests": ({ hex, digits, int, pick }) =>
    pick([
      `trace_id=${hex(32)} span_id=${hex(16)} parent=${hex(16)}`,
      `{"traceId":"${hex(32)}","requestId":"${hex(8)}-${hex(4)}-4${hex(3)}-9${hex(3)}-${hex(12)}"}`,
      `x-request-id: ${hex(8)}-${hex(4)}-4${hex(3)}-b${hex(3)}-${hex(12)} handled`,
      `x-b3-traceid: ${hex(16)} x-b3-sampled: 1`,
      `correlation ${digits(20)} offset=${int(1e9, 9e9)}`,
    ]),
  "hash of git and images": ({ hex, of }) =>
    `deployed ${hex(40)} (${hex(7)}) image registry.example.com/shop/api:${hex(12)}@sha256:${hex(64)} by ci-${of(lower, 4)}`,
  "16 digits, wrong check digit": ({ digits, pick }) =>
    pick([
      `row ${notLuhn(`4${digits(14)}`)} locked`,
      `{"ledger":"${notLuhn(`5${pick(["1", "4"])}${digits(13)}`)}","n":2}`,
      `ref=${notLuhn(`6011${digits(11)}`)} settled`,
      `blocks ${notLuhn(`4${digits(14)}`).replace(/(\d{4})(?=\d)/g, "$1 ")} read`,
      `next id ${notLuhn(`4${digits(14)}`)}, previous ${notLuhn(`4${digits(14)}`)}`,
    ]),
  "order numbers": ({ digits, int, of, pick }) =>
    pick([
      `order no. ${int(1, 9)}${digits(9)} paid`,
      `invoice RE-2026-${digits(5)} sent`,
      `{"orderId":"${of(upper, 2)}-${digits(6)}-${digits(2)}","lines":3}`,
      `shipment 1Z${of(upper + digit, 16)} scanned`,
      `basket ${of(base62, 12)} has ${int(1, 9)} items, sku ${digits(4)}-${digits(3)}`,
      `PO ${digits(4)}/${digits(4)} approved`,
    ]),
  "bytes and ports": ({ int, digits, pick }) =>
    pick([
      `sent ${int(1e9, 9e9)} bytes in ${int(1, 99)}.${digits(3)}s to 10.1.${int(0, 255)}.${int(1, 254)}:${int(1024, 65535)}`,
      `content-length: ${int(1e5, 9e7)}`,
      `listening on [::]:${int(1024, 65535)} and 0.0.0.0:${int(1024, 65535)}`,
      `rss=${int(1e8, 9e9)} vsz=${int(1e9, 9e9)} fds=${int(10, 999)}/65536`,
      `mem ${digits(3)},${digits(3)},${digits(3)} of ${int(1, 9)},${digits(3)},${digits(3)},${digits(3)}`,
    ]),
  SQL: ({ int, digits, pick }) =>
    pick([
      `duration: ${int(1, 999)}.${digits(3)} ms  statement: SELECT * FROM customer WHERE name = $1 AND address_id = $2`,
      `UPDATE users SET password = $1, token = NULL WHERE id = ${int(1, 9e6)}`,
      `INSERT INTO ledger (id, amount) VALUES (${int(1e9, 9e9)}, ${int(1, 999)}.${digits(2)})`,
      `SELECT count(*) AS total FROM sessions WHERE created_at > '2026-11-22 08:00:00'`,
      `ALTER TABLE contact ADD COLUMN phone varchar(32), ADD COLUMN street text`,
    ]),
  "stack trace": ({ int, hex, pick, of }) =>
    pick([
      `goroutine ${int(1, 999)} [running]:\nmain.(*Customer).Name(0xc000${hex(6)}, {0x${hex(6)}, 0x1c})\n\t/src/app/customer.go:${int(10, 400)} +0x${hex(3)}`,
      `Traceback (most recent call last):\n  File "/srv/app/${of(lower, 5)}.py", line ${int(1, 400)}, in get_token\nKeyError: 'password'`,
      `at Object.<anonymous> (/app/node_modules/jsonwebtoken/verify.js:${int(1, 400)}:${int(1, 40)})`,
      `org.postgresql.util.PSQLException: FATAL: password authentication failed for user "shop"`,
      `thread 'main' panicked at src/address.rs:${int(1, 400)}:${int(1, 40)}: called Option::unwrap() on a None value`,
    ]),
  "path of a file": ({ int, of, pick }) =>
    pick([
      `GET /static/js/${int(100, 999)}.${of(lower + digit, 8)}.chunk.js 200`,
      `reading /etc/ssl/private/server.key failed: permission denied`,
      `mounted /dev/nvme${int(0, 9)}n1p${int(1, 9)} on /var/lib/docker type ext4`,
      `C:\\Program Files\\Shop\\bin\\app-${int(1, 9)}.${int(0, 9)}.${int(0, 9)}.exe started`,
      `s3://shop-backups/2026/11/22/db-${int(10, 23)}00.dump uploaded`,
    ]),
  "names of machines": ({ int, of, pick }) =>
    pick([
      `pod_name="checkout-${of(lower + digit, 9)}-${of(lower + digit, 5)}" container_name=app namespace="shop"`,
      `hostname=ip-10-${int(0, 255)}-${int(0, 255)}-7 node_name=gke-pool-${of(lower + digit, 6)}`,
      `{"name":"orders-api","filename":"server.ts","hostname":"web-${int(1, 9)}"}`,
      `queue name: orders.created consumer=group-${int(1, 9)}`,
      `db_name=shop user=app_rw username="svc-orders" application_name=psql`,
      `metric name=http_requests_total job_name="nightly export" table=customer_address`,
    ]),
  prices: ({ int, digits, pick }) =>
    pick([
      `total=${int(10, 999)}.${digits(2)} EUR vat=19% discount=-${int(1, 9)}.50`,
      `amount: ${int(1, 9)},${digits(3)}.${digits(2)} USD authorised`,
      `{"price":${int(1, 999)}.${digits(2)},"currency":"GBP","qty":${int(1, 9)}}`,
      `balance ${int(1, 9)}.${digits(3)}.${digits(3)},${digits(2)} EUR`,
      `fx EURUSD 1.0${digits(4)} spread 0.000${digits(1)}`,
    ]),
  metrics: ({ int, digits, pick }) =>
    pick([
      `cpu=${int(1, 99)}.${digits(6)} load=0.${digits(4)} p99=${int(1, 999)}.${digits(4)}ms`,
      `GC pause ${int(1, 99)}.${digits(3)}ms heap ${int(100, 999)}M->${int(10, 99)}M(${int(1, 4)}G)`,
      `accuracy=0.${digits(8)} loss=${int(1, 9)}.${digits(8)} epoch=${int(1, 99)}/100`,
      `{"latency":{"p50":${int(1, 99)}.${digits(4)},"p95":${int(100, 999)}.${digits(4)}}}`,
      `${int(1, 100)}% done, ${digits(5)}/${digits(6)} files, eta 00:0${int(1, 9)}:30`,
      `http_requests_total{code="200",method="get"} ${int(1e6, 9e9)}`,
    ]),
  "own network": ({ int, hex, pick }) =>
    pick([
      `upstream 192.168.${int(0, 255)}.${int(1, 254)}:9000 and 172.${int(16, 31)}.0.${int(1, 254)} healthy`,
      `route 10.${int(0, 255)}.0.0/16 via 10.0.0.1 dev eth0`,
      `peer fe80::${hex(4)}:${hex(2)}ff:fe${hex(2)}:${hex(4)} ok, ::1 loopback, fd12:${hex(4)}::1`,
      `arp aa:bb:cc:${hex(2)}:${hex(2)}:${hex(2)} on 169.254.${int(0, 255)}.${int(1, 254)}`,
    ]),
  "words about secrets and people": ({ pick, int }) =>
    pick([
      "password: must contain at least 8 characters",
      `token refresh scheduled in ${int(10, 999)}s`,
      "secret rotation finished for 3 secrets",
      "invalid api key supplied",
      `"password":"***","token":null`,
      "cookie banner shown to customer",
      "session expired, please sign in again",
      "customer: not found",
      "name is required",
      `address: invalid format, phone: required`,
      "user logged out",
      `max_tokens=${int(100, 9000)} completion_tokens: ${int(10, 900)}`,
      "Authorization header missing",
      `password_changed_at=2026-11-22 failed_logins=${int(1, 9)}`,
      "verification code sent",
    ]),
  "settings of programs": ({ int, pick }) =>
    pick([
      `location=eu-central-1 position=${int(1, 99)} latency=${int(1, 999)}ms longest=${int(1, 99)}s`,
      `device=/dev/sdb${int(1, 9)} driver=ext4 passthrough=false`,
      `bypass=true compass_mode=auto tokens_per_second=${int(1, 99)}`,
      `pinned=true spin=${int(1, 9)} opinion=none tag=release-${int(1, 99)}`,
      `SSN_VALIDATION=off dob_required=false telemetry=on`,
      `keyspace=orders partition_key=customer_id sort_key=created_at`,
      `author=ci-bot contact=platform-team owner=team-orders`,
      `cell=A${int(1, 99)} sheet=Q3 phone_book_size=${int(1, 999)}`,
    ]),
  "MAC and serial": ({ hex, digits, of }) =>
    `nic ${Array.from({ length: 6 }, () => hex(2)).join("-")} cert serial ${hex(18).toUpperCase()} lot ${digits(3)}-${of(upper, 2)}-${digits(4)}`,
  "article numbers": ({ digits, int, pick }) =>
    pick([
      `ean=40${digits(11)} stock=${int(1, 99)}`,
      `ISBN 978-${int(0, 9)}-${digits(4)}-${digits(4)}-${int(0, 9)}`,
      `asin B0${digits(8)} rank ${int(1, 9999)}`,
      `upc ${digits(12)} price 4.99`,
    ]),
  base64: ({ of, pick }) =>
    pick([
      `sha512-${of(`${base62}+/`, 86)}==`,
      `body=${of(base62, 64)}`,
      `nextPageCursor="${of(base62, 24)}"`,
      `content-md5: ${of(base62, 22)}==`,
    ]),
  "handles and packages": ({ of, int, pick }) =>
    pick([
      `npm i @angular/core@${int(10, 19)}.${int(0, 9)}.${int(0, 9)} typescript@5.${int(0, 9)}.2`,
      `mention @${of(lower, 7)} in #general`,
      `git clone git@github.com:acme/${of(lower, 5)}.git`,
      `user@1000.service: Deactivated successfully.`,
      `image=icon@3x.png loaded`,
      `rabbit@mq-${int(0, 9)}.shop.internal is up`,
    ]),
};
