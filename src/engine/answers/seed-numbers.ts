/** Reads numbers as people paste them, and writes them as the language does. Knows nothing of passes. */
import type { Numbers } from "./picture";

/** The numbers in nested brackets, or the sentence that says what is wrong. */
export function readNumbers(text: string): Numbers | string {
  // NumPy's and PyTorch's ways of printing: words around the brackets, blanks between numbers.
  const inner = text
    .trim()
    .replace(/^(?:np\.|numpy\.|torch\.)?(?:array|tensor)\s*\(/, "")
    .replace(/(?:,\s*(?:dtype|grad_fn|device|requires_grad)\s*=\s*[^,)\]]*)*\)\s*$/, "");
  const tokens = inner.match(
    /[[\]]|[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf|nan|Infinity|NaN)|[^\s,[\]]+/g,
  );
  if (tokens === null) return "there are no numbers";
  const data: number[] = [];
  let at = 0;
  const value = (): readonly number[] | string => {
    const token = tokens[at++];
    if (token === undefined) return "a bracket is not closed";
    if (token !== "[") {
      const number = numberOf(token);
      if (number === undefined) return `«${token}» is no number`;
      data.push(number);
      return [];
    }
    let shape: readonly number[] | undefined;
    let count = 0;
    while (tokens[at] !== "]") {
      const item = value();
      if (typeof item === "string") return item;
      if (shape !== undefined && item.join() !== shape.join()) return "the rows are not equally long";
      shape = item;
      count++;
    }
    at++;
    return [count, ...(shape ?? [])];
  };
  const shape = value();
  if (typeof shape === "string") return shape;
  if (at < tokens.length) return `after the numbers there is «${tokens[at] ?? ""}»`;
  return { shape, data };
}

function numberOf(token: string): number | undefined {
  const sign = token.startsWith("-") ? -1 : 1;
  const bare = token.replace(/^[-+]/, "");
  if (/^inf/i.test(bare)) return sign * Infinity;
  if (/^nan$/i.test(bare)) return NaN;
  const number = Number(bare);
  return bare === "" || Number.isNaN(number) ? undefined : sign * number;
}

/** More than these are no line that anybody reads. */
const writable = 64;

/** As a literal of the language; undefined where that would be too long, or a number has no literal. */
export function literalOf({ shape, data }: Numbers): string | undefined {
  const numbers = Array.from(data);
  if (numbers.length > writable || numbers.length === 0 || !numbers.every(Number.isFinite)) return undefined;
  let at = 0;
  const write = (dims: readonly number[]): string => {
    const [size, ...rest] = dims;
    if (size === undefined) return String(numbers[at++]);
    return `[${Array.from({ length: size }, () => write(rest)).join(", ")}]`;
  };
  return write(shape);
}
