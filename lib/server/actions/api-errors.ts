import "server-only";
import { toApiError } from "../hosts/api-error";

/** Runs a use case; what a host's call throws comes out in the contract's form. */
export async function apiErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toApiError(error);
  }
}
