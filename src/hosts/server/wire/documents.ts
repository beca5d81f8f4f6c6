/** Owns the open documents, kept as the client tells. Knows nothing of what they say. */
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Connection } from "./connection";

/** What is to be done about them. */
export interface DocumentListener {
  readonly changed: (document: TextDocument) => void;
  readonly saved: () => void;
  readonly closed: (uri: string) => void;
}

export function keepDocuments(connection: Connection, { changed, saved, closed }: DocumentListener): void {
  const documents = new Map<string, TextDocument>();
  connection.onNotification("textDocument/didOpen", ({ textDocument }) => {
    const { uri, languageId, version, text } = textDocument;
    const document = TextDocument.create(uri, languageId, version, text);
    documents.set(uri, document);
    changed(document);
  });
  connection.onNotification(
    "textDocument/didChange",
    ({ textDocument: { uri, version }, contentChanges }) => {
      const known = documents.get(uri);
      if (known === undefined) return;
      const document = TextDocument.update(known, contentChanges, version);
      documents.set(uri, document);
      changed(document);
    },
  );
  connection.onNotification("textDocument/didSave", saved);
  connection.onNotification("textDocument/didClose", ({ textDocument: { uri } }) => {
    if (documents.delete(uri)) closed(uri);
  });
}
