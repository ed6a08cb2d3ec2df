type Test = (text: string) => boolean;

/**
 * A matcher for a glob over the whole text, case folded: `*` is any run, `?` one character, everything else itself.
 * Work is at most pattern × text: on a mismatch only the last `*` takes one character more, so that no pattern blows up.
 */
export function glob(pattern: string): Test {
  const wanted = [...pattern.toLowerCase().replace(/\*+/g, "*")];
  return (text) => {
    const given = characters(text.toLowerCase());
    let at = 0;
    let next = 0;
    let star = -1;
    let retry = 0;
    while (at < given.length) {
      const want = wanted[next];
      if (want === "*") {
        star = next++;
        retry = at;
      } else if (want !== undefined && (want === "?" || want === given[at])) {
        next++;
        at++;
      } else if (star >= 0) {
        next = star + 1;
        at = ++retry;
      } else return false;
    }
    while (wanted[next] === "*") next++;
    return next === wanted.length;
  };
}

/** By character, not by half of one: plain strings serve as they are where nothing lies beyond the basic plane. */
const characters = (text: string): string | string[] => (/[\ud800-\udbff]/.test(text) ? [...text] : text);
