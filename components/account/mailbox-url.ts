/** The configured link with the account put in, URL-encoded; null for anything but http and https. */
export function mailboxUrl(link: string | null, account: string): string | null {
  if (!link) return null;
  const filled = link.replaceAll("{account}", () => encodeURIComponent(account));
  return URL.canParse(filled) && /^https?:$/.test(new URL(filled).protocol) ? filled : null;
}
