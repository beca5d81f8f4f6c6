/** Loops that are done in shares, by several threads or one after the other. Knows nothing of threads or tensors. */
import type { FunctionBuilder, Local, Operand } from "./function-builder";
import { forRange } from "./loops";

/** Which of so many equal shares of the work a call does; i32 locals. */
export interface Share {
  readonly part: Local;
  readonly parts: Local;
}

/**
 * `forRange` from start to end, of which they are whole steps apart: all of it where there is no share, else the share's turns,
 * which follow each other.
 */
export function forShare(
  code: FunctionBuilder,
  share: Share | undefined,
  [start, end]: readonly [number, number],
  step: number,
  body: (counter: Local) => void,
): void {
  if (share === undefined) {
    forRange(code, start, end, step, body);
    return;
  }
  const turns = (end - start) / step;
  if (turns <= 0) return;
  // The turns of all shares but the last: ⌈turns / parts⌉.
  const each = code.define("i32", () => {
    code.i32(turns - 1);
    code.op("i32.add", share.parts);
    code.op("i32.div_u", share.parts);
  });
  const first = code.define(
    "i32",
    atMost(code, turns, () => code.op("i32.mul", share.part, each)),
  );
  const last = code.define(
    "i32",
    atMost(code, turns, () => code.op("i32.add", first, each)),
  );
  for (const bound of [first, last]) {
    code.set(bound, () => {
      code.op("i32.mul", bound, () => {
        code.i32(step);
      });
      code.i32(start);
      code.op("i32.add");
    });
  }
  forRange(code, first, last, step, body);
  code.release(each, first, last);
}

/** Writes what the last share alone does. */
export function lastShare(code: FunctionBuilder, share: Share | undefined, body: () => void): void {
  if (share === undefined) {
    body();
    return;
  }
  code.op("i32.add", share.part, () => {
    code.i32(1);
  });
  code.op("i32.eq", share.parts);
  code.if(body);
}

function atMost(code: FunctionBuilder, most: number, value: () => void): Operand {
  return () => {
    const own = code.define("i32", value);
    code.push(own);
    code.i32(most);
    code.op("i32.lt_u", own, () => {
      code.i32(most);
    });
    code.op("select");
    code.release(own);
  };
}
