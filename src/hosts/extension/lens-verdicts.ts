/** Puts verdicts into the server's lenses. The lenses' lines are the server's and never change here. */
import * as vscode from "vscode";
import type { Action, Target } from "./document-results";
import type { ResultsStore } from "./results-store";
import { lensTitle } from "./verdict-text";

/** What a lens's command is given. */
export interface LensArguments {
  readonly uri: string;
  readonly target: Target;
}

export function withVerdicts(lenses: readonly vscode.CodeLens[], results: ResultsStore): vscode.CodeLens[] {
  return lenses.map((lens) => {
    const { command } = lens;
    const given = readLensArguments(command?.arguments?.[0]);
    if (command === undefined || given === undefined) return lens;
    // The commands are named after their actions.
    const action = command.command.replace("nnspec.", "") as Action;
    const { uri, target } = given;
    const known = results.known(uri);
    const dated = known?.target(target.name)?.byAction.get(action);
    const running =
      known?.running?.action === action && (known.running.target?.name ?? target.name) === target.name;
    const title = lensTitle(action, command.title, {
      running,
      stale: dated !== undefined && known?.repeating !== true && results.isStale(dated),
      report: dated?.report,
    });
    return new vscode.CodeLens(lens.range, { ...command, title });
  });
}

/** Undefined where a command was called in another way. */
export function readLensArguments(value: unknown): LensArguments | undefined {
  if (typeof value !== "object" || value === null || !("uri" in value) || typeof value.uri !== "string")
    return undefined;
  const target = "target" in value ? value.target : undefined;
  if (typeof target !== "object" || target === null || !("kind" in target) || !("name" in target))
    return undefined;
  const { kind, name } = target;
  if ((kind !== "run" && kind !== "op" && kind !== "net") || typeof name !== "string") return undefined;
  return { uri: value.uri, target: { kind, name } };
}
