/**
 * One-line damages of a spec and what they cost: the corpus by which recovery is judged. Reads trees only
 * through the room's index.
 */
import { parse, walk, type File } from "../../../src/language/syntax";

export type DamageKind = "truncate" | "delete" | "insert" | "header";

export interface Damage {
  readonly kind: DamageKind;
  /** The 0-based line that is damaged. */
  readonly line: number;
  readonly text: string;
  readonly description: string;
}

export interface Cost {
  readonly errors: number;
  /** Errors that begin on none of the damaged statement's lines. */
  readonly elsewhere: number;
  /** Errors that begin on another line of the damaged statement than the damaged one. */
  readonly besides: number;
  /** Names of undamaged lines that the tree no longer has. */
  readonly lost: readonly string[];
}

/** What gets inserted: every bracket and quote, a comment, separators, operators, letters, digits, no ASCII. */
export const insertedCharacters: readonly string[] = Array.from("([{}])\"'#;:,.=+-*/@^<~?!|_a1 \t$\\∂λ−");

/** The damages of every line that holds part of a statement or a head, at every character. */
export function* damages(text: string, inserted: (position: number) => readonly string[]): Generator<Damage> {
  const lines = text.split("\n");
  for (const [line, content] of lines.entries()) {
    const code = content.trim();
    if (code === "" || code === "}" || code.startsWith("#")) continue;
    const isHeader = /^\s*(?:net|op|run|for)\b.*\{/.test(content);
    const make = (kind: DamageKind, damaged: string, what: string): Damage => ({
      kind: isHeader ? "header" : kind,
      line,
      text: [...lines.slice(0, line), damaged, ...lines.slice(line + 1)].join("\n"),
      description: `line ${line + 1}, ${what}: ${damaged}`,
    });
    for (let at = 0; at < content.length; at++) {
      yield make("truncate", content.slice(0, at), `truncated at ${at}`);
      yield make("delete", content.slice(0, at) + content.slice(at + 1), `deleted at ${at}`);
    }
    for (let at = 0; at <= content.length; at++) {
      for (const character of inserted(at)) {
        yield make(
          "insert",
          content.slice(0, at) + character + content.slice(at),
          `inserted ${character} at ${at}`,
        );
      }
    }
  }
}

/** A reader of costs for the damages of one text. */
export function costReader(text: string): (damage: Damage) => Cost {
  const before = parse(text);
  const names = namedLines(before);
  const groups = statementLines(before);
  return (damage) => {
    const after = parse(damage.text);
    const starts = lineStartsOf(damage.text);
    const kept = new Set(namedLines(after).map(({ key }) => key));
    const lost = names
      .filter(({ key, line }) => line !== damage.line && !kept.has(key))
      .map(({ key }) => key);
    const errorLines = after.errors.map((error) => lineAt(starts, error.start));
    const group = groups.get(damage.line) ?? new Set([damage.line]);
    const elsewhere = errorLines.filter((line) => !group.has(line)).length;
    const besides = errorLines.filter((line) => line !== damage.line && group.has(line)).length;
    return { errors: errorLines.length, elsewhere, besides, lost };
  };
}

export function passes(cost: Cost): boolean {
  return cost.errors <= 1 && cost.elsewhere === 0 && cost.lost.length === 0;
}

/** Every declared or assigned name with its line: a one-line damage moves no other line. */
function namedLines(file: File): { readonly key: string; readonly line: number }[] {
  const starts = lineStartsOf(file.text);
  const found: { key: string; line: number }[] = [];
  const add = (identifier: { readonly name: string; readonly start: number }): void => {
    const line = lineAt(starts, identifier.start);
    if (identifier.name !== "") found.push({ key: `${line + 1}:${identifier.name}`, line });
  };
  walk(file, (node) => {
    if (node.kind === "importedName") add(node.node.local);
    else if (node.kind === "input") add(node.node.name);
    else if (node.kind === "target") add(node.node.name);
    else if (node.kind === "over") add(node.node.name);
    else if (
      "name" in node.node &&
      typeof node.node.name === "object" &&
      node.kind !== "member" &&
      node.kind !== "argumentPath"
    )
      add(node.node.name);
  });
  return found;
}

/** The lines that each line's statement or head takes. */
function statementLines(file: File): ReadonlyMap<number, ReadonlySet<number>> {
  const starts = lineStartsOf(file.text);
  const groups = new Map<number, Set<number>>();
  walk(file, ({ node, kind }) => {
    if (!statementKinds.has(kind)) return;
    const body = "body" in node ? node.body.start : node.end;
    const first = lineAt(starts, node.start);
    const last = lineAt(starts, body);
    const group = new Set(Array.from({ length: last - first + 1 }, (_, i) => first + i));
    for (const line of group) groups.set(line, group);
  });
  return groups;
}

const statementKinds: ReadonlySet<string> = new Set([
  ...[
    "import",
    "const",
    "op",
    "net",
    "run",
    "assignment",
    "param",
    "iterate",
    "return",
    "rule",
    "sample",
    "for",
  ],
  ...["seed", "dtype", "check", "gradcheck", "show", "plot"],
]);

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
