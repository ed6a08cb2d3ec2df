/** "login: address, domain" a line ↔ login → addresses. Lines without a colon are answered as wrong. */
export const aliasesToText = (aliases: Record<string, string[]>) =>
  Object.entries(aliases)
    .map(([login, list]) => `${login}: ${list.join(", ")}`)
    .join("\n");

export function textToAliases(text: string): { aliases: Record<string, string[]>; wrong: string[] } {
  const aliases: Record<string, string[]> = {};
  const wrong: string[] = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (!line) continue;
    const colon = line.indexOf(":");
    const login = line.slice(0, Math.max(0, colon)).trim();
    const list = words(line.slice(colon + 1));
    if (!login || list.length === 0) wrong.push(line);
    else aliases[login] = [...(aliases[login] ?? []), ...list];
  }
  return { aliases, wrong };
}

/** Words of a list, parted by commas or white space. */
export const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);
