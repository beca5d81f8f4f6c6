/** Does what the panel asks for to mend a failure: makes a fix's edits and runs again, or looks for a minimal reproduction. */
import * as vscode from "vscode";
import type { RepairMessage } from "../../protocol";
import type { Target } from "./document-results";
import type { FixActions } from "./fix-actions";
import type { Runs } from "./runs";
import type { Studies } from "./studies";

export interface RepairContext {
  readonly fixes: FixActions;
  readonly runs: Runs;
  readonly studies: Studies;
}

/** `target`: what is in view and is run again. */
export async function repair(
  { fixes, runs, studies }: RepairContext,
  message: RepairMessage,
  uri: string,
  target: Target | undefined,
): Promise<void> {
  const document = vscode.Uri.parse(uri);
  switch (message.type) {
    case "apply-fix":
      if (await fixes.apply(uri, message.fix))
        await runs.start(document, target?.kind === "run" ? "run" : "gradcheck", target);
      else
        void vscode.window.showInformationMessage(
          "nnspec: the text has changed since this fix was found. Run again for another.",
        );
      return;
    case "reproduce":
      await studies.copyReproduction(document, message.of);
      return;
  }
}
