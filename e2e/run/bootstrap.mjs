// `node e2e/run/bootstrap.mjs [mailhost] [tests]`: npm packages, and the named groups of Debian packages.
import { ensureDebian, ensureNpm } from "./packages.mjs";

ensureNpm();
const groups = process.argv.slice(2);
if (groups.length > 0) ensureDebian(...groups);
