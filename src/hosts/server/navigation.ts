/** Answers where names are defined and used, here and in other files, and renames them. */
import type {
  DocumentHighlight,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import type { CheckedModule } from "../../language/check";
import {
  canonicalUri,
  definitionAt,
  highlightsAt,
  outlineOf,
  rename,
  renameableAt,
  usesAt,
} from "../../language/features";
import { linesOf, toLocation, toOffset, toRange, toUri } from "./positions";
import { symbolKind } from "./reading";
import type { Serving } from "./serve";
import { DocumentHighlightKind, Failure } from "./wire";

export function answerNavigation(serving: Serving): void {
  const { connection, sources, analyses, abilities } = serving;
  connection.onRequest("textDocument/definition", async ({ textDocument: { uri }, position }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return null;
    const lines = linesOf(checked.module.file);
    const found = definitionAt(checked, toOffset(lines, position));
    const location = found && toLocation(sources, found.place);
    if (found === undefined || location === undefined) return null;
    if (!abilities().definitionLinks) return location;
    return [
      {
        originSelectionRange: toRange(lines, found.origin),
        targetUri: location.uri,
        targetRange: location.range,
        targetSelectionRange: location.range,
      },
    ];
  });
  connection.onRequest("textDocument/references", async ({ textDocument: { uri }, position, context }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return null;
    const uses = usesAt(checked, toOffset(linesOf(checked.module.file), position), await everything(serving));
    return uses
      .filter(({ defines }) => context.includeDeclaration || !defines)
      .map((use) => toLocation(sources, use))
      .filter((location) => location !== undefined);
  });
  connection.onRequest("textDocument/documentHighlight", async ({ textDocument: { uri }, position }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return null;
    const lines = linesOf(checked.module.file);
    return highlightsAt(checked, toOffset(lines, position)).map((use): DocumentHighlight => ({
      range: toRange(lines, use),
      kind: use.defines ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
  });
  connection.onRequest("textDocument/prepareRename", async ({ textDocument: { uri }, position }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return null;
    const lines = linesOf(checked.module.file);
    const found = renameableAt(checked, toOffset(lines, position));
    if ("reason" in found) throw new Failure(found.reason);
    return { range: toRange(lines, found.span), placeholder: found.name };
  });
  connection.onRequest("textDocument/rename", async ({ textDocument: { uri }, position, newName }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return null;
    const modules = await everything(serving);
    const offset = toOffset(linesOf(checked.module.file), position);
    const renaming = rename(checked, offset, newName, modules);
    if (renaming.kind === "refused") throw new Failure(renaming.reason);
    const changes: Record<string, TextEdit[]> = {};
    for (const edit of renaming.edits) {
      const location = toLocation(sources, edit);
      if (location === undefined) continue;
      (changes[location.uri] ??= []).push({ range: location.range, newText: edit.newText });
    }
    return { changes } satisfies WorkspaceEdit;
  });
  connection.onRequest("workspace/symbol", async ({ query }) => {
    const wanted = query.toLowerCase();
    const modules = await everything(serving);
    return modules.flatMap(({ module: { id, file } }) =>
      outlineOf(file)
        .filter(({ name }) => name.toLowerCase().includes(wanted))
        .map(({ name, kind, selection }): SymbolInformation => ({
          name,
          kind: symbolKind(kind),
          location: { uri: toUri(sources, id), range: toRange(linesOf(file), selection) },
        })),
    );
  });
}

/** Every file that the client knows of, checked. */
export async function everything({ analyses, allFiles }: Serving): Promise<readonly CheckedModule[]> {
  const checked = await Promise.all((await allFiles()).map((id) => analyses.of(id)));
  return checked.filter((each) => each !== undefined);
}
