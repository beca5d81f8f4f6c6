/**
 * Where an import or a data file lies, as a uri: the one rule that the server, the worker and their tests share.
 * Uris are compared in one spelling, because editors percent-encode them differently. Knows no file system.
 */

/** The uri that a relative path means in the file `from`; undefined for paths that leave no file to name. */
export function resolveUri(from: string, path: string): string | undefined {
  const base = splitUri(from);
  if (base === undefined || path === "") return undefined;
  const folder = base.path.slice(0, base.path.lastIndexOf("/") + 1);
  const written = path.replaceAll("\\", "/");
  const whole = written.startsWith("/") ? written : folder + encodePath(written);
  const kept: string[] = [];
  for (const segment of (written.startsWith("/") ? encodePath(whole) : whole).split("/")) {
    if (segment === ".") continue;
    if (segment === "..") {
      if (kept.length > 1) kept.pop();
    } else kept.push(segment);
  }
  return `${base.origin}${kept.join("/")}${base.rest}`;
}

/**
 * The folders whose files a spec may read where the workspace is not trusted: those of the workspace, or the spec's own
 * where it lies outside of them all.
 */
export function readableFolders(spec: string, folders: readonly string[]): readonly string[] {
  if (isWithin(spec, folders)) return folders;
  return [spec.slice(0, spec.lastIndexOf("/"))];
}

/** Whether a file lies in one of the folders, at any depth. */
export function isWithin(uri: string, folders: readonly string[]): boolean {
  const path = canonicalUri(uri);
  return folders.some((folder) =>
    path.startsWith(`${withoutQuery(canonicalUri(folder)).replace(/\/$/, "")}/`),
  );
}

/** The folder of a file as a uri, and the file's name in it, as people read it. */
export function folderAndName(uri: string): { readonly folder: string; readonly name: string } | undefined {
  const parts = splitUri(uri);
  if (parts === undefined) return undefined;
  const { origin, path, rest } = parts;
  const slash = path.lastIndexOf("/");
  return { folder: `${origin}${path.slice(0, slash)}${rest}`, name: decoded(path.slice(slash + 1)) };
}

function withoutQuery(uri: string): string {
  const parts = splitUri(uri);
  return parts === undefined ? uri : `${parts.origin}${parts.path}`;
}

/** The same uri in the one spelling by which uris are compared. */
export function canonicalUri(uri: string): string {
  const parts = splitUri(uri);
  if (parts === undefined) return uri;
  const path = parts.path.split("/").map(recode).join("/");
  return `${parts.origin}${path}${parts.rest}`;
}

interface UriParts {
  /** Scheme and authority: `file://`, `vscode-vfs://github`, `untitled:`. */
  readonly origin: string;
  readonly path: string;
  /** Query and fragment, which belong to some virtual file systems' names. */
  readonly rest: string;
}

function splitUri(uri: string): UriParts | undefined {
  const match = /^([a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?)([^?#]*)(.*)$/is.exec(uri);
  if (match === null) return undefined;
  const [, origin = "", path = "", rest = ""] = match;
  return { origin, path, rest };
}

function encodePath(path: string): string {
  return path.split("/").map(encodeSegment).join("/");
}

function recode(segment: string): string {
  const name = decoded(segment);
  return name === segment && segment.includes("%") ? segment : encodeSegment(name);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray % belongs to the name as it is
  }
}

/** As VS Code does: everything but letters, digits and `-._~`. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
