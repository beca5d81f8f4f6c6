/** Finds and reads spec files, and what they import. Does the reading; knows nothing of what the texts mean. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { standardLibrary } from "../../language/std";
import { isMissing, systemReason } from "../node";

export interface SpecFile {
  /** The path as it is reported: normalised, relative where it was given so. */
  readonly id: string;
  readonly text: string;
}

export interface FoundFiles {
  readonly files: readonly SpecFile[];
  /** One sentence for each operand that gives no file. */
  readonly problems: readonly string[];
}

const standardLibraryId = "std";

/** Reads every file that the operands name, each once; patterns are matched here where the shell did not. */
export function readSpecFiles(operands: readonly string[]): FoundFiles {
  const files = new Map<string, SpecFile>();
  const problems: string[] = [];
  for (const operand of operands) {
    const paths = existsSync(operand) || !isPattern(operand) ? [operand] : matchPattern(operand);
    if (paths.length === 0) problems.push(`No file matches ${operand}`);
    for (const each of paths) {
      const id = path.normalize(each);
      if (files.has(id)) continue;
      const read = readText(each);
      if ("problem" in read) problems.push(read.problem);
      else files.set(id, { id, text: read.text });
    }
  }
  return { files: [...files.values()], problems };
}

/** The texts of a file system as modules import them; each is read once. */
export function makeResolver(): (from: string, written: string) => SpecFile | undefined {
  const known = new Map<string, SpecFile | undefined>([
    [standardLibraryId, { id: standardLibraryId, text: standardLibrary() }],
  ]);
  return (from, written) => {
    const id = written === standardLibraryId ? standardLibraryId : importId(from, written);
    if (id === undefined) return undefined;
    if (!known.has(id)) {
      const read = readText(id);
      known.set(id, "problem" in read ? undefined : { id, text: read.text });
    }
    return known.get(id);
  };
}

/** The text of a file by the name that a report gives it, for excerpts. */
export function makeSource(files: readonly SpecFile[]): (id: string) => string | undefined {
  const known = new Map<string, string | undefined>(files.map(({ id, text }) => [id, text]));
  known.set(standardLibraryId, standardLibrary());
  return (id) => {
    if (!known.has(id)) {
      const read = readText(id);
      known.set(id, "problem" in read ? undefined : read.text);
    }
    return known.get(id);
  };
}

/** An import is relative to its file; the standard library has none. */
function importId(from: string, written: string): string | undefined {
  if (from === standardLibraryId || written === "") return undefined;
  return pathBeside(from, written);
}

/** The path that a spec means by a written one. */
export function pathBeside(from: string, written: string): string {
  return path.isAbsolute(written) ? path.normalize(written) : path.join(path.dirname(from), written);
}

/** A text file, or one sentence why there is none. */
export function readText(file: string): { readonly text: string } | { readonly problem: string } {
  try {
    const stats = statSync(file);
    if (stats.isDirectory())
      return { problem: `${file} is a folder; name the files in it: ${path.join(file, "*.nnspec")}` };
    if (!stats.isFile()) return { problem: `${file} is not a file` };
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
    return text.includes("\0") ? { problem: `${file} is not a text file` } : { text };
  } catch (error) {
    return { problem: readProblem(file, error) };
  }
}

function readProblem(file: string, error: unknown): string {
  if (error instanceof TypeError) return `${file} is not UTF-8 text`;
  if (isMissing(error)) return `${file} does not exist`;
  return `${file} cannot be read: ${systemReason(error)}`;
}

function isPattern(operand: string): boolean {
  return /[*?]/.test(operand);
}

/** `*` and `?` within names, `**` for any folders; hidden files are left out, as shells do. */
function matchPattern(pattern: string): string[] {
  const normalized = path.normalize(pattern);
  const { root } = path.parse(normalized);
  const segments = normalized.slice(root.length).split(path.sep);
  return matchSegments(root, segments).sort();
}

function matchSegments(folder: string, [segment, ...rest]: readonly string[]): string[] {
  if (segment === undefined) return [];
  if (segment === "**") {
    const below = foldersIn(folder).flatMap((name) =>
      matchSegments(path.join(folder, name), [segment, ...rest]),
    );
    return [...matchSegments(folder, rest), ...below];
  }
  const expression = new RegExp(
    `^${segment
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", "[^/]*")
      .replaceAll("?", "[^/]")}$`,
    "u",
  );
  const names = isPattern(segment)
    ? namesIn(folder).filter((name) => expression.test(name) && !name.startsWith("."))
    : [segment];
  const paths = names.map((name) => path.join(folder, name));
  if (rest.length > 0) return paths.flatMap((each) => matchSegments(each, rest));
  return paths.filter((each) => existsSync(each) && statSync(each).isFile());
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder === "" ? "." : folder);
  } catch {
    // A folder that cannot be listed has no file that matches.
    return [];
  }
}

function foldersIn(folder: string): string[] {
  return namesIn(folder).filter(
    (name) => !name.startsWith(".") && name !== "node_modules" && isFolder(path.join(folder, name)),
  );
}

/** Links are not followed, so that none leads round in a circle. */
function isFolder(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}
