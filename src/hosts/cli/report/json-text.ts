/** The report as JSON: exactly the result model; NaN and infinities as strings. Knows nothing of what the fields mean. */

/** Pieces of the text, so that a report of many large tensors is never one string. */
export function* jsonText(value: unknown, indent = ""): Generator<string> {
  if (typeof value !== "object" || value === null) {
    yield scalarText(value);
    return;
  }
  if (isNumbers(value)) {
    yield* numbersText(value);
    return;
  }
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const entries = Array.isArray(value)
    ? value.map((item: unknown) => ["", item] as const)
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]: [string, unknown]) => [`${JSON.stringify(key)}: `, item] as const);
  if (entries.length === 0) {
    yield open + close;
    return;
  }
  for (const [i, [key, item]] of entries.entries()) {
    yield `${i === 0 ? open : ","}\n${inner}${key}`;
    yield* jsonText(item, inner);
  }
  yield `\n${indent}${close}`;
}

function scalarText(value: unknown): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : `"${String(value)}"`;
  return value === undefined ? "null" : JSON.stringify(value);
}

/** Arrays of numbers stand on one line; typed arrays are arrays like others. */
function isNumbers(value: object): value is ArrayLike<number> {
  return (
    ArrayBuffer.isView(value) ||
    (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number"))
  );
}

const pieceLength = 8192;

function* numbersText(numbers: ArrayLike<number>): Generator<string> {
  yield "[";
  for (let from = 0; from < numbers.length; from += pieceLength) {
    const to = Math.min(numbers.length, from + pieceLength);
    let piece = "";
    for (let i = from; i < to; i++) piece += (i === 0 ? "" : ", ") + scalarText(numbers[i]);
    yield piece;
  }
  yield "]";
}
