import { ApiError, type ErrorCode } from "../../lib/api/errors";

type Wording = { title: string; next: string };

/** The wording of every code, with the next step. The server's sentence is shown beside it. */
const wording = {
  not_signed_in: { title: "You are not signed in.", next: "Sign in again; what you were looking at is kept." },
  not_allowed: {
    title: "Your account may look, but not change this.",
    next: "Ask an admin to do it, or to give you the admin role.",
  },
  not_found: {
    title: "This is not here.",
    next: "It may have left the queue or been removed. Go back and look again.",
  },
  bad_request: { title: "The server did not accept the input.", next: "Correct what is named and try again." },
  confirm_needed: { title: "The confirmation does not match.", next: "Type exactly what is asked for." },
  plan_expired: { title: "The preview is too old to run.", next: "Make a new preview: the queue has moved on." },
  plan_used: { title: "This preview has been run already.", next: "Look at its report under Activity." },
  plan_empty: { title: "No message matches.", next: "Change the filter, or list the queue anew." },
  listing_partial: {
    title: "The listing is not complete, so no action is offered on it.",
    next: "List the queue again; if it stays cut, run the host check.",
  },
  conflict: { title: "Something else is in the way.", next: "Look at what changed and try again." },
  audit_failed: {
    title: "The audit could not be written, so nothing was done.",
    next: "Free disk space in the dashboard's data folder, then try again.",
  },
  host_unreachable: {
    title: "The mail host cannot be reached.",
    next: "Sluice keeps trying. Check the network and that sshd runs there, then run the host check.",
  },
  host_key_changed: {
    title: "The mail host shows another host key. Nothing was sent to it.",
    next: "If the host was reinstalled, compare the fingerprint on its console and confirm the new key on the host's page.",
  },
  host_key_unknown: {
    title: "The host key has not been confirmed.",
    next: "Fetch the host key on the host's page and confirm its fingerprint.",
  },
  host_auth_failed: {
    title: "The mail host refuses the key.",
    next: "Install the public key for this user with the command on the host's page.",
  },
  host_no_rights: {
    title: "The login lacks rights on the mail host.",
    next: "Run the host check: it gives the exact command that mends it.",
  },
  host_no_postfix: {
    title: "No Postfix was found on the host.",
    next: "Check that postqueue and postsuper are installed there.",
  },
  host_answer_cut: {
    title: "The host's answer was cut off in the middle.",
    next: "Try again. What is shown may be partial until then.",
  },
  host_refused: { title: "The host refused the request.", next: "Read its words below and run the host check." },
  host_busy: {
    title: "The host is busy with another action.",
    next: "Wait for it to end, or cancel it under Activity.",
  },
  host_timeout: {
    title: "The host did not answer in time.",
    next: "Try again; if it stays slow, look at the host's load.",
  },
  log_unreadable: {
    title: "The mail log cannot be read.",
    next: "Run the host check: it names the file and the command that mends it.",
  },
  not_set_up: { title: "This is not set up on the host yet.", next: "Set it up on the host's page, under Suspension." },
  store_failed: { title: "The dashboard's own store failed.", next: "Check the disk of the dashboard and its log." },
  internal: {
    title: "Something went wrong in the dashboard.",
    next: "Try again; the dashboard's log has the details.",
  },
} satisfies Record<ErrorCode, Wording>;

/** What to show for anything thrown. */
export function errorText(error: unknown): Wording & { said: string; detail: string | null } {
  if (error instanceof ApiError) return { ...wording[error.code], said: error.message, detail: error.detail ?? null };
  if (error instanceof Error && error.name === "DashboardAway")
    return {
      title: "The dashboard does not answer.",
      next: "It is tried again by itself. Check that the dashboard still runs.",
      said: "",
      detail: null,
    };
  return {
    title: error instanceof Error ? error.message : "Something went wrong.",
    next: "Try again.",
    said: "",
    detail: null,
  };
}

/** The next step for a code that the server named in passing (a host's problem). */
export const nextStep = (code: string): string | null => (code in wording ? wording[code as ErrorCode].next : null);
