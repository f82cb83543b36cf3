/** What a command wrote to stderr but the progress that it tells of every ten seconds: a slow machine sees some of it. */
export const withoutProgress = (stderr: string): string =>
  stderr.replace(/^\S.* (?:… \d+ s|\d+ of \d+(?: .*)?)\n/gm, "");
