/** The account's page on a host. */
export const accountPath = (host: string, account: string) => `/hosts/${host}/accounts/${encodeURIComponent(account)}`;
