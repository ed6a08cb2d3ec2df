/**
 * A Postfix queue id. Short form: five or more upper-case hex digits. Long form (`enable_long_queue_ids`): base 52
 * digits without vowels, with `z` between the time and the inode (Postfix source, global/mail_queue.h). The only
 * constructor is {@link queueId}, so that `ALL`, `-` or an option can never become one.
 */
export type QueueId = string & { readonly __brand: "QueueId" };

const shortForm = /^[0-9A-F]{5,24}$/;
const longForm = /^[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,20}z[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]{1,20}$/;

/** The queue id that the text is, or undefined. The whole text counts: no white space, no marks of `postqueue -p`. */
export function queueId(text: string): QueueId | undefined {
  return shortForm.test(text) || longForm.test(text) ? (text as QueueId) : undefined;
}
