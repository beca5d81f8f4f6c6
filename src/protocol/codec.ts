/**
 * Numbers that JSON has no words for: messages to the panel pass through JSON, so NaN and infinities travel as the
 * strings "NaN", "Infinity" and "-Infinity", as in `--json`. Knows nothing of what the messages mean.
 */

/** A copy in which every number that is not finite is its name. Buffers and typed arrays are passed on as they are. */
export function nameNonFinite(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (
    typeof value !== "object" ||
    value === null ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer
  )
    return value;
  if (Array.isArray(value)) return value.map(nameNonFinite);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, nameNonFinite(each)]));
}
