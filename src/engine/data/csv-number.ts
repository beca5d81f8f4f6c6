/** What the text of one CSV cell is: a number, a word for a missing one, or neither. Knows no rows. */

const numberPattern = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf|infinity|nan)$/i;
const missingPattern = /^(?:|na|n\/a|null|none|\?|-)$/i;

/** The longest text that is still read as a number. */
const longestNumber = 1000;

/** The number nearest to the decimal that `bytes` spells; `inf` and `nan` as NumPy spells them. No white space around it. */
export function numberIn(bytes: Uint8Array): number | "missing" | undefined {
  const simple = simpleDecimal(bytes);
  if (simple !== undefined) return simple;
  if (bytes.length > longestNumber) return undefined;
  const text = String.fromCharCode(...bytes);
  if (numberPattern.test(text)) {
    const value = Number(text);
    // `inf` and `nan` are NumPy's words, not JavaScript's.
    return Number.isNaN(value) ? wordValue(text.toLowerCase()) : value;
  }
  return missingPattern.test(text) ? "missing" : undefined;
}

/**
 * The fast way for most cells: up to 15 digits with at most one point. Both the digits as a whole number and the power of
 * ten are then exact doubles, so that their quotient is the nearest double (Clinger 1990).
 */
function simpleDecimal(bytes: Uint8Array): number | undefined {
  const negative = bytes[0] === 0x2d;
  const start = negative || bytes[0] === 0x2b ? 1 : 0;
  if (bytes.length - start > 16) return undefined;
  let whole = 0;
  let digits = 0;
  let scale = 1;
  let pointed = false;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x30 && byte <= 0x39) {
      whole = whole * 10 + (byte - 0x30);
      digits++;
      if (pointed) scale *= 10;
    } else if (byte === 0x2e && !pointed) pointed = true;
    else return undefined;
  }
  if (digits === 0 || digits > 15) return undefined;
  return negative ? -(whole / scale) : whole / scale;
}

function wordValue(word: string): number {
  return word.endsWith("nan") ? NaN : word.startsWith("-") ? -Infinity : Infinity;
}
