import "server-only";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { VerbName } from "./verbs";

let text: string | undefined;

/** host.sh as it travels and as it is installed. Read from the program's folder, where every start runs (npm start). */
export function hostScript(): string {
  text ??= readFileSync(join(/* turbopackIgnore: true */ process.cwd(), "lib/remote/host.sh"), "utf8");
  return text;
}

/** Text as one word of a POSIX shell. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Without its comment lines: sshd gives the command to the login's shell as one argument, which Linux cuts at 128 KiB. */
function travelling(): string {
  return hostScript().replace(/^ *#.*\n/gm, "");
}

/**
 * What is executed on the host. Only a verb of the closed table ever stands in it: data goes by stdin. `env -i`-like
 * cleaning is the script's own (PATH, locale).
 */
export function commandFor(verb: VerbName, login: { user: string; lockedDown: boolean }): string {
  if (login.lockedDown) return `sluice ${verb}`;
  const sudo = login.user === "root" ? "" : "sudo -n ";
  return `exec ${sudo}sh -c ${shellWord(travelling())} sluice ${verb}`;
}
