/** Owns what stands at the ends of lines after a run: check marks and messages, and the nodes' numbers. */
import * as vscode from "vscode";
import {
  worstStatus,
  type CheckReport,
  type GradcheckReport,
  type Status,
  type TargetReport,
} from "../../protocol";
import type { DocumentResults, TargetResults } from "./document-results";
import type { ResultsStore } from "./results-store";
import type { TestMessages } from "./test-messages";
import { checkText, gradcheckVerdict, marks, summaryText } from "./verdict-text";

type Look = Status | "number" | "odd";

/** What is shown at one line's end. */
interface LineEnd {
  readonly line: number;
  readonly look: Look;
  readonly text: string;
}

const colors: Readonly<Record<Look, string>> = {
  passed: "testing.iconPassed",
  failed: "testing.iconFailed",
  error: "testing.iconErrored",
  pending: "testing.iconQueued",
  undecided: "testing.iconQueued",
  number: "editorCodeLens.foreground",
  odd: "editorWarning.foreground",
};

export class LineEnds implements vscode.Disposable {
  readonly #results: ResultsStore;
  readonly #messages: TestMessages;
  readonly #types = new Map<Look, vscode.TextEditorDecorationType>();
  readonly #subscription: vscode.Disposable;

  constructor(results: ResultsStore, messages: TestMessages) {
    this.#results = results;
    this.#messages = messages;
    for (const look of Object.keys(colors) as Look[]) {
      const after = { margin: "0 0 0 2em", color: new vscode.ThemeColor(colors[look]) };
      const rangeBehavior = vscode.DecorationRangeBehavior.ClosedClosed;
      this.#types.set(look, vscode.window.createTextEditorDecorationType({ after, rangeBehavior }));
    }
    this.#subscription = vscode.Disposable.from(
      results.onDidChange(() => this.refresh()),
      messages.onDidChange(() => this.refresh()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.refresh()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("nnspec.endOfLineResults")) this.refresh();
      }),
    );
  }

  refresh(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.languageId !== "nnspec") continue;
      const results = this.#results.known(editor.document.uri.toString());
      // The marks stand until there are new ones.
      if (results?.running !== undefined || results?.repeating === true) continue;
      this.#show(editor, results);
    }
  }

  dispose(): void {
    for (const each of [...this.#types.values(), this.#subscription]) each.dispose();
  }

  #show(editor: vscode.TextEditor, results: DocumentResults | undefined): void {
    const wanted = vscode.workspace
      .getConfiguration("nnspec", editor.document)
      .get<string>("endOfLineResults", "all");
    const ends =
      results === undefined || wanted === "off"
        ? []
        : // Marks of a changed text would stand at the wrong lines and say what is no longer so.
          lineEnds(
            results.targets().filter((target) => !this.#results.isStale(target)),
            wanted === "all",
          );
    for (const [look, type] of this.#types) {
      const options = ends
        .filter((end) => end.look === look && end.line < editor.document.lineCount)
        // A test's message would lie on it.
        .filter(({ line }) => !this.#messages.isAt(editor.document.uri.toString(), line))
        .map(({ line, text }): vscode.DecorationOptions => {
          const { end } = editor.document.lineAt(line).range;
          return { range: new vscode.Range(end, end), renderOptions: { after: { contentText: text } } };
        });
      editor.setDecorations(type, options);
    }
  }
}

function lineEnds(targets: readonly TargetResults[], withNumbers: boolean): readonly LineEnd[] {
  const byLine = new Map<number, LineEnd>();
  const reports = targets.map(({ report }) => report);
  for (const report of reports) {
    for (const [line, checks] of grouped(report.run?.checks ?? [])) {
      const { status, text } = checkText(checks);
      byLine.set(line, { line, look: status, text });
    }
    for (const [line, gradchecks] of grouped(report.run === null ? [] : report.gradchecks)) {
      byLine.set(line, gradcheckEnd(line, gradchecks));
    }
  }
  if (withNumbers) for (const report of reports) addNumbers(byLine, report);
  return [...byLine.values()];
}

function gradcheckEnd(line: number, gradchecks: readonly GradcheckReport[]): LineEnd {
  const status = worstStatus(gradchecks.map(({ verdict }) => verdict));
  return { line, look: status, text: `${marks[status]} ${gradcheckVerdict(gradchecks)}` };
}

/** One node a line, the first that a run made there; checks and earlier runs come first. */
function addNumbers(byLine: Map<number, LineEnd>, report: TargetReport): void {
  for (const { file, range, value, role, fault } of report.nodes) {
    const { line } = range.start;
    // An input stands in the head of its op or net, where there is no room.
    if (file !== null || byLine.has(line) || role === "input") continue;
    if (fault !== null) byLine.set(line, { line, look: "error", text: `✗ ${fault}` });
    else if (value !== null && role !== "gradient") {
      const odd = value.nan > 0 || value.infinite > 0;
      byLine.set(line, { line, look: odd ? "odd" : "number", text: summaryText(value) });
    }
  }
}

/** By the last line of the statement, where there is room behind it. */
function grouped<T extends CheckReport | GradcheckReport>(
  reports: readonly T[],
): ReadonlyMap<number, readonly T[]> {
  const lines = new Map<number, T[]>();
  for (const report of reports) {
    const { line } = report.range.end;
    lines.set(line, [...(lines.get(line) ?? []), report]);
  }
  return lines;
}
