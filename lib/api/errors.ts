/** The closed set of error codes. The wording that a person reads, with the next step, lives in the UI. */
export const errorStatus = {
  not_signed_in: 401,
  not_allowed: 403,
  not_found: 404,
  bad_request: 400,
  confirm_needed: 409,
  plan_expired: 410,
  plan_used: 409,
  plan_empty: 409,
  listing_partial: 409,
  conflict: 409,
  audit_failed: 503,
  host_unreachable: 503,
  host_key_changed: 503,
  host_key_unknown: 503,
  host_auth_failed: 503,
  host_no_rights: 503,
  host_no_postfix: 503,
  host_answer_cut: 502,
  host_refused: 502,
  host_busy: 503,
  host_timeout: 504,
  log_unreadable: 503,
  not_set_up: 409,
  store_failed: 503,
  internal: 500,
} as const;
export type ErrorCode = keyof typeof errorStatus;

/** What every failed call answers. `message` is one English sentence; `detail` is text from the host, hostile. */
export type ErrorBody = { error: { code: ErrorCode; message: string; detail?: string } };

/** An error with a code of the closed set; route handlers turn it into {@link ErrorBody}. */
export class ApiError extends Error {
  /** By its name: each bundle of the server has a copy of this class, and errors pass from one to another. */
  static override [Symbol.hasInstance](value: unknown): value is ApiError {
    return value instanceof Error && value.name === "ApiError";
  }
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly detail?: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
  get status(): number {
    return errorStatus[this.code];
  }
}
