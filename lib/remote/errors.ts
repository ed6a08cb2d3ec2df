import "server-only";

/** The part of the closed set of error codes that a host can cause (lib/api/errors.ts has the whole). */
export type RemoteErrorCode =
  | "host_unreachable"
  | "host_key_changed"
  | "host_key_unknown"
  | "host_auth_failed"
  | "host_no_rights"
  | "host_no_postfix"
  | "host_answer_cut"
  | "host_refused"
  | "host_busy"
  | "host_timeout"
  | "log_unreadable"
  | "not_set_up"
  | "not_found"
  | "bad_request";

/** A call to a host that did not come to its end. `message` names the next step; `detail` is the host's text, hostile. */
export class RemoteError extends Error {
  /** By its name: each bundle of the server has a copy of this class, and errors pass from one to another. */
  static override [Symbol.hasInstance](value: unknown): value is RemoteError {
    return value instanceof Error && value.name === "RemoteError";
  }
  constructor(
    readonly code: RemoteErrorCode,
    message: string,
    readonly detail?: string,
  ) {
    super(message);
    this.name = "RemoteError";
  }
}
