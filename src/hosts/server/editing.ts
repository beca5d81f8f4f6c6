/** Answers what changes a text: completion, quick fixes, formatting. */
import type { CodeAction, CompletionItem, TextEdit } from "vscode-languageserver-protocol";
import {
  canonicalUri,
  completionsAt,
  pathCompletions,
  pathQuestionAt,
  quickFixesIn,
  refactoringsIn,
  type Completion,
  type CompletionKind,
  type Refactoring,
} from "../../language/features";
import { formatEdits, type LineMap, type Span } from "../../language/syntax";
import { markup, type ClientAbilities } from "./client-abilities";
import { linesOf, toEdit, toOffset, toSpan } from "./positions";
import { toLspDiagnostic } from "./publisher";
import type { Serving } from "./serve";
import { CodeActionKind, CompletionItemKind, InsertTextFormat } from "./wire";

export function answerEditing(serving: Serving): void {
  const { connection, sources, analyses, exporters, access, abilities } = serving;
  connection.onRequest("textDocument/completion", async ({ textDocument: { uri }, position, context }) => {
    const id = canonicalUri(uri);
    const file = analyses.tree(id);
    if (file === undefined) return null;
    const lines = linesOf(file);
    const offset = toOffset(lines, position);
    const path = pathQuestionAt(file, id, offset);
    const listed = path === undefined ? [] : pathCompletions(path, await access.list(id, path.folder));
    // A stroke is a division everywhere else.
    const checked =
      path === undefined && context?.triggerCharacter === "/" ? undefined : await analyses.of(id);
    if (checked === undefined) return null;
    // While folders or imports were read the text may have changed: then it is asked for again.
    if (checked.module.file.text !== file.text) return null;
    const found = [...listed, ...completionsAt(checked, offset, exporters.for(id))];
    return found.map((item) => toCompletionItem(lines, item, abilities()));
  });
  connection.onRequest(
    "textDocument/codeAction",
    async ({ textDocument: { uri }, range, context }): Promise<CodeAction[] | null> => {
      const wants = (kind: string): boolean =>
        context.only?.some((asked) => kind === asked || kind.startsWith(`${asked}.`)) ?? true;
      const id = canonicalUri(uri);
      const checked = [CodeActionKind.QuickFix, ...Object.values(refactoringKinds)].some(wants)
        ? await analyses.of(id)
        : undefined;
      if (checked === undefined) return null;
      const lines = linesOf(checked.module.file);
      const span = toSpan(lines, range);
      const fixes = !wants(CodeActionKind.QuickFix)
        ? []
        : quickFixesIn(checked, span, exporters.for(id)).map(({ title, diagnostic, edits, preferred }) => ({
            title,
            kind: CodeActionKind.QuickFix,
            diagnostics: [toLspDiagnostic(sources, checked, diagnostic)],
            isPreferred: preferred,
            edit: { changes: { [uri]: edits.map((edit) => toEdit(lines, edit)) } },
          }));
      const refactorings = refactoringsIn(checked, span).flatMap(({ title, kind, edits }) =>
        wants(refactoringKinds[kind])
          ? [
              {
                title,
                kind: refactoringKinds[kind],
                edit: { changes: { [uri]: edits.map((edit) => toEdit(lines, edit)) } },
              },
            ]
          : [],
      );
      return [...fixes, ...refactorings];
    },
  );
  const format = (uri: string, isWanted: (span: Span, lines: LineMap) => boolean): TextEdit[] => {
    const file = analyses.tree(canonicalUri(uri));
    if (file === undefined) return [];
    const lines = linesOf(file);
    const edits = formatEdits(file.text).filter((edit) => isWanted(edit, lines));
    return edits.map((edit) => toEdit(lines, edit));
  };
  connection.onRequest("textDocument/formatting", ({ textDocument: { uri } }) => format(uri, () => true));
  connection.onRequest("textDocument/rangeFormatting", ({ textDocument: { uri }, range }) =>
    format(uri, ({ start, end }, lines) => {
      const wanted = toSpan(lines, range);
      return start >= wanted.start && end <= wanted.end;
    }),
  );
  // What was just finished: the line before a new one, or the line of the brace. The line with the cursor is left alone.
  connection.onRequest("textDocument/onTypeFormatting", ({ textDocument: { uri }, position, ch }) => {
    const line = ch === "\n" ? position.line - 1 : position.line;
    return format(uri, ({ start, end }, lines) => {
      const [first, last] = [lines.positionAt(start), lines.positionAt(end)];
      return first.line === line && last.line === line;
    });
  });
}

const refactoringKinds: Readonly<Record<Refactoring["kind"], string>> = {
  extract: CodeActionKind.RefactorExtract,
  inline: CodeActionKind.RefactorInline,
  rewrite: CodeActionKind.RefactorRewrite,
};

const itemKinds: Readonly<Record<CompletionKind, NonNullable<CompletionItem["kind"]>>> = {
  input: CompletionItemKind.Variable,
  hyperparameter: CompletionItemKind.Constant,
  size: CompletionItemKind.TypeParameter,
  parameter: CompletionItemKind.Field,
  value: CompletionItemKind.Variable,
  constant: CompletionItemKind.Constant,
  index: CompletionItemKind.Variable,
  argument: CompletionItemKind.Variable,
  op: CompletionItemKind.Function,
  net: CompletionItemKind.Class,
  run: CompletionItemKind.Event,
  const: CompletionItemKind.Constant,
  builtin: CompletionItemKind.Function,
  keyword: CompletionItemKind.Keyword,
  snippet: CompletionItemKind.Snippet,
  member: CompletionItemKind.Property,
  "named-argument": CompletionItemKind.Property,
  choice: CompletionItemKind.EnumMember,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

function toCompletionItem(
  lines: LineMap,
  { label, kind, detail, documentation, insertText, rank, replaces, edits }: Completion,
  { snippets, completionMarkup }: ClientAbilities,
): CompletionItem {
  const isSnippet = kind === "snippet" && snippets;
  const newText = kind === "snippet" && !snippets ? label : insertText;
  const isPath = kind === "file" || kind === "folder";
  return {
    label,
    kind: kind === "snippet" && !snippets ? CompletionItemKind.Keyword : itemKinds[kind],
    ...(replaces === undefined
      ? { insertText: newText }
      : {
          textEdit: toEdit(lines, { ...replaces, newText }),
          ...(isPath ? {} : { filterText: `?${label}` }), // what is replaced is a hole
        }),
    ...(edits === undefined ? {} : { additionalTextEdits: edits.map((edit) => toEdit(lines, edit)) }),
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    sortText: `${rank.toFixed(3)} ${label}`,
    ...(detail === "" ? {} : { detail }),
    ...(documentation === "" ? {} : { documentation: markup(completionMarkup, documentation) }),
  };
}
