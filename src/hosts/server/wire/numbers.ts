/** The protocol's numbers and words by name, those that the server uses; the library's types say that each is what it is there. */
import type {
  CodeActionKind as Actions,
  CompletionItemKind as Items,
  DiagnosticSeverity as Severities,
  DiagnosticTag as Tags,
  DocumentHighlightKind as Highlights,
  FoldingRangeKind as Folds,
  InlayHintKind as Hints,
  InsertTextFormat as Formats,
  MarkupKind as Markups,
  MessageType as Messages,
  SymbolKind as Symbols,
  TextDocumentSyncKind as Syncs,
} from "vscode-languageserver-protocol";

export const CodeActionKind = {
  QuickFix: "quickfix",
  RefactorExtract: "refactor.extract",
  RefactorInline: "refactor.inline",
  RefactorRewrite: "refactor.rewrite",
} as const satisfies Partial<typeof Actions>;

export const CompletionItemKind = {
  Function: 3,
  Field: 5,
  Variable: 6,
  Class: 7,
  Property: 10,
  Keyword: 14,
  Snippet: 15,
  File: 17,
  Folder: 19,
  EnumMember: 20,
  Constant: 21,
  Event: 23,
  TypeParameter: 25,
} as const satisfies Partial<typeof Items>;

export const DiagnosticSeverity = {
  Error: 1,
  Warning: 2,
  Information: 3,
  Hint: 4,
} as const satisfies typeof Severities;

export const DiagnosticTag = { Unnecessary: 1 } as const satisfies Partial<typeof Tags>;

export const DocumentHighlightKind = { Read: 2, Write: 3 } as const satisfies Partial<typeof Highlights>;

export const FoldingRangeKind = {
  Comment: "comment",
  Imports: "imports",
} as const satisfies Partial<typeof Folds>;

export const InlayHintKind = { Type: 1 } as const satisfies Partial<typeof Hints>;

export const InsertTextFormat = { PlainText: 1, Snippet: 2 } as const satisfies Partial<typeof Formats>;

export const MarkupKind = { PlainText: "plaintext", Markdown: "markdown" } as const satisfies Partial<
  typeof Markups
>;

export const MessageType = { Error: 1, Warning: 2 } as const satisfies Partial<typeof Messages>;

export const SymbolKind = {
  Class: 5,
  Field: 8,
  Function: 12,
  Variable: 13,
  Constant: 14,
  Boolean: 17,
  Array: 18,
  Event: 24,
  Operator: 25,
  TypeParameter: 26,
} as const satisfies Partial<typeof Symbols>;

export const TextDocumentSyncKind = { Incremental: 2 } as const satisfies Partial<typeof Syncs>;
