import "server-only";
import { ApiError } from "../../api/errors";
import { RemoteError } from "../../remote/errors";

/** A host's failure as the API tells it; anything else as it is. */
export function toApiError(error: unknown): unknown {
  return error instanceof RemoteError ? new ApiError(error.code, error.message, error.detail) : error;
}
