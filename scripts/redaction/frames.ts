/** What programs put around a text in a line of theirs. */
export const frames: readonly ((text: string) => string)[] = [
  (text) => `{"time":"2026-11-22T09:00:01.113Z","level":30,"pid":18,"msg":${JSON.stringify(text)}}`,
  (text) => `2026-11-22T09:00:01.113+01:00  INFO 1 --- [nio-8080-exec-2] c.s.web.AuditFilter : ${text}`,
  (text) => `{"ts":1795338001,"caller":"api/handler.go:88","request":{"body":${JSON.stringify(text)}}}`,
  (text) => `app[web.1]: ${text}`,
  (text) => `I, [2026-11-22T09:00:01.113 #18]  INFO -- : [9f1c] ${text}`,
  (text) => `<190>Nov 22 09:00:01 gw haproxy[7]: ${text}`,
];
