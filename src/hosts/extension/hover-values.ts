/** Adds to a node's hover what the last run gave there. Never waits long for the engine. */
import * as vscode from "vscode";
import type { SliceReply } from "../../protocol";
import type { EngineLink } from "./engine-link";
import { findNode } from "./find-node";
import type { LanguageServer } from "./language-client";
import type { ResultsStore } from "./results-store";
import { tableColumns, tableRows, valuesMarkdown } from "./value-table";

export interface HoverSources {
  readonly server: LanguageServer;
  readonly results: ResultsStore;
  readonly engine: EngineLink;
}

/** The numbers may be behind a run that is under way; a hover does not wait for it. */
const patienceMilliseconds = 150;

export async function withValues(
  { server, results, engine }: HoverSources,
  document: vscode.TextDocument,
  position: vscode.Position,
  hover: vscode.Hover,
): Promise<vscode.Hover> {
  const uri = document.uri.toString();
  const targets = results.known(uri)?.targets() ?? [];
  const named = targets.length === 0 ? null : await server.nodeAt(document.uri, position);
  const reports = targets.map(({ report }) => report);
  const around = reports.find(({ range: { start, end } }) =>
    new vscode.Range(start.line, 0, end.line + 1, 0).contains(position),
  );
  const found = named && findNode(named, uri, reports, around?.name ?? null);
  const target = targets.find(({ report }) => report.name === found?.target);
  const node = target?.report.nodes.find(({ id }) => id === found?.node);
  if (target === undefined || node === undefined) return hover;
  const slice = (of: "value" | "gradient"): Promise<SliceReply | undefined> => {
    const shape = node.value?.shape ?? [];
    const request = {
      node: node.id,
      of,
      root: target.report.root,
      leading: shape.slice(0, -2).map(() => 0),
      rows: { from: 0, to: tableRows },
      columns: { from: 0, to: tableColumns },
      limit: tableRows * tableColumns,
    };
    return soon(engine.slice(target.runId, request));
  };
  const [value, gradient] = await Promise.all([slice("value"), slice("gradient")]);
  const stale = results.isStale(target);
  const text = valuesMarkdown({ node, target: target.report.name, stale, value, gradient });
  if (text === "") return hover;
  return new vscode.Hover([...hover.contents, new vscode.MarkdownString(text)], hover.range);
}

async function soon(reply: Promise<SliceReply | null>): Promise<SliceReply | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMilliseconds);
  });
  const found = (await Promise.race([reply, late])) ?? undefined;
  clearTimeout(timer);
  return found;
}
