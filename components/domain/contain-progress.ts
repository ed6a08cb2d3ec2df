/** Where the stream puts how far Contain is, and its dialog finds it. */
export const containProgress = (host: string, account: string) => ["containProgress", { host, account }] as const;
