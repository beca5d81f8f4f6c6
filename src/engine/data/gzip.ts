/** Files that may be gzipped whole (x.npy.gz, train-images.gz): a reader over their bytes either way. */
import { Gunzip } from "fflate";
import { crc32 } from "./crc32";
import { type DataFile } from "./data-file";
import { failure, success, type DataResult } from "./data-problems";
import { plainReader, readBytes, readExactly, type ByteReader } from "./byte-reader";
import { inflatingReader } from "./inflating-reader";

/** Reads the file's bytes, or those inside it when it begins with gzip's magic 1F 8B. */
export function maybeGzippedReader(file: DataFile, name: string): DataResult<ByteReader> {
  const start = readBytes(file, name, 0, 2);
  if (!start.ok) return start;
  const gzipped = start.value[0] === 0x1f && start.value[1] === 0x8b;
  return success(gzipped ? gzippedReader(file, name) : plainReader(file, name));
}

function gzippedReader(file: DataFile, name: string): ByteReader {
  const compressed = plainReader(file, name);
  const inflater = new Gunzip();
  let checksum = 0;
  let memberBytes = 0;
  // A gzip file may hold several members; the trailer at the file's end is that of the last.
  inflater.onmember = () => {
    checksum = 0;
    memberBytes = 0;
  };
  return inflatingReader({
    name,
    inflater,
    compressedBytes: file.size,
    pull: (length) => compressed.take(Math.min(length, compressed.atMost), "its compressed data"),
    observe(piece) {
      checksum = crc32(piece, checksum);
      memberBytes += piece.length;
    },
    verify() {
      const trailer = readExactly(file, name, {
        offset: Math.max(0, file.size - 8),
        length: 8,
        what: "gzip's checksum",
      });
      if (!trailer.ok) return trailer;
      const view = new DataView(trailer.value.buffer, trailer.value.byteOffset, 8);
      if (view.getUint32(0, true) === checksum && view.getUint32(4, true) === memberBytes >>> 0)
        return success(undefined);
      return failure("damaged", { file: name, what: "its compressed data does not match gzip's checksum" });
    },
  });
}
