/** The files that a text names: imports and data files, as links, and what becomes of them when files are renamed. */
import { walk, type File, type Span, type StringLiteral } from "../syntax";
import { canonicalUri, resolveUri } from "./import-uri";

/** A path in quotes. */
export interface WrittenPath {
  readonly kind: "import" | "data";
  /** Between the quotes. */
  readonly span: Span;
  readonly path: string;
}

const readers: ReadonlySet<string> = new Set(["npy", "npz", "csv", "idx", "safetensors", "png"]);

/** From the tree alone. */
export function pathsIn(file: File): readonly WrittenPath[] {
  const paths: WrittenPath[] = [];
  const add = (kind: WrittenPath["kind"], literal: StringLiteral): void => {
    const span = { start: literal.start + 1, end: literal.end - 1 };
    // A string without its closing quote is still being typed.
    if (literal.value !== "" && file.text[span.end] === '"') paths.push({ kind, span, path: literal.value });
  };
  walk(file, (visited) => {
    if (visited.kind === "import" && visited.node.from !== undefined) add("import", visited.node.from);
    if (visited.kind !== "call") return;
    const { callee, arguments: given } = visited.node;
    const [first] = given;
    if (callee.kind === "name" && readers.has(callee.name) && first?.value.kind === "string")
      add("data", first.value);
  });
  return paths;
}

/** What a renamed file or folder is called before and after. */
export interface RenamedFile {
  readonly from: string;
  readonly to: string;
}

/** The edits of one file's paths: of what was renamed, and of all where the file itself has another folder now. */
export function pathEdits(
  file: File,
  uri: string,
  renamed: readonly RenamedFile[],
): readonly (Span & { readonly newText: string })[] {
  const home = moved(canonicalUri(uri), renamed);
  return pathsIn(file).flatMap(({ span, path }) => {
    const meant = path === "std" ? undefined : resolveUri(canonicalUri(uri), path);
    if (meant === undefined || path.startsWith("/")) return [];
    const target = moved(canonicalUri(meant), renamed);
    const newText = relativePath(home, target);
    const same = resolveUri(home, path) === target;
    return same || newText === undefined ? [] : [{ ...span, newText }];
  });
}

function moved(uri: string, renamed: readonly RenamedFile[]): string {
  for (const { from, to } of renamed) {
    const before = canonicalUri(from);
    if (uri === before) return canonicalUri(to);
    if (uri.startsWith(`${before}/`)) return canonicalUri(to) + uri.slice(before.length);
  }
  return uri;
}

/** The path that leads from one file to another; undefined where they are in different places of the world. */
export function relativePath(from: string, to: string): string | undefined {
  const [a, b] = [from.split("/"), to.split("/")];
  if (a.slice(0, 3).join("/") !== b.slice(0, 3).join("/")) return undefined;
  let common = 0;
  while (common < a.length - 1 && common < b.length - 1 && a[common] === b[common]) common++;
  const up = a.length - 1 - common;
  const down = b.slice(common).map((segment) => decodeURIComponent(segment));
  return [...new Array<string>(up).fill(".."), ...down].join("/");
}
