import { bytes } from "./quantity.ts";

/** So many bytes of log lines a day are no matter, of whatever service: what comes to less is not worth a message. */
export const smallLogVolume = bytes(20 * 1024 ** 2);

/**
 * A selector of log streams with these matchers (`service="checkout"`). Loki refuses one that could match streams
 * without any label, as `{service!="checkout"}` could: so lines must have a service, as the collector gives them.
 */
export const streamSelector = (matchers: readonly string[] = []): string =>
  `{${['service=~".+"', ...matchers].join(", ")}}`;

/** The same selector with one matcher more. */
export const narrowed = (streams: string, matcher: string): string =>
  matcher === "" ? streams : `${streams.slice(0, -1)}, ${matcher}}`;

/** Bytes of a query that Loki still reads: `maxInputSize` of its parser, less one. */
export const longestLogql = 131_071;
