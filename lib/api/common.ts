import { z } from "zod";
import { queueNames } from "../core/queue";
import { type ErrorCode, errorStatus } from "./errors";

/** ISO 8601 with zone. */
export const time = z.iso.datetime({ offset: true });
export const hostId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
/**
 * Text without control characters, as accounts and addresses reach the host. Written without `\p`, which readers of
 * the OpenAPI document do not all know.
 */
export const plainText = (max: number) =>
  z
    .string()
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses.
    .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/);
export const queueName = z.enum(queueNames);
export const count = z.number().int().nonnegative();
export const errorBody = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    detail: z.string().optional(),
  }),
});
export const limit = z.coerce.number().int().min(1).max(5000);
/** A window of time: both ends ISO, `to` open (up to now) when left out; or `last` like 15m, 1h, 7d, or `all`. */
export const window = z.object({
  from: time.optional(),
  to: time.optional(),
  last: z
    .string()
    .regex(/^([1-9][0-9]{0,4}[mhd]|all)$/)
    .optional(),
});
/** Lines of a raw log around something. */
export const rawLine = z.object({
  file: z.string(),
  offset: z.number(),
  at: time.nullable(),
  text: z.string(),
  /** True for the lines that were asked for, false for their neighbours. */
  hit: z.boolean(),
});
export type RawLine = z.infer<typeof rawLine>;
