import "server-only";
import pino from "pino";

/** The program's own log, JSON lines on stdout. SLUICE_LOG_LEVEL sets how much. */
export const log = pino({ level: process.env.SLUICE_LOG_LEVEL ?? "info", base: undefined });
