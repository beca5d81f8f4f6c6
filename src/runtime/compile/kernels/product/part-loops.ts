/** Loops over the parts of a product, and addresses in them. Knows nothing of what is computed. */
import {
  forRange,
  forShare,
  lastShare,
  type FunctionBuilder,
  type Local,
  type Operand,
  type Share,
} from "../../emit";
import { parts } from "./product";

/** base + Σ index · bytes */
export function pushAddress(
  code: FunctionBuilder,
  base: Operand,
  terms: readonly (readonly [Local | number, number])[],
): void {
  code.push(base);
  let fixed = 0;
  for (const [index, bytes] of terms) {
    if (typeof index === "number") fixed += index * bytes;
    else {
      code.op("i32.mul", index, () => {
        code.i32(bytes);
      });
      code.op("i32.add");
    }
  }
  if (fixed === 0) return;
  code.i32(fixed);
  code.op("i32.add");
}

/** Loops over whole parts of a length, then what is left of it: all of them, or a share. */
export function forEachPart(
  code: FunctionBuilder,
  length: number,
  size: number,
  share: Share | undefined,
  body: (start: Local, size: number) => void,
): void {
  let start = 0;
  for (const [part, times] of parts(length, size)) {
    const range = [start, start + part * times] as const;
    const turn = (at: Local): void => {
      body(at, part);
    };
    if (part === size) forShare(code, share, range, part, turn);
    else {
      lastShare(code, share, () => {
        forRange(code, ...range, part, turn);
      });
    }
    start += part * times;
  }
}
