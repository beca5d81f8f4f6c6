/** What can be folded away: bodies, statements over several lines, runs of comments, the imports. From the tree alone. */
import { walk, type Visit, type File, type Span } from "../syntax";

export interface Fold extends Span {
  readonly kind: "region" | "comment" | "imports";
}

/** The parts of a text that span more than one line; `start` stays in sight, what follows its line is folded. */
export function foldsOf(file: File): readonly Fold[] {
  const folds: Fold[] = [];
  const add = (kind: Fold["kind"], { start, end }: Span): void => {
    if (file.text.slice(start, end).includes("\n")) folds.push({ kind, start, end });
  };
  walk(file, (visited) => {
    if (visited.kind === "file" || visited.kind === "block") return;
    if (isStatementLike(visited.kind)) add("region", visited.node);
  });
  for (const comment of commentBlocks(file)) add("comment", comment);
  const imports = file.declarations.filter(({ kind }) => kind === "import");
  const [first] = imports;
  const last = imports.at(-1);
  if (first !== undefined && last !== undefined) add("imports", { start: first.start, end: last.end });
  return folds.sort((a, b) => a.start - b.start);
}

const foldable: ReadonlySet<string> = new Set([
  ...["op", "net", "run", "for", "const"],
  ...["assignment", "param", "check", "gradcheck", "rule", "return", "show", "plot", "iterate", "sample"],
]);

function isStatementLike(kind: Visit["kind"]): boolean {
  return foldable.has(kind);
}

/** Comments on lines of their own that follow one another. */
function commentBlocks(file: File): readonly Span[] {
  const blocks: { start: number; end: number }[] = [];
  let current: { start: number; end: number } | undefined;
  let newlines = 2; // the beginning of the text counts as a line's beginning
  for (const token of file.tokens) {
    switch (token.kind) {
      case "newline":
        newlines++;
        break;
      case "space":
        break;
      case "comment":
        if (newlines === 0) break; // behind a statement
        if (current !== undefined && newlines === 1) current.end = token.end;
        else blocks.push((current = { start: token.start, end: token.end }));
        newlines = 0;
        break;
      default:
        current = undefined;
        newlines = 0;
    }
  }
  return blocks;
}
