/** Owns studies from the command to what comes of them: how strong a file's tests are, and minimal reproductions. */
import * as vscode from "vscode";
import type {
  FailureTarget,
  FileReproductions,
  FileStrength,
  Reproduction,
  Study,
  StudyOutcome,
} from "../../protocol";
import type { Platform } from "./platform";
import { fileName, type Runs } from "./runs";
import { startStudy, type Studying } from "./study-link";
import { strengthReport, strengthSummary } from "./strength-report";
import type { StrengthHints } from "./strength-hints";

export interface StudiesOptions {
  readonly platform: Platform;
  readonly runs: Runs;
  readonly hints: StrengthHints;
  readonly output: vscode.LogOutputChannel;
}

export class Studies implements vscode.Disposable {
  readonly #options: StudiesOptions;
  readonly #underWay = new Map<string, Studying>();

  constructor(options: StudiesOptions) {
    this.#options = options;
  }

  dispose(): void {
    for (const studying of this.#underWay.values()) studying.cancel();
  }

  /** Marks what the tests would miss, and offers the report. */
  async testStrength(uri: vscode.Uri): Promise<FileStrength | undefined> {
    const document = await vscode.workspace.openTextDocument(uri);
    const { version } = document;
    const outcome = await this.#study(uri, { kind: "strength" }, `Testing the tests of ${fileName(uri)}`);
    if (outcome?.kind !== "strength") return undefined;
    const { report } = outcome;
    // Places of another text would be wrong ones.
    if (document.version === version) this.#options.hints.show(uri, report);
    void this.#tellStrength(uri, report);
    return report;
  }

  /** Puts the smallest spec that fails so on the clipboard; of several failures the one that is picked. */
  async copyReproduction(uri: vscode.Uri, target: FailureTarget | undefined): Promise<string | undefined> {
    const title = `Looking for a minimal reproduction of ${target?.name ?? fileName(uri)}`;
    const outcome = await this.#study(uri, { kind: "reproduce", target }, title);
    if (outcome?.kind !== "reproduce") return undefined;
    const chosen = await chooseReproduction(outcome.report);
    if (chosen === undefined) return undefined;
    const { text, title: what, lines, selfContained } = chosen;
    if (text === null) {
      void vscode.window.showWarningMessage(`nnspec: ${what} fails no more when it is executed by itself.`);
      return undefined;
    }
    await vscode.env.clipboard.writeText(text);
    const files = selfContained ? "" : " It needs the files that it names.";
    void this.#offerToOpen(
      `Copied the minimal reproduction of ${what}: ${String(lines.after)} of ${String(lines.before)} lines.${files}`,
      { language: "nnspec", content: text },
    );
    return text;
  }

  async #tellStrength(uri: vscode.Uri, report: FileStrength): Promise<void> {
    const content = strengthReport(fileName(uri), report);
    await this.#offerToOpen(strengthSummary(report), { language: "markdown", content });
  }

  async #offerToOpen(
    message: string,
    document: { readonly language: string; readonly content: string },
  ): Promise<void> {
    const open = "Open";
    if ((await vscode.window.showInformationMessage(`nnspec: ${message}`, open)) !== open) return;
    const opened = await vscode.workspace.openTextDocument(document);
    await vscode.window.showTextDocument(opened, { viewColumn: vscode.ViewColumn.Beside });
  }

  /** One at a time for each document: a newer one ends the older. */
  async #study(uri: vscode.Uri, study: Study, title: string): Promise<StudyOutcome | undefined> {
    const { platform, runs, output } = this.#options;
    const request = { ...(await runs.textsOf(uri)), study };
    const key = uri.toString();
    this.#underWay.get(key)?.cancel();
    const location = vscode.ProgressLocation.Notification;
    const result = await vscode.window.withProgress(
      { location, title, cancellable: true },
      async (bar, token) => {
        let shown = 0;
        const studying = startStudy(platform.startWorker, request, ({ done, total, what }) => {
          const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
          bar.report({ message: what, increment: Math.max(0, percent - shown) });
          shown = Math.max(shown, percent);
        });
        this.#underWay.set(key, studying);
        const cancelling = token.onCancellationRequested(() => studying.cancel());
        const ended = await studying.result;
        cancelling.dispose();
        if (this.#underWay.get(key) === studying) this.#underWay.delete(key);
        return ended;
      },
    );
    if (result.kind === "studied") return result.outcome;
    output.info(
      `${title}: ${result.kind === "crashed" ? `the engine failed: ${result.message}` : "cancelled"}`,
    );
    if (result.kind === "crashed")
      void vscode.window.showErrorMessage("The nnspec engine failed here. The details are in the output.");
    return undefined;
  }
}

async function chooseReproduction({ reproductions }: FileReproductions): Promise<Reproduction | undefined> {
  const [first, ...others] = reproductions;
  if (first === undefined) void vscode.window.showInformationMessage("nnspec: nothing fails here.");
  if (first === undefined || others.length === 0) return first;
  const items = reproductions.map((reproduction) => ({
    label: reproduction.title,
    description: `${String(reproduction.lines.after)} lines`,
    detail: reproduction.message,
    reproduction,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: "Which reproduction is to be copied?" });
  return picked?.reproduction;
}
