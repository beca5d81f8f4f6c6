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

export function makeLibrary(data: EngineDataHost | undefined): Library {
  return { optimizers, data: data && makeDataSource(data) };
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

function makeDataSource(host: EngineDataHost): DataSource {
  return {
    header(request) {
      return withFile<DataContents>(host, request, (file) =>
        readHeader(request.format, file, optionsOf(request)),
      );
    },
    load(request, entry) {
      return withFile<Tensor>(host, request, (file) =>
        loadEntry(request.format, file, entry, optionsOf(request)),
      );
    },
  };
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
