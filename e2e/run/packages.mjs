// What a run needs besides Node, and how it gets there. Plain JavaScript: this runs before npm packages exist.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { afterOthers } from "./only-one.mjs";
import { endIfInterrupted, ensureRoomHere, fail } from "./room.mjs";

/** Debian package → a file that shows it is there. */
export const debian = {
  mailhost: {
    postfix: "/usr/sbin/postfix",
    "postfix-lmdb": "/usr/lib/postfix/postfix-lmdb.so",
    "dovecot-core": "/usr/sbin/dovecot",
    "dovecot-imapd": "/usr/lib/dovecot/imap-login",
    "openssh-server": "/usr/sbin/sshd",
    "openssh-client": "/usr/bin/ssh-keygen",
    rsyslog: "/usr/sbin/rsyslogd",
    sudo: "/usr/bin/sudo",
    procps: "/usr/bin/pkill",
    zstd: "/usr/bin/zstd",
    "xz-utils": "/usr/bin/xz",
    bzip2: "/usr/bin/bzip2",
  },
  tests: { chromium: "/usr/bin/chromium", pflogsumm: "/usr/sbin/pflogsumm", shellcheck: "/usr/bin/shellcheck" },
};

const say = (line) => process.stdout.write(`${line}\n`);

/** Installs npm packages when there are none, or when the lockfile is newer than what was installed. */
export function ensureNpm() {
  if (npmIsThere()) return;
  ensureRoomHere(1200);
  afterOthers(() => npmIsThere() || installNpm());
}

function npmIsThere() {
  const stamp = "node_modules/.package-lock.json";
  if (!existsSync(stamp)) return false;
  // A fresh checkout gives the lockfile a new time; the same locked packages need no new install.
  return statSync(stamp).mtimeMs >= statSync("package-lock.json").mtimeMs || samePackages(stamp);
}

function installNpm() {
  say("Installing the npm packages of package-lock.json (npm ci) …");
  // Under `npm run` this names npm's own program; a shell finds npm.cmd on Windows.
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-fund", "--no-audit"];
  const done = npm?.endsWith("npm-cli.js")
    ? spawnSync(process.execPath, [npm, ...args], { stdio: "inherit" })
    : spawnSync("npm", args, { stdio: "inherit", shell: process.platform === "win32" });
  endIfInterrupted(done);
  if (done.status !== 0)
    fail("npm ci failed (see above). Check that the npm registry can be reached, then run this again.");
}

function samePackages(stamp) {
  const versions = (file) =>
    Object.entries(JSON.parse(readFileSync(file, "utf8")).packages)
      .filter(([path, entry]) => path && !entry.optional)
      .map(([path, entry]) => `${path} ${entry.version}`)
      .sort()
      .join("\n");
  return versions(stamp) === versions("package-lock.json");
}

/** Installs the missing ones of the groups' Debian packages; where it may not, says which and how, and ends. */
export function ensureDebian(...groups) {
  const missing = () =>
    groups
      .flatMap((group) => Object.entries(debian[group]))
      .filter(([, file]) => !existsSync(file))
      .map(([name]) => name);
  const wanted = missing();
  if (wanted.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${wanted.join(" ")}`;
  if (process.getuid?.() !== 0) {
    fail(`Missing: ${wanted.join(", ")}. This process is not root; as root run: ${command}`);
  }
  if (spawnSync("apt-get", ["--version"]).status !== 0) {
    fail(
      `Missing: ${wanted.join(", ")}. There is no apt-get here; install them with this system's own package manager.`,
    );
  }
  say(`Installing the Debian packages ${wanted.join(", ")} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (args) =>
    spawnSync("apt-get", ["-qq", "-o", "Dpkg::Use-Pty=0", ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
  withoutServices(() => {
    if (
      spawnSync("debconf-set-selections", { input: "postfix postfix/main_mailer_type select No configuration\n" })
        .status !== 0
    ) {
      say("debconf-set-selections is missing; Postfix is installed with its default answers.");
    }
    apt(["update"]);
    apt(["install", "-y", "--no-install-recommends", ...wanted]);
  });
  const still = missing();
  if (still.length > 0) fail(`apt-get could not install ${still.join(", ")} (see above). Try by hand: ${command}`);
}

/** Debian starts a service when its package is installed unless policy-rc.d says 101; one that exists is left as it is. */
function withoutServices(work) {
  const policy = "/usr/sbin/policy-rc.d";
  const mine = !existsSync(policy);
  if (mine) {
    writeFileSync(policy, "#!/bin/sh\nexit 101\n");
    chmodSync(policy, 0o755);
  }
  try {
    work();
  } finally {
    if (mine) rmSync(policy, { force: true });
  }
}

/** Root is what mount namespaces need; a mail host without it does not exist. */
export function ensureRoot(what) {
  if (process.getuid?.() !== 0)
    fail(`${what} needs root, for a mount namespace of its own. Run it as root or with sudo.`);
}
