/** Answers what changes a text: completion, quick fixes, formatting. */
import {
  CodeActionKind,
  CompletionItemKind,
  InsertTextFormat,
  type CodeAction,
  type CompletionItem,
  type TextEdit,
} from "vscode-languageserver";
import {
  canonicalUri,
  completionsAt,
  quickFixesIn,
  type Completion,
  type CompletionKind,
} from "../../language/features";
import { formatEdits } from "../../language/syntax";
import { linesOf, toEdit, toOffset, toSpan } from "./positions";
import { toLspDiagnostic } from "./publisher";
import type { Serving } from "./serve";

export function answerEditing({ connection, sources, analyses }: Serving): void {
  connection.onCompletion(async ({ textDocument: { uri }, position }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return null;
    return completionsAt(checked, toOffset(linesOf(checked.module.file), position)).map(toCompletionItem);
  });
  connection.onCodeAction(async ({ textDocument: { uri }, range, context }): Promise<CodeAction[] | null> => {
    const wanted = context.only?.some((kind) => CodeActionKind.QuickFix.startsWith(kind)) ?? true;
    const checked = wanted ? await analyses.of(canonicalUri(uri)) : undefined;
    if (checked === undefined) return null;
    const lines = linesOf(checked.module.file);
    return quickFixesIn(checked, toSpan(lines, range)).map(({ title, diagnostic, edits, preferred }) => ({
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toLspDiagnostic(sources, checked, diagnostic)],
      isPreferred: preferred,
      edit: { changes: { [uri]: edits.map((edit) => toEdit(lines, edit)) } },
    }));
  });
  connection.onDocumentFormatting(({ textDocument: { uri } }): TextEdit[] => {
    const file = analyses.tree(canonicalUri(uri));
    if (file === undefined) return [];
    const lines = linesOf(file);
    return formatEdits(file.text).map((edit) => toEdit(lines, edit));
  });
}

const itemKinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
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
};

function toCompletionItem({
  label,
  kind,
  detail,
  documentation,
  insertText,
  rank,
}: Completion): CompletionItem {
  return {
    label,
    kind: itemKinds[kind],
    insertText,
    insertTextFormat: kind === "snippet" ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    sortText: `${String(rank)} ${label}`,
    ...(detail === "" ? {} : { detail }),
    ...(documentation === "" ? {} : { documentation: { kind: "markdown", value: documentation } }),
  };
}
