/**
 * Owns the data files that neither server nor engine can open by themselves: in a browser, and on virtual file systems.
 * Knows no format.
 */
import * as vscode from "vscode";
import type { DataFileReply, DataPartParams, SentData } from "../../protocol";

/** The editor gives files whole; more than this at once would be felt. */
const largestBytes = 256 * 2 ** 20;

/** How long the bytes of the last file are kept for the next part of it. */
const keptMilliseconds = 5000;

export class DataFiles implements vscode.Disposable {
  #kept: { readonly uri: string; readonly bytes: Promise<Uint8Array> } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  async open(uri: string): Promise<DataFileReply> {
    try {
      const { type, size, mtime } = await vscode.workspace.fs.stat(vscode.Uri.parse(uri));
      if ((type & vscode.FileType.File) === 0) return { problem: "unreadable", detail: "it is not a file" };
      if (size > largestBytes)
        return { problem: "unreadable", detail: "it is too large to be read through the editor" };
      if (this.#kept?.uri === uri) this.#kept = undefined;
      return { size, modified: mtime };
    } catch (error) {
      const missing = error instanceof vscode.FileSystemError && error.code === "FileNotFound";
      return missing ? { problem: "missing", detail: uri } : { problem: "unreadable", detail: String(error) };
    }
  }

  /** In base64. */
  async part({ uri, offset, length }: DataPartParams): Promise<string> {
    const bytes = await this.#whole(uri);
    return toBase64(bytes.subarray(offset, offset + length));
  }

  /** Whole files for a run, as far as they are there. */
  async forRun(uris: readonly string[]): Promise<Readonly<Record<string, SentData>>> {
    const sent: Record<string, SentData> = {};
    let total = 0;
    for (const uri of uris) {
      const opened = await this.open(uri);
      if ("problem" in opened) {
        sent[uri] = opened;
        continue;
      }
      total += opened.size;
      sent[uri] =
        total > largestBytes
          ? {
              problem: "unreadable",
              detail: "the files together are too large to be read through the editor",
            }
          : await vscode.workspace.fs.readFile(vscode.Uri.parse(uri));
    }
    return sent;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #whole(uri: string): Promise<Uint8Array> {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#kept = undefined), keptMilliseconds);
    if (this.#kept?.uri !== uri)
      this.#kept = { uri, bytes: Promise.resolve(vscode.workspace.fs.readFile(vscode.Uri.parse(uri))) };
    return this.#kept.bytes;
  }
}

function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(pieces.join(""));
}
