import { Server } from "node:http";
import { createServer } from "node:net";

// Runs Next's production server in this process. Sluice ends by itself on SIGINT and SIGTERM (background.ts), so that
// what is under way is written down first; Next's own handling would end the process under it.
export async function serve() {
  refuseMalformedPaths();
  process.env.NODE_ENV = "production";
  process.env.NEXT_MANUAL_SIG_HANDLE = "true";
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  process.env.PORT ||= "3000";
  process.env.HOSTNAME ||= "127.0.0.1";
  await ensureAddress(Number(process.env.PORT), process.env.HOSTNAME);
  process.argv = [process.argv[0], "next", "start", "-H", process.env.HOSTNAME, "-p", process.env.PORT];
  await import("next/dist/bin/next");
}

/** An address that cannot be listened at ends the process with a sentence. */
async function ensureAddress(port, host) {
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65535;
  const code = !isPort
    ? "ERR_SOCKET_BAD_PORT"
    : await new Promise((resolve) => {
        const probe = createServer();
        probe.once("error", (error) => resolve(error.code));
        probe.listen(port, host, () => probe.close(() => resolve(null)));
      });
  if (code === null) return;
  const why = {
    ERR_SOCKET_BAD_PORT: "PORT is not a number from 1 to 65535. Choose one: PORT=3000",
    EADDRINUSE: `port ${port} on ${host} is in use. End what listens there, or choose another: PORT=${port < 65535 ? port + 1 : 3000}`,
    EACCES: `port ${port} is for root. Choose one above 1023: PORT=3000`,
    EADDRNOTAVAIL: `HOSTNAME=${host} is no address of this machine. Choose one that is: HOSTNAME=127.0.0.1`,
    ENOTFOUND: `HOSTNAME=${host} is no address of this machine. Choose one that is: HOSTNAME=127.0.0.1`,
  };
  process.stderr.write(`sluice: ${why[code] ?? `cannot listen at ${host} port ${port} (${code})`}\n`);
  process.exit(1);
}

/** Next answers a path with a malformed % escape by a bare 500; it is the client's fault, and said as every error is. */
function refuseMalformedPaths() {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event, ...rest) {
    if (event !== "request" || isWellFormed(rest[0].url)) return emit.call(this, event, ...rest);
    const error = { code: "bad_request", message: "The path has a malformed % escape: write a % as %25." };
    rest[1].writeHead(400, { "content-type": "application/json", "cache-control": "no-store" });
    rest[1].end(JSON.stringify({ error }));
    return true;
  };
}

function isWellFormed(url) {
  try {
    decodeURIComponent(url.split("?", 1)[0]);
    return true;
  } catch {
    return false;
  }
}
