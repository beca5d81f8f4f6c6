/** Finds tokens by where they stand. Knows nothing of what they mean. */
import type { File, Span, Token } from "./tree";

/** The index of the first token that begins at or behind an offset. */
function indexFrom(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The tokens that begin within a span, trivia included. */
export function tokensIn({ tokens }: File, { start, end }: Span): readonly Token[] {
  return tokens.slice(indexFrom(tokens, start), indexFrom(tokens, end));
}

/** The token that an offset lies in or directly behind. */
export function tokenBefore({ tokens }: File, offset: number): Token | undefined {
  return tokens[indexFrom(tokens, offset) - 1];
}
