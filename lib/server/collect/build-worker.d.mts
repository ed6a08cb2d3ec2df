/** Builds the reading thread's program; answers where it is. */
export function buildWorker(outfile?: string): Promise<string>;
