/** What an error of the file system says to a person. */

/** Whether nothing is there by that name. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
}

/** Why the system refuses, to continue a sentence. */
export function systemReason(error: unknown): string {
  switch (codeOf(error)) {
    case "ENOENT":
      return "there is no such file or folder";
    case "ENOTDIR":
      return "part of its path is no folder";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
      return "the disk is full";
    case "ELOOP":
      return "its links go round in a circle";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
