import type { Draw } from "./draw.ts";

/** Layouts of lines of the parts that were held out later. */
const layouts: readonly ((value: string) => string)[] = [
  (v) => `I1122 08:14:03.118273       1 controller.go:214] "Reconciled" account="${v}" generation=4`,
  (v) => `[2026-11-22 08:14:03] production.WARNING: duplicate {"subject":"${v}","exception":null} []`,
  (v) => `08:14:03.118 [http-nio-8080-exec-7] WARN  c.s.profile.ProfileService - rejected ${v}: already taken`,
  (v) =>
    `10.4.2.7 - - [22/Nov/2026:08:14:03 +0000] "GET /find?term=${encodeURIComponent(v)}&limit=5 HTTP/2.0" 200 311 "-" "curl/8.5"`,
  (v) => `ERROR:  duplicate key value violates unique constraint "u"\nDETAIL:  Key (val)=(${v}) already exists.`,
  (v) => `time=2026-11-22T08:14:03Z lvl=dbug msg="lookup" arg="${v}" hits=0`,
  (v) => `{"severity":"NOTICE","jsonPayload":{"args":["${v}",3],"fn":"notify"}}`,
  (v) => `{"log":"{\\"m\\":\\"queued\\",\\"for\\":\\"${v}\\"}\\n","stream":"stdout"}`,
  (v) => `ValueError: invalid literal for parse(): '${v}'`,
  (v) => `88;2026-11-22;${v};open`,
  (v) => `* payload -> ${v} <-`,
];
/** A value in any line. */
export const anywhere = (value: string, draw: Draw) => ({ value, line: draw.pick(layouts)(value) });
/** A value in one of some lines of its own. */
export const keyed = (value: string, draw: Draw, ...own: readonly ((value: string) => string)[]) => ({
  value,
  line: draw.pick(own)(value),
});
/** How a key and its value stand in a line. */
const pairs =
  (...keys: readonly string[]) =>
  (draw: Draw) => {
    const key = draw.pick(keys);
    return draw.pick<(value: string) => string>([
      (v) => `{"event":"update","data":{"id":12,"${key}":"${v}","ok":true}}`,
      (v) => `lvl=info msg=update ${key}="${v}" rows=1`,
      (v) => `update done | ${key}: ${v}`,
      (v) => `{"log":"{\\"id\\":12,\\"${key}\\":\\"${v}\\"}\\n"}`,
      (v) => `  ${key} => "${v}",`,
      (v) => `update(id=12, ${key}='${v}')`,
      (v) => `POST /form id=12&${key}=${v.replaceAll(" ", "+")}&ok=1`,
      (v) => `<row id="12"><${key}>${v}</${key}></row>`,
      (v) => `---\nid: 12\n${key}: ${v}\nok: true`,
      (v) => `["${key}"]=> string(${v.length}) "${v}"`,
    ]);
  };
/** A value under one of some keys. */
export const under = (value: string, draw: Draw, ...keys: readonly string[]) => ({
  value,
  line: pairs(...keys)(draw)(value),
});
