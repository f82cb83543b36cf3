import { base62, lower, upper } from "./draw.ts";
import type { Make } from "./harmless.ts";

/** Other harmless things: written before the rules were last changed, and sent through them only then. */
export const harmlessHeldOut: Readonly<Record<string, Make>> = {
  "number of an assembly": ({ int, pick }) =>
    `loaded ${pick(["System.Core", "Shop.Api"])}, Version=${int(1, 9)}.0.${int(0, 9)}.${int(0, 9)}, Culture=neutral`,
  "kernel and browser": ({ int, pick }) =>
    pick([
      `Linux 5.15.${int(0, 9)}.${int(10, 99)} booted`,
      `Edge ${int(90, 140)}.0.${int(1000, 9999)}.${int(10, 99)} on Windows`,
      `app ${int(1, 9)}.${int(0, 9)}.${int(0, 9)}.${int(0, 9)} (build ${int(100, 999)})`,
    ]),
  "object identifier": ({ int }) => `oid 1.3.6.1.4.1.${int(1000, 60000)}.${int(1, 9)}.${int(1, 99)} = ${int(1, 99)}`,
  "decimal trace id": ({ digits, int }) => `dd.trace_id=${int(1, 9)}${digits(17)} dd.span_id=${int(1, 9)}${digits(15)}`,
  "key of a row": ({ digits, int }) => `duplicate key (id)=(${int(1, 9)}${digits(15)}) in ledger`,
  "ISBN and GTIN": ({ digits, int }) => `book 978-3-16-${digits(6)}-${int(0, 9)} gtin ${digits(14)}`,
  "date without dashes": ({ int, digits }) =>
    `backup-202611${int(10, 28)}-${int(10, 23)}${int(10, 59)}${int(10, 59)}.tar.gz ${int(10, 99)}/${int(10, 12)}/2026 0${int(1, 9)}.${int(10, 12)}.2026 ${digits(6)}`,
  "numbers with blanks": ({ digits, int }) =>
    `${int(1, 9)} ${digits(3)} ${digits(3)} ${digits(3)} bytes in ${int(1, 9)} ${digits(3)} files`,
  "process table": ({ int, digits }) =>
    `${int(100, 9999)} root 20 0 ${digits(7)} ${digits(6)} ${digits(5)} S 0.${int(0, 9)} 0:0${int(1, 9)}.44`,
  fingerprint: ({ hex }) =>
    `cert SHA1 ${Array.from({ length: 20 }, () => hex(2).toUpperCase()).join(":")} ssh SHA256:${hex(43)}`,
  "address in memory": ({ hex, int }) => `SIGSEGV at 0x00007f${hex(10)} pc=0x${hex(8)} mode 0${int(4, 7)}44`,
  "GUID in braces": ({ hex }) => `{${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}} ${hex(32)}`.toUpperCase(),
  "remote of git": ({ of }) => `fetch git@git.example.com:${of(lower, 6)}/${of(lower, 5)}.git main`,
  "object of a JVM": ({ hex, of }) =>
    `com.example.${of(upper, 1)}${of(lower, 6)}@${hex(7)} released, actor=${of(lower, 4)}@v${hex(1)}`,
  "words about sessions": ({ pick, int }) =>
    pick([
      "session closed for user root",
      `sessions=${int(2, 90)} active`,
      "Authorization failed for route /admin",
      "passwords do not match",
      'secret "db-credentials" not found in namespace shop',
      "cookie consent accepted",
      "auth=none tls=on",
      `author=system key=orders:${int(1, 99)}`,
      "csrf token mismatch",
      "password reset requested",
      "otp sent, expires in 300 s",
      "credentials: include",
      `session ${int(1, 9)} of 10 started`,
      `cookie_count=${int(1, 9)} set-cookie missing`,
    ]),
  "base64 of a picture": ({ of }) => `data:image/png;base64,iVBORw0KGgo${of(base62, 48)}==`,
  "card without number": ({ digits }) => `paid with visa **** **** **** ${digits(4)} and voucher ${digits(12)}`,
  "ticket and VAT": ({ digits, int }) =>
    `INC00${digits(5)} CVE-2026-${digits(5)} VAT ID${digits(9)} RFC ${int(1000, 9999)}`,
  "ports and ranges": ({ int, digits }) =>
    `listening on 0.0.0.0:${int(1000, 9999)}, 127.0.0.1:${int(1000, 9999)}, range ${digits(3)}-${digits(3)}, rows 0-${digits(6)}`,
  "size and time": ({ int, digits }) =>
    `GET /a ${int(200, 299)} ${digits(6)} 0.${digits(6)} upstream 172.20.${int(0, 255)}.${int(1, 254)}:80 0.${digits(3)}`,
};
