/** An expression that may be at fault, and what can be named where it stands. Knows no numbers. */
import type { Edit, Expression } from "../../language/syntax";
import { pieceOf, spotsIn, written, type Piece, type Spot } from "../rewriting";

/** A change of a text that may be the fix. */
export interface Candidate {
  /** What it does, in the imperative. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Site {
  /** What is defined here, without its index; null in a rule and in a check. */
  readonly name: string | null;
  /** What its index is, as it is written: `k - 1` of `dh[k - 1] = …`. */
  readonly index: string | null;
  readonly text: string;
  readonly root: Expression;
  /** The cotangent's or tangent's name, where it is a rule. */
  readonly moved: string | undefined;
  /** What an index may be: the variables of the loops around it and compile-time constants. */
  readonly indexNames: readonly string[];
  /** Names of numbers that are known before anything runs: hyperparameters, constants. */
  readonly constantNames: readonly string[];
  /** Names of sizes. */
  readonly sizeNames: readonly string[];
  /** Float values that can be named. */
  readonly valueNames: readonly string[];
  /** Numbers that stand in the declaration: 0.1 of a weight decay. */
  readonly numbers: readonly string[];
  /** How names of an instance begin elsewhere, `m.`, and are not written here. */
  readonly prefix: string;
}

export interface Spotted extends Site {
  readonly spots: readonly Spot[];
}

export function spotted(site: Site): Spotted {
  const spots = spotsIn(site.root).filter(
    ({ argument, node }) => argument === undefined && node.kind !== "string",
  );
  return { ...site, spots };
}

/** A text by the names that things have where the site is. */
export function inside({ prefix }: Pick<Site, "prefix">, text: string): string {
  return prefix === "" ? text : text.replaceAll(prefix, "");
}

/** Where something stands, spaces, brackets and indices aside. */
export function spotsWritten(site: Spotted, text: string): Spot[] {
  for (const each of withConstants(site, inside(site, text)).flatMap(unsqueezed)) {
    const found = site.spots.filter(({ node }) => isWrittenSo(site, node, each));
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether something is written so, numbers aside that have a name in the text: `x / 4` is `x / d` and `x / sqrt(n)`. */
export function isWrittenSo(site: Site, node: Expression, text: string): boolean {
  const written = textAt(site, node);
  if (isSameText(written, text)) return true;
  const names = [...site.constantNames, ...site.sizeNames].map((name) => escaped(name));
  if (names.length === 0 || !/\d/u.test(text)) return false;
  const name = `(?:sqrt)?(?:${names.join("|")})(?:\\[\\])?`;
  const constant = `(?:\\d[\\d.]*[*+-])?${name}(?:[*+-](?:${name}|\\d+))*`;
  const pattern = bare(text)
    .split(/((?<![\p{L}\p{N}_.])\d+(?:\.\d+)?(?:e-?\d+)?)/u)
    .map((part, i) => (i % 2 === 0 ? escaped(part) : `(?:${escaped(part)}|${constant})`));
  return new RegExp(`^${pattern.join("")}$`, "u").test(bare(written));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&");
}

/** A text as it is, and with each name of a constant for a number that is no whole one. */
export function withConstants({ constantNames }: Pick<Site, "constantNames">, text: string): string[] {
  const decimal = /(?<![\w.])\d*\.\d+(?:e-?\d+)?(?![\w.])/u;
  if (!decimal.test(text)) return [text];
  return [...constantNames.map((name) => text.replaceAll(new RegExp(decimal, "gu"), name)), text];
}

/** A text as it is, and with `unsqueeze(u, 1)` for `u[:, None]`. */
function unsqueezed(text: string): string[] {
  const index =
    /([\p{L}_][\p{L}\p{M}\p{N}_.']*(?:\[[^[\]]*\])*(?:\((?:[^()]|\([^()]*\))*\))?)\[((?::, )*)None\]/gu;
  if (!text.includes("None]")) return [text];
  const written = (label: string): string =>
    text.replaceAll(index, (_, x: string, before: string) => `unsqueeze(${x}, ${label}${before.length / 3})`);
  return [text, written(""), written("dim = ")];
}

/** Whether two texts are the same but for spaces, brackets and indices, which are numbers in an explanation. */
export function isSameText(a: string, b: string): boolean {
  return bare(a) === bare(b);
}

function bare(text: string): string {
  return text.replaceAll(/\s+|[()]/gu, "").replaceAll(/(?:\[[^[\]]*\])+/gu, "[]");
}

export function textAt({ text }: Pick<Site, "text">, node: Expression): string {
  return text.slice(node.start, node.end);
}

export function pieceAt({ text }: Site, node: Expression): Piece {
  return pieceOf(text, node);
}

export function candidate(spot: Spot, piece: Piece, title: string): Candidate {
  return { title, edits: [written(spot, piece)] };
}

/** Names, members and families: what stands for a value by itself. */
export function isLeaf({ kind }: Expression): boolean {
  return kind === "name" || kind === "member" || kind === "indexing";
}
