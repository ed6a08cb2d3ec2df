/** `-- log=1000 purge=10000`: numbers by name; an unknown name is an error. */
export function numbers<Names extends string>(
  args: readonly string[],
  defaults: Record<Names, number>,
): Record<Names, number> {
  const found = { ...defaults };
  for (const arg of args) {
    const [name = "", value = ""] = arg.split("=");
    if (!(name in defaults) || !/^\d+$/.test(value)) {
      throw new Error(
        `bench does not know ${arg}; it takes ${Object.keys(defaults)
          .map((key) => `${key}=N`)
          .join(" ")}`,
      );
    }
    found[name as Names] = Number(value);
  }
  return found;
}
