/** A path segment as it was before encodeURIComponent; itself where it is no valid encoding. */
export function decoded(segment: string | undefined): string {
  try {
    return decodeURIComponent(segment ?? "");
  } catch {
    return segment ?? "";
  }
}
