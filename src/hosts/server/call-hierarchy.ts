/** Answers which ops, nets and runs use which. */
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from "vscode-languageserver-protocol";
import {
  canonicalUri,
  callNodeAt,
  incomingCalls,
  outgoingCalls,
  type CallNode,
} from "../../language/features";
import type { CheckedModule } from "../../language/check";
import { standardLibraryUri } from "../../protocol";
import { everything } from "./navigation";
import { linesOf, toOffset, toRange, toUri } from "./positions";
import { symbolKind } from "./reading";
import type { Serving } from "./serve";
import { standardLibraryId } from "./sources";

export function answerCallHierarchy(serving: Serving): void {
  const { connection, sources, analyses } = serving;
  const withLibrary = async (): Promise<readonly CheckedModule[]> => {
    const library = await analyses.of(standardLibraryId);
    return [...(await everything(serving)), ...(library === undefined ? [] : [library])];
  };
  const toItem = (modules: readonly CheckedModule[], node: CallNode): CallHierarchyItem | undefined => {
    const file = modules.find(({ module }) => module.id === node.file)?.module.file;
    if (file === undefined) return undefined;
    const lines = linesOf(file);
    return {
      name: node.name,
      kind: symbolKind(node.kind),
      detail: node.kind,
      uri: toUri(sources, node.file),
      range: toRange(lines, node.span),
      selectionRange: toRange(lines, node.selection),
    };
  };
  const nodeOf = async (item: CallHierarchyItem): Promise<CallNode | undefined> => {
    const id = item.uri === standardLibraryUri ? standardLibraryId : canonicalUri(item.uri);
    const checked = await analyses.of(id);
    return (
      checked && callNodeAt(checked, toOffset(linesOf(checked.module.file), item.selectionRange.start), [])
    );
  };
  connection.onRequest("textDocument/prepareCallHierarchy", async ({ textDocument: { uri }, position }) => {
    const checked = await analyses.of(canonicalUri(uri));
    if (checked === undefined) return null;
    const modules = [checked, ...(await withLibrary())];
    const node = callNodeAt(checked, toOffset(linesOf(checked.module.file), position), modules);
    const item = node && toItem(modules, node);
    return item === undefined ? null : [item];
  });
  connection.onRequest("callHierarchy/incomingCalls", async ({ item }) => {
    const node = await nodeOf(item);
    if (node === undefined) return null;
    const modules = await withLibrary();
    return incomingCalls(node, modules).flatMap(({ node: from, uses }): CallHierarchyIncomingCall[] => {
      const caller = toItem(modules, from);
      const file = modules.find(({ module }) => module.id === from.file)?.module.file;
      if (caller === undefined || file === undefined) return [];
      return [{ from: caller, fromRanges: uses.map((span) => toRange(linesOf(file), span)) }];
    });
  });
  connection.onRequest("callHierarchy/outgoingCalls", async ({ item }) => {
    const node = await nodeOf(item);
    if (node === undefined) return null;
    const modules = await withLibrary();
    const home = modules.find(({ module }) => module.id === node.file)?.module.file;
    if (home === undefined) return null;
    return outgoingCalls(node, modules).flatMap(({ node: to, uses }): CallHierarchyOutgoingCall[] => {
      const callee = toItem(modules, to);
      return callee === undefined
        ? []
        : [{ to: callee, fromRanges: uses.map((span) => toRange(linesOf(home), span)) }];
    });
  });
}
