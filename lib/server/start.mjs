// `npm start`: the dashboard as it runs for real. Installs and builds what is missing, then serves in this process.
import { build } from "../../e2e/run/build.mjs";
import { ensureNpm } from "../../e2e/run/packages.mjs";

ensureNpm();
if (!build()) {
  process.stderr.write("The build failed (see above); nothing was started.\n");
  process.exit(1);
}
const { serve } = await import("./serve.mjs");
await serve();
