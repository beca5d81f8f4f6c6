// A file system in memory, as an extension gives one to the editor: files that are on no disk, and are told of when they change.
import * as vscode from "vscode";

type Entry = { readonly bytes: Uint8Array; readonly time: number } | "folder";

export class MemoryFiles implements vscode.FileSystemProvider {
  readonly #entries = new Map<string, Entry>([["/", "folder"]]);
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changes.event;
  #time = 1;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const entry = this.#entry(uri);
    if (entry === "folder") return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: vscode.FileType.File, ctime: 0, mtime: entry.time, size: entry.bytes.length };
  }

  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    const start = path.endsWith("/") ? path : `${path}/`;
    return [...this.#entries].flatMap(([name, entry]): [string, vscode.FileType][] => {
      const rest = name.slice(start.length);
      if (!name.startsWith(start) || rest === "" || rest.includes("/")) return [];
      return [[rest, entry === "folder" ? vscode.FileType.Directory : vscode.FileType.File]];
    });
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const entry = this.#entry(uri);
    if (entry === "folder") throw vscode.FileSystemError.FileIsADirectory(uri);
    return entry.bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    const type = this.#entries.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    // As folders are made on the way to a file.
    for (let at = uri.path.indexOf("/", 1); at !== -1; at = uri.path.indexOf("/", at + 1))
      this.#entries.set(uri.path.slice(0, at), "folder");
    this.#entries.set(uri.path, { bytes, time: ++this.#time });
    this.#changes.fire([{ type, uri }]);
  }

  createDirectory({ path }: vscode.Uri): void {
    this.#entries.set(path, "folder");
  }

  delete(uri: vscode.Uri): void {
    this.#entries.delete(uri.path);
    this.#changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    this.writeFile(to, this.readFile(from));
    this.delete(from);
  }

  #entry(uri: vscode.Uri): Entry {
    const entry = this.#entries.get(uri.path);
    if (entry === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return entry;
  }
}
