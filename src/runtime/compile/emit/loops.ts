/** Counted loops. Knows nothing of tensors. */
import type { FunctionBuilder, Local, Operand } from "./function-builder";

/** From here to there (a static number or a local), not included. */
export type Bound = number | Local;

/**
 * Calls `body` once, to write a loop over start, start + step, … before end. The counter is a local that the body must not
 * change. Bounds that are locals are read at every turn.
 */
export function forRange(
  code: FunctionBuilder,
  start: Bound,
  end: Bound,
  step: number,
  body: (counter: Local) => void,
): void {
  if (typeof start === "number" && typeof end === "number" && start >= end) return;
  const counter = code.define("i32", boundOf(code, start));
  const certain = typeof start === "number" && typeof end === "number";
  if (certain && start + step >= end) body(counter);
  else {
    code.block((leave) => {
      if (!certain)
        code.brIf(leave, () => {
          code.op("i32.ge_s", counter, boundOf(code, end));
        });
      code.loop((again) => {
        body(counter);
        code.tee(counter, () => {
          code.op("i32.add", counter, boundOf(code, step));
        });
        code.op("i32.lt_s", boundOf(code, end));
        code.brIf(again);
      });
    });
  }
  code.release(counter);
}

function boundOf(code: FunctionBuilder, bound: Bound): Operand {
  return typeof bound === "number"
    ? () => {
        code.i32(bound);
      }
    : bound;
}
