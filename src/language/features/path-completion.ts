/** What can stand in the quotes of an import or a data file: the files and folders that there are. Knows no file system. */
import { nodeAt, type File, type Span } from "../syntax";
import type { Completion } from "./completion";
import { resolveUri } from "./import-uri";

/** Asked when a path is being written. */
export interface PathQuestion {
  readonly kind: "import" | "data";
  /** The uri of the folder that is written so far. */
  readonly folder: string;
  /** The ends of the names that fit. */
  readonly endings: readonly string[];
  /** The last part of the path, which a choice takes the place of. */
  readonly replaces: Span;
}

/** By reader. */
const endings: ReadonlyMap<string, readonly string[]> = new Map([
  ["npy", [".npy"]],
  ["npz", [".npz"]],
  ["csv", [".csv", ".tsv", ".txt"]],
  ["idx", ["ubyte", ".idx", ".gz"]],
  ["safetensors", [".safetensors"]],
  ["png", [".png"]],
]);

/** `uri` is the file's own. */
export function pathQuestionAt(file: File, uri: string, offset: number): PathQuestion | undefined {
  const path = nodeAt(file, offset);
  const quoted = path.find(({ kind }) => kind === "string");
  if (quoted === undefined || offset <= quoted.node.start) return undefined;
  const from = quoted.node.start + 1;
  const isClosed = quoted.node.end > from && file.text[quoted.node.end - 1] === '"';
  if (isClosed && offset >= quoted.node.end) return undefined;
  const written = file.text.slice(from, offset);
  const importing = path.find(({ kind }) => kind === "import");
  const call = path.find(({ kind }) => kind === "call");
  const wanted =
    importing !== undefined
      ? [".nnspec"]
      : call?.kind === "call" &&
          call.node.callee.kind === "name" &&
          call.node.arguments[0]?.value.start === quoted.node.start
        ? endings.get(call.node.callee.name)
        : undefined;
  const slash = written.lastIndexOf("/") + 1;
  // The folder is found by way of a file in it, so that the file's own folder is one too.
  const inside = wanted && resolveUri(uri, `${written.slice(0, slash)}x`);
  if (wanted === undefined || inside === undefined) return undefined;
  const rest =
    /^[^"/\n\r]*/.exec(file.text.slice(offset, isClosed ? quoted.node.end - 1 : offset))?.[0] ?? "";
  return {
    kind: importing === undefined ? "data" : "import",
    folder: inside.slice(0, -2),
    endings: wanted,
    replaces: { start: from + slash, end: offset + rest.length },
  };
}

/** A name in a folder. */
export interface NameInFolder {
  readonly name: string;
  readonly isFolder: boolean;
}

export function pathCompletions(
  { kind, endings: wanted, replaces }: PathQuestion,
  entries: readonly NameInFolder[],
): readonly Completion[] {
  return entries.flatMap(({ name, isFolder }): Completion[] => {
    const fits = isFolder || wanted.some((ending) => name.toLowerCase().endsWith(ending));
    if (!fits || name.startsWith(".") || name === "node_modules" || /["\\\n\r]/.test(name)) return [];
    const label = isFolder ? `${name}/` : name;
    const detail = isFolder ? "folder" : kind === "import" ? "spec" : "data";
    const item = { label, kind: isFolder ? "folder" : "file", detail, documentation: "" } as const;
    return [{ ...item, insertText: label, rank: isFolder ? 2 : 1, replaces }];
  });
}
