/** Strict UTF-8, because the platform's encoder and decoder are not part of the language. Knows nothing else. */

/** The text, or undefined where the bytes are not UTF-8 (overlong forms and lone surrogates included). */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  let codes: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length =
      lead < 0x80
        ? 1
        : lead >= 0xc2 && lead < 0xe0
          ? 2
          : lead >= 0xe0 && lead < 0xf0
            ? 3
            : lead >= 0xf0 && lead < 0xf5
              ? 4
              : 0;
    if (length === 0 || at + length > bytes.length) return undefined;
    let code = length === 1 ? lead : lead & (0x7f >> length);
    for (let index = 1; index < length; index++) {
      const next = bytes[at + index] ?? 0;
      if ((next & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (next & 0x3f);
    }
    const overlong = (length === 3 && code < 0x800) || (length === 4 && code < 0x10000);
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
    codes.push(code);
    at += length;
    if (codes.length === 4096) {
      parts.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  return parts.join("") + String.fromCodePoint(...codes);
}

/** A lone surrogate is written as U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else {
      const high = [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f)];
      bytes.push(...high, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
  }
  return Uint8Array.from(bytes);
}

/** Text for a message: UTF-8 where it is, otherwise byte by byte as Latin-1; control characters shown as `·`, long text cut. */
export function displayText(bytes: Uint8Array, longest = 40): string {
  const text =
    decodeUtf8(bytes) ??
    Array.from(bytes.subarray(0, longest + 1), (byte) => String.fromCharCode(byte)).join("");
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  const shown = characters.slice(0, longest).join("") + (characters.length > longest ? "…" : "");
  return shown.replace(/[\p{Cc}\p{Cf}`]/gu, "·");
}
