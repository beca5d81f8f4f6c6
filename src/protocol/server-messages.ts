/** What the extension and the language server ask of each other beyond LSP. One line a request. Knows nothing of either side. */
import type { Position, Range } from "./results";

/** LSP method names. */
export const serverRequests = {
  /** To the server: `SourcesParams` → `SourcesReply | null`. */
  sources: "nnspec/sources",
  /** To the server: `CursorParams` → `NodeReply | null`. */
  nodeAt: "nnspec/nodeAt",
  /** To the server: `CursorParams` → `TargetsReply | null`; the file need not be open. */
  targets: "nnspec/targets",
  /** To the server: `CursorParams` → `EquationReply[]`, the derived equations of the name there. */
  equations: "nnspec/equations",
  /** To the server: nothing → the standard library's text. */
  standardLibrary: "nnspec/standardLibrary",
  /** To the extension: `FileParams` → the text, or null where it cannot be read. */
  readFile: "nnspec/readFile",
  /** To the extension: `FileParams` → `DataFileReply`, a data file that the server cannot open by itself. */
  dataFile: "nnspec/dataFile",
  /** To the extension: `DataPartParams` → its bytes in base64, fewer at the file's end; fails where it is gone. */
  dataPart: "nnspec/dataPart",
  /** To the extension: `FileParams` → `FolderEntry[]`, what is in a folder that the server cannot open by itself. */
  listFolder: "nnspec/listFolder",
  /** To the extension: nothing → the uris of all .nnspec files of the workspace. */
  listFiles: "nnspec/listFiles",
} as const;

/** What the server is told when it starts. */
export interface ServerOptions {
  /** The client answers `readFile`, `dataFile`, `dataPart`, `listFolder` and `listFiles`. */
  readonly files: boolean;
  /** Whether the workspace is trusted; where it is not, specs read no data files outside of it. By default it is. */
  readonly trusted?: boolean;
}

/** To the server, without an answer: the workspace is trusted now. */
export const trustGranted = "nnspec/trustGranted";

export interface FileParams {
  readonly uri: string;
}

export type DataFileReply =
  | { readonly size: number; readonly modified: number }
  | { readonly problem: "missing" | "unreadable"; readonly detail: string };

export interface DataPartParams {
  readonly uri: string;
  readonly offset: number;
  readonly length: number;
}

/** What is in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

export type SourcesParams = FileParams;

/** The texts that a run needs, unsaved ones as they stand in the editor. */
export interface SourcesReply {
  /** The document in the spelling that `files` uses. */
  readonly uri: string;
  readonly version: number;
  /** The document and everything it imports, by uri; the standard library is not among them. */
  readonly files: Readonly<Record<string, string>>;
  /** The uris of the data files that they read. */
  readonly data: readonly string[];
}

export interface CursorParams {
  readonly uri: string;
  readonly position: Position;
}

/** The node that a cursor stands on. */
export interface NodeReply {
  /** As written: `m.o`, `dJ.W2`, `z[1]`. */
  readonly path: string;
  readonly name: string;
  /** Where it is defined. */
  readonly file: string;
  readonly range: Range;
}

/** A derived equation, `∂J/∂W = Xᵀ · ∂J/∂z`. */
export interface EquationReply {
  readonly text: string;
  readonly tex: string;
}

export interface TargetReply {
  readonly kind: "run" | "op" | "net";
  readonly name: string;
  readonly range: Range;
  /** What a run tests, in its order. */
  readonly tests: readonly TestReply[];
}

/** A check or gradcheck of a run, as it is named where tests are listed. */
export interface TestReply {
  readonly label: string;
  readonly range: Range;
}

export interface TargetsReply {
  /** The run, op or net around the cursor. */
  readonly at: TargetReply | null;
  /** All of the file, in its order. */
  readonly all: readonly TargetReply[];
}

/** Where the standard library is shown: a read-only document of this uri. */
export const standardLibraryUri = "nnspec-std:/std.nnspec";
