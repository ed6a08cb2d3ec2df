import { type ClassValue, clsx } from "clsx";

const kinds: [RegExp, string][] = [
  [/^(w|h|size|min-w|max-w|gap|bg|px|py)-/, ""],
  [/^text-(text|muted|accent|danger|warn|good|on-[a-z]+)$/, "text-colour"],
  [/^text-\[\d/, "text-size"],
  [/^font-(normal|medium|semibold|bold)$/, "font-weight"],
];

/**
 * Class names, a later one taking the place of an earlier one of the same kind. Only the kinds that the parts here let
 * others change: a whole merger of Tailwind's classes would be 14 KB of every page.
 */
export function cn(...classes: ClassValue[]): string {
  const kept = new Map<string, string>();
  for (const name of clsx(classes).split(" ")) {
    const colon = name.lastIndexOf(":") + 1;
    const base = name.slice(colon);
    const found = kinds.find(([pattern]) => pattern.test(base));
    const kind = found ? found[1] || (found[0].exec(base)?.[1] ?? "") : base;
    const key = name.slice(0, colon) + kind;
    kept.delete(key);
    kept.set(key, name);
  }
  return [...kept.values()].join(" ").trim();
}
