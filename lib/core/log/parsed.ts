/** What one line's message says, before it is put together with other lines. Ids are queue ids as logged. */
export type Parsed =
  | { kind: "connect"; name: string; address: string }
  | {
      kind: "disconnect";
      name: string;
      address: string;
      authOk: number;
      authTried: number;
      commands: string;
    }
  | { kind: "lost"; how: string; name: string; address: string }
  | {
      kind: "client";
      id: string | null;
      name: string;
      address: string;
      method: string | null;
      account: string | null;
      saslSender: string | null;
      originId: string | null;
      originClient: string | null;
    }
  | { kind: "pickup"; id: string; uid: string; sender: string; originId: string | null }
  | { kind: "header"; id: string; name: string; value: string }
  | { kind: "envelope"; id: string; sender: string; size: number; recipients: number }
  | {
      kind: "delivery";
      id: string;
      recipient: string;
      originalRecipient: string | null;
      relay: string | null;
      delay: number | null;
      dsn: string | null;
      status: string;
      reason: string;
    }
  | {
      kind: "end";
      id: string;
      how: "removed" | "expired" | "held" | "released" | "requeued" | "notified";
      detail: string;
    }
  | {
      kind: "reject";
      id: string | null;
      name: string | null;
      address: string | null;
      verdict: string;
      stage: string;
      code: string | null;
      dsn: string | null;
      reason: string;
      sender: string | null;
      recipient: string | null;
      helo: string | null;
      account: string | null;
    }
  | {
      kind: "login";
      protocol: string;
      account: string | null;
      address: string | null;
      ok: boolean;
      method: string | null;
      serverFault: boolean;
      reason: string;
      times: number;
    }
  | { kind: "gap"; missing: number | null; reason: string }
  | { kind: "notice"; level: "info" | "warning" | "error" | "fatal" | "panic"; id: string | null; text: string }
  /** Understood, and nothing that Sluice keeps. */
  | { kind: "silent" }
  /** A program that is not Postfix and not a login. */
  | { kind: "foreign" }
  | { kind: "unknown" };
