/** What a file looks like from its first bytes, for saying what was found in place of the format that was asked for. */

const signatures: readonly { readonly bytes: readonly number[]; readonly name: string }[] = [
  { bytes: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], name: "an npy file" },
  { bytes: [0x89, 0x50, 0x4e, 0x47], name: "a PNG picture" },
  { bytes: [0x50, 0x4b, 3, 4], name: "a zip archive (npz files are)" },
  { bytes: [0x50, 0x4b, 5, 6], name: "an empty zip archive" },
  { bytes: [0x1f, 0x8b], name: "a gzip file" },
  { bytes: [0xff, 0xd8, 0xff], name: "a JPEG picture" },
  { bytes: [0x89, 0x48, 0x44, 0x46], name: "an HDF5 file" },
  { bytes: [0x80, 2], name: "a Python pickle" },
  { bytes: [0x80, 4], name: "a Python pickle" },
];

/** "it begins with 50 4B 03 04, which is a zip archive": the `found` of a wrong format. */
export function describeStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return "it is empty";
  const shown = Array.from(bytes.subarray(0, 8), (byte) =>
    byte.toString(16).toUpperCase().padStart(2, "0"),
  ).join(" ");
  const known = signatures.find((signature) => startsWith(bytes, signature.bytes));
  return `it begins with ${shown}${known ? `, as ${known.name} does` : ""}`;
}

/** Whether `bytes` begins with `magic`. */
export function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** Whether the bytes are those of a known binary format, or hold a zero byte, which no text does. */
export function looksBinary(bytes: Uint8Array): boolean {
  return (
    bytes.subarray(0, 512).includes(0) || signatures.some((signature) => startsWith(bytes, signature.bytes))
  );
}
