/** What the client can make use of, by what it said of itself: other editors can less than the extension. Knows no feature. */
import type {
  ClientCapabilities,
  MarkupContent,
  MarkupKind as Markups,
} from "vscode-languageserver-protocol";
import { MarkupKind } from "./wire";

export interface ClientAbilities {
  readonly configuration: boolean;
  readonly foldersChange: boolean;
  readonly refreshesHints: boolean;
  /** It can be asked to watch files, and files of one folder. */
  readonly watchesFiles: boolean;
  readonly watchesRelative: boolean;
  /** Completions may have tab stops. */
  readonly snippets: boolean;
  readonly hoverMarkup: Markups;
  readonly completionMarkup: Markups;
  readonly signatureMarkup: Markups;
  /** Parameters of a signature may be told by where they stand in it. */
  readonly labelOffsets: boolean;
  /** Definitions may say what they were asked of. */
  readonly definitionLinks: boolean;
  /** An outline may be a tree. */
  readonly nestedSymbols: boolean;
}

export function abilitiesOf({ workspace, textDocument }: ClientCapabilities): ClientAbilities {
  const { completion, definition, documentSymbol, hover, signatureHelp } = textDocument ?? {};
  const signature = signatureHelp?.signatureInformation;
  const watching = workspace?.didChangeWatchedFiles;
  return {
    configuration: workspace?.configuration === true,
    foldersChange: workspace?.workspaceFolders === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    watchesFiles: watching?.dynamicRegistration === true,
    watchesRelative: watching?.dynamicRegistration === true && watching.relativePatternSupport === true,
    snippets: completion?.completionItem?.snippetSupport === true,
    hoverMarkup: preferred(hover?.contentFormat),
    completionMarkup: preferred(completion?.completionItem?.documentationFormat),
    signatureMarkup: preferred(signature?.documentationFormat),
    labelOffsets: signature?.parameterInformation?.labelOffsetSupport === true,
    definitionLinks: definition?.linkSupport === true,
    nestedSymbols: documentSymbol?.hierarchicalDocumentSymbolSupport === true,
  };
}

/** Markdown for whoever can show it; without its fences for who cannot. */
export function markup(kind: Markups, markdown: string): MarkupContent {
  if (kind === MarkupKind.Markdown) return { kind, value: markdown };
  const plain = markdown
    .split("\n")
    .filter((line) => !line.startsWith("```"))
    .map((line) => line.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/(\*\*|`)(.+?)\1/g, "$2"));
  return { kind, value: plain.join("\n") };
}

function preferred(formats: readonly Markups[] | undefined): Markups {
  return formats?.includes(MarkupKind.Markdown) === true ? MarkupKind.Markdown : MarkupKind.PlainText;
}
