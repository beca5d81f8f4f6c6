/** The wire: the language server protocol as far as this server speaks it. */
export { Connection, connectionOptions, Failure } from "./connection";
export { keepDocuments } from "./documents";
export * from "./numbers";
