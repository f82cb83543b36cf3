import { expect, test } from "vitest";
import type { PlatformDraft } from "../../src/config/platform-draft.ts";
import { textFindings } from "../../src/config/text-findings.ts";

const found = (props: PlatformDraft) => textFindings(props).map(({ rule, path }) => `${rule} ${path.join(".")}`);
const hook = (url: string): PlatformDraft => ({ teams: [{ receivers: [{ webhook: { url } }] }] });
const at = "teams.0.receivers.0.webhook.url";

test("an address that carries a secret is refused without being shown", () => {
  const [finding] = textFindings(hook("https://example.com/hook?token=hunter2"));
  expect(finding?.rule).toBe("config/literal-secret");
  expect(JSON.stringify(finding)).not.toContain("hunter2");
  expect(found(hook("https://example.com/hook?team=orders"))).toEqual([]);
  expect(found({ links: { grafana: "https://a:b@example.com" } })).toEqual(["config/literal-secret links.grafana"]);
});

test("a link may have a commit in its path, but nothing behind its path", () => {
  const commit = "https://git.example.com/blob/0123456789abcdef0123456789abcdef01234567/runbooks";
  expect(found({ links: { runbooks: commit } })).toEqual([]);
  for (const end of ["?a=b", "#a"]) {
    expect(found({ links: { runbooks: `https://example.com/${end}` } })).toEqual(["config/format links.runbooks"]);
  }
});

test("an address must be one that a program can read", () => {
  for (const url of ["http://[::1", "http://a:99999/", "javascript:alert(1)", "a"]) {
    expect(found(hook(url)), url).toEqual([`config/format ${at}`]);
  }
});

test("a secret's name that is none is not shown, since it may be the secret", () => {
  const [finding] = textFindings({ email: { password: { secret: "Hunter2!" } } });
  expect(finding).toMatchObject({ rule: "config/format", path: ["email", "password", "secret"] });
  expect(JSON.stringify(finding)).not.toContain("Hunter2");
});

test("a prober is asked about an endpoint once, by whichever service", () => {
  const probed = (...endpoints: string[]) => ({ scrape: { targets: { production: ["prober:9115"] } }, endpoints });
  const [a, b, c] = ["https://a.example.com/", "https://b.example.com/", "https://c.example.com/"];
  expect(found({ services: [probed(a, b), probed(c)] })).toEqual([]);
  expect(found({ services: [probed(a, b), probed(c, b)] })).toEqual([
    "config/duplicate-target services.1.scrape.targets.production.0",
  ]);
});

test("an instance is fetched once, whatever the case of its name, unless under another path", () => {
  const scraped = (path: string | undefined, ...production: string[]) => ({
    scrape: { ...(path && { path }), targets: { production } },
  });
  expect(found({ services: [scraped("/a", "x:1"), scraped("/b", "x:1"), scraped(undefined, "x:1")] })).toEqual([]);
  expect(found({ services: [scraped("/metrics", "x:1", "y:1"), scraped(undefined, "X:1")] })).toEqual([
    "config/duplicate-target services.1.scrape.targets.production.0",
  ]);
});
