import { fourNumbers, marks, unlike } from "./redaction-rule.ts";

/** One form of what looks personal and is not. */
export interface HarmlessRule {
  name: string;
  /** A line that stays as it is. */
  example: string;
  /** RE2; what looks personal begins behind the first group. */
  pattern: string;
  by: string;
  words?: readonly string[];
  looks?: string;
}

const before = `\${1}${marks.unlike}\${2}`;
const harmless = (
  name: string,
  example: string,
  pattern: string,
  { by = before, words, looks }: { by?: string; words?: readonly string[]; looks?: string } = {},
): HarmlessRule => ({ name, example, pattern, by, ...(words && { words }), ...(looks && { looks }) });

const dotted = "\\d{1,3}(?:\\.\\d{1,3}){3}\\b";
/** Programs that say their version without the word: what runs on machines, in browsers and under services. */
const programs =
  "linux|kernel|windows|android|ios|macos|darwin|chrome|chromium|firefox|safari|opera|webkit|electron|java|jdk|jre|openjdk|openssl|python|ruby|php|bios|sdk|jar|dll";
const counted =
  "bytes?|size|length|offset|lsn|seq|sequence|epoch|timestamp|time|ts|ns|nanos|micros|millis|duration|elapsed|latency|count|total|rows?|records?|version|revision|pid|tid|ppid|uid|gid|port|inode|addr|hash|checksum|crc32|seed|nonce|block|height|slot|cycles|balance|amount|price|index|idx";
const ids =
  "trace|span|parent|request|req|correlation|event|job|task|batch|build|run|order|invoice|ticket|transaction|tx|row|record|entry|item|product|article|sku|ean|gtin|isbn|session|process|thread|partition|ledger|shipment|parcel|tracking|voucher|coupon";

/** What is marked before the rules look at how something is written. */
export const harmlessRules: readonly HarmlessRule[] = [
  harmless(
    "version",
    "driver version 8.1.2.3 loaded",
    `(?i)((?:\\b|_)(?:version|driver|firmware|release|build|revision|ver|rev)["'\\\\]*\\s*[=:]?\\s*["'\\\\]*v?|\\bv)(${dotted})`,
    { looks: fourNumbers },
  ),
  harmless("version of a program", "Linux 5.15.2.33 booted", `(?i)(\\b(?:${programs})[ /_-]v?)(${dotted})`, {
    looks: fourNumbers,
  }),
  harmless(
    "version before its build",
    "app 3.1.4.2 (build 381)",
    "(?i)(^|[^\\w.])(\\d{1,3}(?:\\.\\d{1,3}){3} ?\\((?:build|release|rev))",
    { looks: fourNumbers },
  ),
  harmless("more than four numbers", "oid 1.3.6.1.4.1.2021.10 = 3", "(^|[^\\w.])((?:\\d|[1-9]\\d+)(?:\\.\\d+){4,})", {
    looks: fourNumbers,
  }),
  harmless(
    "address without a network of its own",
    "arp on 169.254.7.9 and 100.64.3.2",
    "(^|[^\\d.])((?:169\\.254|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])|198\\.1[89])\\.\\d)",
    { looks: fourNumbers },
  ),
  harmless(
    "UUID",
    "request 0B8CDE12-3456-4A90-9123-123456789012 done",
    "\\b([0-9A-Fa-f]{8})-([0-9A-Fa-f]{4})-([0-9A-Fa-f]{4})-([0-9A-Fa-f]{4})-([0-9A-Fa-f]{12})\\b",
    { by: [1, 2, 3, 4, 5].map((group) => `${marks.unlike}\${${group}}`).join(`${marks.unlike}-`) },
  ),
  harmless("MAC address", "link 08-00-27-12-34-56 up", "(^|[^\\w-])([0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5,})\\b"),
  harmless(
    "date",
    "due 09.11.2026 10:22",
    "(^|[^\\w./-])(\\d{1,2}([./-])\\d{1,2}[./-](?:19|20)\\d{2}\\b|(?:19|20)\\d{2}[./-]\\d{2}[./-]\\d{2})",
  ),
  harmless("number in groups of three", "012 345 678 rows", "(^|[^\\w.+(-])(\\d{1,3}(?: \\d{3}){2,}\\b)"),
  harmless("amount with its sign", "total +12345678.90 EUR", "(\\+)(\\d+[.,]\\d{1,2}(?:[^\\d.,-]|$))"),
  harmless(
    "number under the name of a count or of an id",
    "dd.span_id=4539578763621486 bytes=4111111111111111",
    `(?i)((?:\\b|_)(?:${counted}|(?:${ids})[_. -]?(?:id|no|nr|number|key)?)["'\\\\]*(?:\\s*[=:#]\\s*| )["'\\\\]*)(\\d{9,})`,
    { looks: "(?:^|[^\\w.])(?:0\\d{9}|[2-6]\\d{12})" },
  ),
  harmless(
    "account of a program",
    "fetch git@git.example.com:shop/web.git",
    "(?i)(\\b(?:git|hg|svn|root|ubuntu|ec2-user|rabbit|deploy|jenkins|postgres|nobody|daemon)@)([\\p{L}\\d])",
    { words: ["@"] },
  ),
  harmless(
    "name of a machine or a unit",
    "deploy@web-1.shop.internal started getty@tty1.service",
    "(?i)(@)((?:[\\w-]+\\.)+(?:local|localhost|internal|intranet|lan|home|corp|localdomain|svc|cluster|invalid|service|socket|timer|slice|target|mount|scope|path|device)\\b)",
    { words: ["@"] },
  ),
  harmless(
    "version or density of a file",
    "spring@5.3.1.RELEASE logo@2x.png",
    "(?i)(@)(v?\\d+(?:\\.\\d+)+[.-][a-z]|\\d+(?:\\.\\d+)?x\\.)",
    {
      words: ["@"],
    },
  ),
  // Keeps rules from a mark that stands twice.
  harmless("mark", "", `${unlike}{2,}`, { by: marks.unlike }),
];
