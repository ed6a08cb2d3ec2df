// Loaded into a dashboard with NODE_OPTIONS=--import: its clock goes ahead by the ms that stand in $CLOCK_AHEAD, a file.
import { readFileSync } from "node:fs";

const { now } = Date;
let ahead = 0;
Date.now = () => now() + ahead;
setInterval(() => {
  try {
    ahead = Number(readFileSync(process.env.CLOCK_AHEAD ?? "", "utf8"));
  } catch {
    // Not written yet.
  }
}, 100).unref();
