/** Answers about the files that specs name: links to them, and what a rename of files changes in texts. */
import type { DocumentLink, TextEdit, WorkspaceEdit } from "vscode-languageserver-protocol";
import { canonicalUri, pathEdits, pathsIn, resolveUri } from "../../language/features";
import { standardLibraryUri } from "../../protocol";
import { linesOf, toEdit, toRange, toUri } from "./positions";
import type { Serving } from "./serve";
import { standardLibraryId } from "./sources";

export function answerFiles({ connection, sources, analyses, exporters, allFiles }: Serving): void {
  connection.onRequest("textDocument/documentLink", ({ textDocument: { uri } }): DocumentLink[] => {
    const id = canonicalUri(uri);
    const file = analyses.tree(id);
    if (file === undefined) return [];
    const lines = linesOf(file);
    return pathsIn(file).flatMap(({ kind, span, path }) => {
      const isStandard = kind === "import" && path === standardLibraryId;
      const target = isStandard ? standardLibraryUri : resolveUri(id, path);
      const tooltip = isStandard
        ? "Open the standard library"
        : kind === "data"
          ? "Open the data file"
          : "Open the spec";
      return target === undefined ? [] : [{ range: toRange(lines, span), target, tooltip }];
    });
  });
  connection.onRequest("workspace/willRenameFiles", async ({ files }): Promise<WorkspaceEdit | null> => {
    const renamed = files.map(({ oldUri, newUri }) => ({ from: oldUri, to: newUri }));
    const changes: Record<string, TextEdit[]> = {};
    for (const id of await allFiles()) {
      const file = (await analyses.of(id))?.module.file;
      const edits = file === undefined ? [] : pathEdits(file, id, renamed);
      if (file !== undefined && edits.length > 0)
        changes[toUri(sources, id)] = edits.map((edit) => toEdit(linesOf(file), edit));
    }
    exporters.forget();
    return Object.keys(changes).length === 0 ? null : { changes };
  });
}
