import type { Host } from "../../lib/api/hosts";

export const brakeSentence: Record<Host["brakes"][number]["kind"], string> = {
  "hold-queue": "the whole queue is held",
  "stop-in": "no new mail is taken in",
  "stop-out": "no mail is delivered out",
  "postfix-stopped": "Postfix is stopped",
  "dovecot-stopped": "Dovecot is stopped",
};
