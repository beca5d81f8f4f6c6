/** The features room: everything an editor asks of a text, as plain data over trees and checked files. */
export { exportsOf, type Exporter } from "./auto-import";
export { callNodeAt, incomingCalls, outgoingCalls, type CallEdge, type CallNode } from "./call-hierarchy";
export { completionsAt, type Completion, type CompletionKind } from "./completion";
export { foldsOf, type Fold } from "./folding";
export { followedAt, type Followed } from "./follow";
export type { EquationQuestion } from "./equation-text";
export { equationQuestionAt, hoverAt, type Hover } from "./hover";
export { canonicalUri, folderAndName, isWithin, readableFolders, resolveUri } from "./import-uri";
export { lensesOf, targetAt, type Lens, type LensAction, type LensTarget } from "./lenses";
export { namesOf, type NameRole, type NameUse } from "./names";
export {
  definitionAt,
  highlightsAt,
  rename,
  renameableAt,
  usesAt,
  type Renaming,
  type Use,
} from "./navigation";
export { outlineOf, type OutlineItem, type OutlineKind } from "./outline";
export { quickFixesIn, type QuickFix } from "./quick-fixes";
export { selectionsAt } from "./selection";
export { semanticTokensOf, tokenModifiers, tokenTypes, type SemanticToken } from "./semantic-tokens";
export { shapeHintsIn, type ShapeHint } from "./shape-hints";
export { signatureAt, type Signature } from "./signature-help";
export { pathCompletions, pathQuestionAt } from "./path-completion";
export { pathEdits, pathsIn, relativePath, type RenamedFile, type WrittenPath } from "./links";
export { refactoringsIn, type Refactoring } from "./refactorings";
export { operatorPage } from "./operator-page";
