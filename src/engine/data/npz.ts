/** NumPy's npz archives (savez, savez_compressed): one npy array for each `name.npy` in a zip. */
import { Inflate } from "fflate";
import { type Tensor } from "../../runtime/tensor";
import { plainReader, type ByteReader } from "./byte-reader";
import { crc32 } from "./crc32";
import { limitOf, type DataEntry, type DataFile, type DataHeader, type DataOptions } from "./data-file";
import { failure, success, type DataProblem, type DataResult } from "./data-problems";
import { checkSize, elements, readElements, type Destination, type Layout } from "./elements";
import { inflatingReader } from "./inflating-reader";
import { readNpyHeader } from "./npy-header";
import { runNow, untilRead, type Steps } from "./steps";
import { locateContents, readZipDirectory, type ZipEntry } from "./zip-directory";

const stored = 0;
const deflated = 8;

interface Member {
  readonly entry: ZipEntry;
  /** Where its contents begin in the file. */
  readonly start: number;
}

/** Reads the table of contents and the first kilobyte of each array. */
export function* readNpzHeader(file: DataFile, options: DataOptions): Steps<DataResult<DataHeader>> {
  const members = yield* readMembers(file, options.name);
  if (!members.ok) return members;
  const entries = new Map<string, DataEntry>();
  const refused = new Map<string, DataProblem>();
  for (const [name, member] of members.value) {
    const to = destination(name, options);
    const opened = yield* untilRead(() => openMember(file, member, to));
    const problem = opened.ok ? checkSize(opened.value.layout, opened.value.reader.atMost, to) : opened;
    if (problem) refused.set(name, problem.problem);
    else if (opened.ok)
      entries.set(name, {
        shape: opened.value.layout.shape,
        dtype: elements[opened.value.layout.kind].dtype,
      });
  }
  return success({ entries, refused });
}

export function loadNpz(file: DataFile, name: string, options: DataOptions): DataResult<Tensor> {
  const members = runNow(readMembers(file, options.name));
  if (!members.ok) return members;
  const member = members.value.get(name);
  if (!member)
    return failure("unknownEntry", { file: options.name, entry: name, names: [...members.value.keys()] });
  const to = destination(name, options);
  const opened = openMember(file, member, to);
  if (!opened.ok) return opened;
  const loaded = readElements(opened.value.reader, opened.value.layout, to);
  if (!loaded.ok) return loaded;
  const finished = opened.value.reader.finish();
  return finished.ok ? loaded : finished;
}

/** The arrays by name. Of two with one name the later counts, as for `numpy.load`; other files in the archive are let be. */
function* readMembers(file: DataFile, name: string): Steps<DataResult<ReadonlyMap<string, Member>>> {
  const directory = yield* untilRead(() => readZipDirectory(file, name));
  if (!directory.ok) return directory;
  const starts = yield* locateContents(file, name, directory.value);
  if (!starts.ok) return starts;
  const members = new Map<string, Member>();
  for (const [entry, start] of starts.value) {
    if (entry.name.endsWith(".npy")) members.set(entry.name.slice(0, -".npy".length), { entry, start });
  }
  return success(members);
}

function openMember(
  file: DataFile,
  member: Member,
  to: Destination,
): DataResult<{ readonly layout: Layout; readonly reader: ByteReader }> {
  const { entry } = member;
  const instead = "save it again with numpy.savez or numpy.savez_compressed";
  if (entry.encrypted)
    return failure("unsupportedFeature", {
      file: to.file,
      feature: `encryption (of \`${to.entry}\`)`,
      instead,
    });
  if (entry.method !== stored && entry.method !== deflated) {
    return failure("unsupportedFeature", {
      file: to.file,
      feature: `zip's compression method ${String(entry.method)} (for \`${to.entry}\`)`,
      instead,
    });
  }
  if (entry.method === stored && entry.bytes !== entry.compressedBytes) {
    return failure("damaged", {
      file: to.file,
      what: `\`${to.entry}\` is stored as it is, yet has two sizes`,
    });
  }
  const reader = memberReader(file, member, to);
  const layout = readNpyHeader(reader, to);
  return layout.ok ? success({ layout: layout.value, reader }) : layout;
}

function memberReader(file: DataFile, { entry, start }: Member, to: Destination): ByteReader {
  let checksum = 0;
  const observe = (piece: Uint8Array) => {
    checksum = crc32(piece, checksum);
  };
  const verify = (): DataResult<undefined> =>
    checksum === entry.checksum
      ? success(undefined)
      : failure("damaged", { file: to.file, what: `array \`${to.entry}\` does not match its checksum` });
  const end = start + entry.compressedBytes;
  if (entry.method === stored) return plainReader(file, to.file, { start, end, observe, verify });
  const compressed = plainReader(file, to.file, { start, end });
  return inflatingReader({
    name: to.file,
    inflater: new Inflate(),
    compressedBytes: entry.compressedBytes,
    declaredBytes: entry.bytes,
    pull: (length) => compressed.take(Math.min(length, compressed.atMost), "its compressed data"),
    observe,
    verify,
  });
}

function destination(entry: string, options: DataOptions): Destination {
  return { file: options.name, entry, limit: limitOf(options) };
}
