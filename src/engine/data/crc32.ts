/** The CRC-32 of gzip, zip and PNG (ISO 3309, polynomial 0xEDB88320 reflected). Knows nothing else. */

const table = new Int32Array(256);
for (let index = 0; index < 256; index++) {
  let remainder = index;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  table[index] = remainder;
}

/** The checksum of bytes that follow others whose checksum is `before` (0 for none), as an unsigned number. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let remainder = ~before;
  for (const byte of bytes) remainder = (table[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8);
  return ~remainder >>> 0;
}
