/** Labels from files: a float tensor as whole numbers, refused where an element is none. Knows no file format. */
import { type Tensor } from "../../runtime/tensor";
import { failure, success, type DataResult } from "./data-problems";

/**
 * The same values as `int`. NaN, infinities and fractions are refused with the place of the first one, because a label
 * that is silently truncated trains a network on nonsense. Booleans become 0 and 1.
 */
export function wholeNumbers(value: Tensor, file: string): DataResult<Tensor> {
  if (value.dtype === "int") return success(value);
  const bad = value.data.findIndex((element) => !Number.isSafeInteger(element));
  if (bad >= 0) {
    return failure("notWhole", {
      file,
      value: String(value.data[bad]).replace("Infinity", "inf").replace("NaN", "nan"),
      at: place(bad, value),
    });
  }
  return success({ dtype: "int", shape: value.shape, data: Float64Array.from(value.data) });
}

function place(flat: number, value: Tensor): string {
  const index: number[] = [];
  let rest = flat;
  for (const size of [...value.shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${index.join(", ")}]`;
}
