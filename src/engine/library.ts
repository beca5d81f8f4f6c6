/** What the engine lends to the language: optimizers, and data files through the host's reader. */
import type { DataAnswer, DataSource, Library } from "../language/check";
import type { Tensor } from "../runtime/tensor";
import { loadEntry, readHeader, refusalProblem, type DataFile, type DataHost } from "./data";
import { optimizers } from "./optimizers";

/** Opens a path that the module `from` writes; each host has its own. */
export interface EngineDataHost {
  open(from: string, path: string): ReturnType<DataHost["open"]>;
}

export function makeLibrary(data: EngineDataHost | undefined): Library {
  return { optimizers, data: data && makeDataSource(data) };
}

function makeDataSource(host: EngineDataHost): DataSource {
  return {
    header(from, format, path) {
      return withFile(host, from, path, (file) => {
        const header = readHeader(format, file, { name: path });
        return header.ok ? { ok: true, value: header.value.entries } : header;
      });
    },
    load(from, format, path, entry) {
      return withFile<Tensor>(host, from, path, (file) => loadEntry(format, file, entry, { name: path }));
    },
  };
}

function withFile<T>(
  host: EngineDataHost,
  from: string,
  path: string,
  use: (file: DataFile) => DataAnswer<T>,
): DataAnswer<T> {
  const opened = host.open(from, path);
  return "problem" in opened ? refusalProblem(opened, path) : use(opened);
}
