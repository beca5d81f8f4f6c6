/** What the engine lends to the language: optimizers, and data files through the host's reader. */
import type { DataAnswer, DataContents, DataRequest, DataSource, Library } from "../language/check";
import type { Tensor } from "../runtime/tensor";
import {
  loadEntry,
  readHeader,
  readHeaderLater,
  refusalProblem,
  type DataFile,
  type DataHost,
  type DataOptions,
  type LaterFile,
  type Refusal,
} from "./data";
import { optimizers } from "./optimizers";

/** Opens a path that the module `from` writes; each host has its own. */
export interface EngineDataHost {
  open(from: string, path: string): ReturnType<DataHost["open"]>;
}

/** `poll` is called at every read; it may throw a CancelledError. */
export function makeLibrary(data: EngineDataHost | undefined, poll?: () => void): Library {
  return { optimizers, data: data && makeDataSource(data, poll) };
}

/** What the engine lends while one types: headers come from where the host keeps them. */
export function makeCheckingLibrary(header: DataSource["header"]): Library {
  const data: DataSource = {
    header,
    load: () => {
      throw new Error("Nothing is loaded while one types.");
    },
  };
  return { optimizers, data };
}

/** What a file holds, its bytes read in the host's own time. Never rejects. */
export async function headerLater(
  file: LaterFile | Refusal,
  request: Pick<DataRequest, "format" | "path" | "table">,
): Promise<DataAnswer<DataContents>> {
  if ("problem" in file) return refusalProblem(file, request.path);
  return readHeaderLater(request.format, file, optionsOf(request));
}

function makeDataSource(host: EngineDataHost, poll: (() => void) | undefined): DataSource {
  /** A file that is named twice is read once: a run sees one state of it, and its numbers are shared. */
  const headers = new Map<string, DataAnswer<DataContents>>();
  const loaded = new Map<string, WeakRef<Tensor>>();
  const polled = (file: DataFile): DataFile => ({
    size: file.size,
    read: (offset, length) => {
      poll?.();
      return file.read(offset, length);
    },
  });
  return {
    header(request) {
      const key = keyOf(request, "");
      const answer =
        headers.get(key) ??
        withFile<DataContents>(host, request, (file) =>
          readHeader(request.format, polled(file), optionsOf(request)),
        );
      headers.set(key, answer);
      return answer;
    },
    load(request, entry) {
      const key = keyOf(request, entry);
      const known = loaded.get(key)?.deref();
      if (known !== undefined) return { ok: true, value: known };
      const answer = withFile<Tensor>(host, request, (file) =>
        loadEntry(request.format, polled(file), entry, optionsOf(request)),
      );
      if (answer.ok) loaded.set(key, new WeakRef(answer.value));
      return answer;
    },
  };
}

function keyOf({ module, format, path, table }: DataRequest, entry: string): string {
  return JSON.stringify([module, format, path, table, entry]);
}

function optionsOf({ path, table }: Pick<DataRequest, "path" | "table">): DataOptions {
  return { name: path, csv: table };
}

function withFile<T>(
  host: EngineDataHost,
  { module, path }: DataRequest,
  use: (file: DataFile) => DataAnswer<T>,
): DataAnswer<T> {
  const opened = host.open(module, path);
  return "problem" in opened ? refusalProblem(opened, path) : use(opened);
}
