/**
 * Owns which lines carry a message of the Test Explorer. The editor draws these over whatever stands at a line's end, and
 * takes them away with the next test run, or when their line is edited.
 */
import * as vscode from "vscode";
import { linesAfterChanges } from "./message-lines";

export class TestMessages implements vscode.Disposable {
  readonly #lines = new Map<string, ReadonlySet<number>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscription = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const key = document.uri.toString();
      const lines = this.#lines.get(key);
      if (lines !== undefined && contentChanges.length > 0)
        this.#lines.set(key, linesAfterChanges(lines, contentChanges));
    });
  }

  isAt(uri: string, line: number): boolean {
    return this.#lines.get(uri)?.has(line) === true;
  }

  add(uri: vscode.Uri, line: number): void {
    const key = uri.toString();
    this.#lines.set(key, new Set([...(this.#lines.get(key) ?? []), line]));
    this.#changed.fire();
  }

  /** A test run begins: the messages of the one before are gone. */
  clear(): void {
    if (this.#lines.size === 0) return;
    this.#lines.clear();
    this.#changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
