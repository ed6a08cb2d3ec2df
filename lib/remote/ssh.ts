import "server-only";
import { createHash } from "node:crypto";
import { Client, type ClientChannel, type ConnectConfig, utils } from "ssh2";
import { RemoteError } from "./errors";

/** The one file that speaks SSH. */
export type SshTarget = {
  address: string;
  port: number;
  user: string;
  /** Private key, OpenSSH or PEM, without passphrase. */
  privateKey: string;
  /** "ssh-ed25519 AAAA…": the only key that the host may show. */
  hostKey: string;
};

export type SshChannel = {
  stdin: NodeJS.WritableStream;
  stdout: NodeJS.ReadableStream;
  stderr: NodeJS.ReadableStream;
  /** Resolves when the channel is closed: the exit code, or null where the connection or the process was cut. */
  closed: Promise<number | null>;
  close(): void;
};

export type SshSession = {
  exec(command: string): Promise<SshChannel>;
  /** Called once, when the connection is gone for whatever reason. */
  onClose(listener: () => void): void;
  end(): void;
};

const connectTimeout = 15_000;
const algorithms: ConnectConfig["algorithms"] = {
  // aes128-gcm is several times faster than the rest with Node's own crypto.
  cipher: {
    prepend: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"],
    append: [],
    remove: [],
  },
};

/** SHA-256 fingerprint as ssh-keygen -l prints it. */
export function fingerprint(hostKey: string): string {
  const blob = Buffer.from(hostKey.trim().split(/\s+/)[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** The public half of a private key, type and base64; null where it cannot be read. */
export function publicKeyOf(privateKey: string): string | null {
  const parsed = utils.parseKey(privateKey);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return key && !(key instanceof Error) ? keyText(key.getPublicSSH()) : null;
}

function keyText(blob: Buffer): string {
  const length = blob.readUInt32BE(0);
  return `${blob.toString("latin1", 4, 4 + length)} ${blob.toString("base64")}`;
}

function unreachable(target: { address: string; port: number }, error: Error): RemoteError {
  return new RemoteError(
    "host_unreachable",
    `${target.address} port ${target.port} cannot be reached. Check address, port and firewall, and that sshd runs.`,
    error.message,
  );
}

/** Connects and logs in. A host that shows another key gets no login and no command. */
export function openSsh(target: SshTarget): Promise<SshSession> {
  const pinned = target.hostKey.trim().split(/\s+/);
  const type = pinned[0] ?? "";
  return new Promise((resolve, reject) => {
    const client = new Client();
    let shown: string | undefined;
    const fail = (error: Error & { level?: string }) => {
      client.removeAllListeners("close");
      client.on("error", () => {});
      client.end();
      if (shown !== undefined)
        reject(
          new RemoteError(
            "host_key_changed",
            `${target.address} shows another host key than the one confirmed. Nothing was sent to it. Find out why; if the change is right, confirm the new key in the host's settings.`,
            `${fingerprint(shown)} instead of ${fingerprint(target.hostKey)}`,
          ),
        );
      else if (error.level === "client-authentication")
        reject(
          new RemoteError(
            "host_auth_failed",
            `${target.address} does not take the key for ${target.user}. Add the public key to that login's ~/.ssh/authorized_keys.`,
            error.message,
          ),
        );
      else reject(unreachable(target, error));
    };
    client.once("error", fail);
    client.once("close", () => fail(new Error("the connection was closed before the login")));
    client.once("ready", () => {
      client.removeAllListeners("error");
      client.removeAllListeners("close");
      client.on("error", () => {});
      resolve(session(client, target));
    });
    const rsa = ["rsa-sha2-512", "rsa-sha2-256"] as const;
    try {
      client.connect({
        host: target.address,
        port: target.port,
        username: target.user,
        privateKey: target.privateKey,
        readyTimeout: connectTimeout,
        keepaliveInterval: 5_000,
        keepaliveCountMax: 3,
        algorithms: {
          ...algorithms,
          serverHostKey: (type === "ssh-rsa" ? [...rsa] : [type]) as never,
        },
        hostVerifier: (blob: Buffer) => {
          const key = keyText(blob);
          const same = key === `${type} ${pinned[1] ?? ""}`;
          if (!same) shown = key;
          return same;
        },
      });
    } catch (error) {
      // An unreadable private key or host key type throws here.
      reject(
        new RemoteError(
          "host_auth_failed",
          "The SSH key cannot be used: it must be an OpenSSH or PEM private key without a passphrase.",
          (error as Error).message,
        ),
      );
    }
  });
}

function session(client: Client, target: SshTarget): SshSession {
  return {
    exec: (command) =>
      new Promise((resolve, reject) => {
        const lost = () => reject(unreachable(target, new Error("the connection was lost")));
        client.once("close", lost);
        const opened = (error: Error | undefined, channel: ClientChannel) => {
          client.removeListener("close", lost);
          if (error) reject(unreachable(target, error));
          else resolve(wrap(client, channel));
        };
        try {
          client.exec(command, opened);
        } catch (error) {
          client.removeListener("close", lost);
          reject(unreachable(target, error as Error));
        }
      }),
    onClose: (listener) => void client.once("close", listener),
    end: () => void client.end(),
  };
}

function wrap(client: Client, channel: ClientChannel): SshChannel {
  const closed = new Promise<number | null>((resolve) => {
    let code: number | null = null;
    channel.once("exit", (exit: number | null) => {
      code = exit;
    });
    const done = () => resolve(code);
    channel.once("close", done);
    client.once("close", done);
    void Promise.resolve().then(() => channel.once("close", () => client.removeListener("close", done)));
  });
  channel.on("error", () => {});
  channel.stdin.on("error", () => {});
  return {
    stdin: channel.stdin,
    stdout: channel,
    stderr: channel.stderr,
    closed,
    close: () => channel.destroy(),
  };
}

/** The host's key and its fingerprint, without logging in. */
export function scanHostKey(address: string, port: number): Promise<{ hostKey: string; fingerprint: string }> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    let key: string | undefined;
    client.on("error", (error) => {
      if (key) resolve({ hostKey: key, fingerprint: fingerprint(key) });
      else reject(unreachable({ address, port }, error));
    });
    client.once("close", () => reject(unreachable({ address, port }, new Error("closed before a key was shown"))));
    client.connect({
      host: address,
      port,
      username: "sluice",
      readyTimeout: connectTimeout,
      algorithms: { ...algorithms, serverHostKey: { prepend: ["ssh-ed25519"], append: [], remove: [] } },
      hostVerifier: (blob: Buffer) => {
        key = keyText(blob);
        return false;
      },
    });
  });
}
