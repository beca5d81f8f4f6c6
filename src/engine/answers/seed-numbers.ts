/** Reads numbers as people paste them, and writes them as the language does. Knows nothing of passes. */
import type { Numbers } from "./picture";

/** The numbers in nested brackets or as lines of a table, or the sentence that says what is wrong. */
export function readNumbers(text: string, wanted: readonly number[] = []): Numbers | string {
  // NumPy's, PyTorch's and the language's ways of writing: words around the brackets, blanks between numbers.
  const inner = text
    .trim()
    .replace(/^(?:(?:np\.|numpy\.|torch\.)?(?:array|tensor)|int)\s*\(/, "")
    .replace(/(?:,\s*(?:dtype|grad_fn|device|requires_grad)\s*=\s*[^,)\]]*)*\)\s*$/, "");
  if (inner === "") return "There are no numbers.";
  const isTable = !/[[\]]/.test(inner) && (wanted.length > 0 || /\S[\s,;]+\S/.test(inner));
  return isTable ? tableOf(inner, wanted) : bracketsOf(inner);
}

/** CSV, or what a spreadsheet copies: a line for each row. One line or one column is a vector where a vector is wanted. */
function tableOf(text: string, wanted: readonly number[]): Numbers | string {
  const rows = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const cells = rows.map((row) => row.trim().split(/\s*[,;\t]\s*|\s+/));
  const columns = cells[0]?.length ?? 0;
  if (cells.some((row) => row.length !== columns)) return "The rows are not equally long.";
  const data: number[] = [];
  for (const cell of cells.flat()) {
    const number = numberOf(cell);
    if (number === undefined) return cell === "" ? missing : noNumber(cell);
    data.push(number);
  }
  const isVector = wanted.length < 2 && (rows.length === 1 || columns === 1);
  return { shape: isVector ? [data.length] : [rows.length, columns], data };
}

const missing = "A number is missing beside a comma.";

function noNumber(word: string): string {
  return `«${word}» is no number.`;
}

function bracketsOf(text: string): Numbers | string {
  const tokens = text.match(
    /[[\]]|[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf|nan|Infinity|NaN)|[^\s,[\]]+/g,
  );
  if (tokens === null) return "There are no numbers.";
  if (/[[,]\s*,/.test(text)) return missing;
  const data: number[] = [];
  let at = 0;
  const value = (): readonly number[] | string => {
    const token = tokens[at++];
    if (token === undefined) return "A bracket is not closed.";
    if (token !== "[") {
      const number = numberOf(token);
      if (number === undefined) return noNumber(token);
      data.push(number);
      return [];
    }
    let shape: readonly number[] | undefined;
    let count = 0;
    while (tokens[at] !== "]") {
      const item = value();
      if (typeof item === "string") return item;
      if (shape !== undefined && item.join() !== shape.join()) return "The rows are not equally long.";
      shape = item;
      count++;
    }
    at++;
    return [count, ...(shape ?? [])];
  };
  const shape = value();
  if (typeof shape === "string") return shape;
  if (at < tokens.length) return `After the numbers there is «${tokens[at] ?? ""}».`;
  return { shape, data };
}

function numberOf(token: string): number | undefined {
  const sign = token.startsWith("-") ? -1 : 1;
  const bare = token.replace(/^[-+]/, "");
  if (/^inf/i.test(bare)) return sign * Infinity;
  if (/^nan$/i.test(bare)) return NaN;
  const number = Number(bare);
  return bare === "" || !Number.isFinite(number) ? undefined : sign * number;
}

/** More than these are no line that anybody reads. */
const writable = 64;

/** As a literal of the language; undefined where that would be too long. */
export function literalOf({ shape, data }: Numbers): string | undefined {
  const numbers = Array.from(data);
  if (numbers.length > writable || numbers.length === 0) return undefined;
  let at = 0;
  const write = (dims: readonly number[]): string => {
    const [size, ...rest] = dims;
    if (size === undefined) return written(numbers[at++]!);
    return `[${Array.from({ length: size }, () => write(rest)).join(", ")}]`;
  };
  return write(shape);
}

function written(number: number): string {
  if (Number.isNaN(number)) return "nan";
  if (Number.isFinite(number)) return String(number);
  return number > 0 ? "inf" : "-inf";
}
