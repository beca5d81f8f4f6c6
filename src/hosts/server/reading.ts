/** Answers what an editor shows without being asked: lenses, outline, folds, hints, tokens, hovers, signatures. */
import type {
  CodeLens,
  DocumentSymbol,
  FoldingRange,
  SelectionRange,
  SymbolInformation,
} from "vscode-languageserver-protocol";
import {
  canonicalUri,
  foldsOf,
  hoverAt,
  lensesOf,
  outlineOf,
  selectionsAt,
  semanticTokensOf,
  shapeHintsIn,
  signatureAt,
  tokenModifiers,
  tokenTypes,
  type EquationQuestion,
  type Fold,
  type OutlineItem,
  type OutlineKind,
} from "../../language/features";
import type { LineMap } from "../../language/syntax";
import { markup } from "./client-abilities";
import { mayShow, readWanted } from "./derivations";
import { linesOf, toOffset, toRange, toSpan } from "./positions";
import type { Serving } from "./serve";
import { FoldingRangeKind, InlayHintKind, SymbolKind } from "./wire";

export function answerReading({ connection, analyses, derivations, setting, abilities }: Serving): void {
  // From the tree alone and at once: lenses must never wait for the checker.
  connection.onRequest("textDocument/codeLens", ({ textDocument: { uri } }): CodeLens[] => {
    const file = analyses.tree(canonicalUri(uri));
    if (file === undefined) return [];
    const lines = linesOf(file);
    return lensesOf(file).map(({ span, title, action, target }) => ({
      range: toRange(lines, span),
      command: { title, command: `nnspec.${action}`, arguments: [{ uri, target }] },
    }));
  });
  connection.onRequest(
    "textDocument/documentSymbol",
    ({ textDocument: { uri } }): DocumentSymbol[] | SymbolInformation[] => {
      const file = analyses.tree(canonicalUri(uri));
      if (file === undefined) return [];
      const symbols = outlineOf(file).map((item) => toSymbol(linesOf(file), item));
      return abilities().nestedSymbols ? symbols : symbols.flatMap((symbol) => flatSymbols(uri, symbol));
    },
  );
  connection.onRequest("textDocument/foldingRange", ({ textDocument: { uri } }): FoldingRange[] => {
    const file = analyses.tree(canonicalUri(uri));
    return file === undefined
      ? []
      : foldsOf(file).flatMap((fold) => toFoldingRange(file.text, linesOf(file), fold));
  });
  connection.onRequest(
    "textDocument/selectionRange",
    ({ textDocument: { uri }, positions }): SelectionRange[] => {
      const file = analyses.tree(canonicalUri(uri));
      if (file === undefined) return [];
      const lines = linesOf(file);
      return positions.map((position) => {
        const ranges = selectionsAt(file, toOffset(lines, position)).map((span) => toRange(lines, span));
        const nested = ranges.reduceRight<SelectionRange | undefined>(
          (parent, range) => (parent === undefined ? { range } : { range, parent }),
          undefined,
        );
        return nested ?? { range: { start: position, end: position } };
      });
    },
  );
  connection.onRequest("textDocument/hover", async ({ textDocument: { uri }, position }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return null;
    const lines = linesOf(checked.module.file);
    const wanted = readWanted(await setting(uri, "nnspec.hover.equations"));
    const equations = mayShow(checked, wanted)
      ? (question: EquationQuestion) => derivations.of(checked, question)
      : undefined;
    const hover = hoverAt(checked, toOffset(lines, position), equations);
    if (hover === undefined) return null;
    const contents = markup(abilities().hoverMarkup, hover.markdown);
    return { contents, range: toRange(lines, hover.span) };
  });
  connection.onRequest("textDocument/signatureHelp", async ({ textDocument: { uri }, position }) => {
    const checked = await analyses.of(canonicalUri(uri));
    const found = checked && signatureAt(checked, toOffset(linesOf(checked.module.file), position));
    if (found === undefined) return null;
    const { label, parameters, active, documentation } = found;
    return {
      signatures: [
        {
          label,
          parameters: parameters.map(({ start, end }) => ({
            label: abilities().labelOffsets ? [start, end] : label.slice(start, end),
          })),
          documentation: markup(abilities().signatureMarkup, documentation),
        },
      ],
      activeSignature: 0,
      // Behind the last argument nothing is highlighted.
      activeParameter: active ?? parameters.length,
    };
  });
  connection.onRequest("textDocument/inlayHint", async ({ textDocument: { uri }, range }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return [];
    const lines = linesOf(checked.module.file);
    return shapeHintsIn(checked, toSpan(lines, range)).map(({ offset, label }) => ({
      position: lines.positionAt(offset),
      label,
      kind: InlayHintKind.Type,
    }));
  });
  connection.onRequest("textDocument/semanticTokens/full", async ({ textDocument: { uri } }) => {
    const checked = await analyses.of(canonicalUri(uri));
    const data: number[] = [];
    if (checked === undefined) return { data };
    const lines = linesOf(checked.module.file);
    let last = { line: 0, character: 0 };
    for (const { span, type, modifiers } of semanticTokensOf(checked)) {
      const at = lines.positionAt(span.start);
      const bits = modifiers.reduce((sum, modifier) => sum | (1 << tokenModifiers.indexOf(modifier)), 0);
      // Each token counts from the one before it.
      const down = at.line - last.line;
      const right = down === 0 ? at.character - last.character : at.character;
      data.push(down, right, span.end - span.start, tokenTypes.indexOf(type), bits);
      last = at;
    }
    return { data };
  });
}

const symbolKinds: Readonly<Record<OutlineKind, DocumentSymbol["kind"]>> = {
  op: SymbolKind.Function,
  net: SymbolKind.Class,
  run: SymbolKind.Event,
  constant: SymbolKind.Constant,
  input: SymbolKind.TypeParameter,
  hyperparameter: SymbolKind.TypeParameter,
  parameter: SymbolKind.Field,
  node: SymbolKind.Variable,
  rule: SymbolKind.Operator,
  check: SymbolKind.Boolean,
  gradcheck: SymbolKind.Boolean,
  loop: SymbolKind.Array,
};

export function symbolKind(kind: OutlineKind): DocumentSymbol["kind"] {
  return symbolKinds[kind];
}

function toSymbol(lines: LineMap, item: OutlineItem): DocumentSymbol {
  return {
    name: item.name,
    detail: item.detail,
    kind: symbolKind(item.kind),
    range: toRange(lines, item.span),
    selectionRange: toRange(lines, item.selection),
    children: item.children.map((child) => toSymbol(lines, child)),
  };
}

/** For clients that know no tree: each with the name of what it is in. */
function flatSymbols(uri: string, symbol: DocumentSymbol, containerName?: string): SymbolInformation[] {
  const { name, kind, range, children = [] } = symbol;
  const own = {
    name,
    kind,
    location: { uri, range },
    ...(containerName === undefined ? {} : { containerName }),
  };
  return [own, ...children.flatMap((child) => flatSymbols(uri, child, name))];
}

/** A block folds to its head with the closing brace left in sight. */
function toFoldingRange(text: string, lines: LineMap, fold: Fold): readonly FoldingRange[] {
  const startLine = lines.positionAt(fold.start).line;
  const lastLine = lines.positionAt(fold.end).line;
  const endLine = /[}\])]/.test(text[fold.end - 1] ?? "") ? lastLine - 1 : lastLine;
  if (endLine <= startLine) return [];
  const kinds = { comment: FoldingRangeKind.Comment, imports: FoldingRangeKind.Imports, region: undefined };
  const kind = kinds[fold.kind];
  return [{ startLine, endLine, ...(kind === undefined ? {} : { kind }) }];
}
