/** The methods that the server answers, hears and calls, each with its types. Types alone: nothing of the protocol's library runs. */
import type {
  CallHierarchyIncomingCall,
  CallHierarchyIncomingCallsParams,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  CallHierarchyOutgoingCallsParams,
  CallHierarchyPrepareParams,
  CodeAction,
  CodeActionParams,
  CodeLens,
  CodeLensParams,
  CompletionItem,
  CompletionParams,
  Definition,
  DefinitionLink,
  DidChangeTextDocumentParams,
  DidChangeWatchedFilesParams,
  DidChangeWorkspaceFoldersParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  DidSaveTextDocumentParams,
  DocumentFormattingParams,
  DocumentHighlight,
  DocumentLink,
  DocumentLinkParams,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  DocumentSymbol,
  DocumentSymbolParams,
  FoldingRange,
  FoldingRangeParams,
  Hover,
  InitializeParams,
  InitializeResult,
  InlayHint,
  InlayHintParams,
  Location,
  LogMessageParams,
  PrepareRenameResult,
  PublishDiagnosticsParams,
  ReferenceParams,
  RenameFilesParams,
  RenameParams,
  SelectionRange,
  SelectionRangeParams,
  SemanticTokens,
  SemanticTokensParams,
  SignatureHelp,
  SymbolInformation,
  TextDocumentPositionParams,
  TextEdit,
  WorkspaceEdit,
  WorkspaceSymbolParams,
} from "vscode-languageserver-protocol";
import type {
  serverRequests,
  trustGranted,
  CursorParams,
  EquationReply,
  NodeReply,
  SourcesParams,
  SourcesReply,
  TargetsReply,
} from "../../../protocol";

/** A question and its answer. */
interface Asked<Params, Result> {
  readonly params: Params;
  readonly result: Result;
}

/** What the client asks. */
export interface Requests {
  readonly initialize: Asked<InitializeParams, InitializeResult>;
  readonly shutdown: Asked<undefined, null>;
  readonly "textDocument/codeLens": Asked<CodeLensParams, CodeLens[]>;
  readonly "textDocument/documentSymbol": Asked<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[]>;
  readonly "textDocument/foldingRange": Asked<FoldingRangeParams, FoldingRange[]>;
  readonly "textDocument/selectionRange": Asked<SelectionRangeParams, SelectionRange[]>;
  readonly "textDocument/hover": Asked<TextDocumentPositionParams, Hover | null>;
  readonly "textDocument/signatureHelp": Asked<TextDocumentPositionParams, SignatureHelp | null>;
  readonly "textDocument/inlayHint": Asked<InlayHintParams, InlayHint[]>;
  readonly "textDocument/semanticTokens/full": Asked<SemanticTokensParams, SemanticTokens>;
  readonly "textDocument/completion": Asked<CompletionParams, CompletionItem[] | null>;
  readonly "textDocument/codeAction": Asked<CodeActionParams, CodeAction[] | null>;
  readonly "textDocument/formatting": Asked<DocumentFormattingParams, TextEdit[]>;
  readonly "textDocument/rangeFormatting": Asked<DocumentRangeFormattingParams, TextEdit[]>;
  readonly "textDocument/onTypeFormatting": Asked<DocumentOnTypeFormattingParams, TextEdit[]>;
  readonly "textDocument/definition": Asked<TextDocumentPositionParams, Definition | DefinitionLink[] | null>;
  readonly "textDocument/references": Asked<ReferenceParams, Location[] | null>;
  readonly "textDocument/documentHighlight": Asked<TextDocumentPositionParams, DocumentHighlight[] | null>;
  readonly "textDocument/prepareRename": Asked<TextDocumentPositionParams, PrepareRenameResult | null>;
  readonly "textDocument/rename": Asked<RenameParams, WorkspaceEdit | null>;
  readonly "textDocument/documentLink": Asked<DocumentLinkParams, DocumentLink[]>;
  readonly "textDocument/prepareCallHierarchy": Asked<CallHierarchyPrepareParams, CallHierarchyItem[] | null>;
  readonly "callHierarchy/incomingCalls": Asked<
    CallHierarchyIncomingCallsParams,
    CallHierarchyIncomingCall[] | null
  >;
  readonly "callHierarchy/outgoingCalls": Asked<
    CallHierarchyOutgoingCallsParams,
    CallHierarchyOutgoingCall[] | null
  >;
  readonly "workspace/symbol": Asked<WorkspaceSymbolParams, SymbolInformation[]>;
  readonly "workspace/willRenameFiles": Asked<RenameFilesParams, WorkspaceEdit | null>;
  readonly [serverRequests.sources]: Asked<SourcesParams, SourcesReply | null>;
  readonly [serverRequests.nodeAt]: Asked<CursorParams, NodeReply | null>;
  readonly [serverRequests.targets]: Asked<CursorParams, TargetsReply | null>;
  readonly [serverRequests.equations]: Asked<CursorParams, readonly EquationReply[]>;
  readonly [serverRequests.standardLibrary]: Asked<undefined, string>;
}

/** What the client tells. */
export interface Notifications {
  readonly initialized: unknown;
  readonly exit: undefined;
  readonly "textDocument/didOpen": DidOpenTextDocumentParams;
  readonly "textDocument/didChange": DidChangeTextDocumentParams;
  readonly "textDocument/didSave": DidSaveTextDocumentParams;
  readonly "textDocument/didClose": DidCloseTextDocumentParams;
  readonly "workspace/didChangeWatchedFiles": DidChangeWatchedFilesParams;
  readonly "workspace/didChangeWorkspaceFolders": DidChangeWorkspaceFoldersParams;
  readonly [trustGranted]: unknown;
}

/** What the server tells. */
export interface Tellings {
  readonly "textDocument/publishDiagnostics": PublishDiagnosticsParams;
  readonly "window/logMessage": LogMessageParams;
}
