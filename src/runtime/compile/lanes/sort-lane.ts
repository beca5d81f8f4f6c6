/**
 * Sorts the elements of one lane, NaN as the largest, equal elements in their order: a merge sort of records of 16 bytes, each a key
 * of 64 bits that is ordered as the elements are, and the element's position. Knows no operator.
 */
import type { DType } from "../../tensor";
import { forRange, type FunctionBuilder, type FunctionRef, type Local, type ModuleBuilder } from "../emit";
import { bytesOf } from "../loops/lane-memory";
import { loadDouble } from "./lane-loop";

export type Order = "ascending" | "descending";

export interface SortedLane {
  readonly dtype: DType;
  readonly length: number;
  /** Elements from one to the next. */
  readonly stride: number;
  readonly order: Order;
}

export const recordBytes = 16;
const positionAt = 8;

/** Bytes of scratch memory: the records twice. */
export function sortScratch(length: number): number {
  return 2 * recordBytes * length;
}

/** A function of the lane's address and the scratch memory's; it gives the address of the records in order. */
export function sortFunction(module: ModuleBuilder, lane: SortedLane): FunctionRef {
  const { dtype, length, stride, order } = lane;
  const name = `sort ${dtype} ${length} ${stride} ${order}`;
  return module.shared(name, { parameters: ["i32", "i32"], results: ["i32"] }, (code) => {
    const [start, scratch] = code.parameters as [Local, Local];
    code.call(recordsFunction(module, lane), start, scratch);
    const [from, into] = [code.define("i32", scratch), code.local("i32")];
    code.set(into, () => {
      code.op("i32.add", scratch, number(code, recordBytes * length));
    });
    for (let width = 1; width < length; width *= 2) {
      code.call(mergeFunction(module, length), from, into, number(code, width * recordBytes));
      // Exchanged.
      code.push(from, into);
      code.set(from);
      code.set(into);
    }
    code.get(from);
  });
}

/** Leaves the position that a record holds on the stack. */
export function pushPosition(code: FunctionBuilder, record: Local): void {
  code.access("i32.load", positionAt, record);
}

function number(code: FunctionBuilder, value: number): () => void {
  return () => {
    code.i32(value);
  };
}

/** Writes the records of a lane. */
function recordsFunction(module: ModuleBuilder, { dtype, length, stride, order }: SortedLane): FunctionRef {
  const name = `records ${dtype} ${length} ${stride} ${order}`;
  return module.shared(name, { parameters: ["i32", "i32"], results: [] }, (code) => {
    const [at, into] = code.parameters as [Local, Local];
    const [value, key] = [code.local("f64"), code.local("i64")];
    forRange(code, 0, length, 1, (position) => {
      loadDouble(code, dtype, at);
      code.set(value);
      writeKey(code, value, key, order);
      code.get(into);
      code.access("i64.store", 0, key);
      code.get(into);
      code.access("i32.store", positionAt, position);
      for (const [address, bytes] of [
        [at, stride * bytesOf(dtype)],
        [into, recordBytes],
      ] as const)
        code.set(address, () => {
          code.op("i32.add", address, number(code, bytes));
        });
    });
  });
}

/** The bits of a number, the lower 63 of negative ones turned, are ordered as whole numbers; both zeros are 0. */
function writeKey(code: FunctionBuilder, value: Local, key: Local, order: Order): void {
  code.set(key, () => {
    code.op("f64.add", value, () => {
      code.f64(0);
    });
    code.op("i64.reinterpret_f64");
  });
  code.set(key, () => {
    code.get(key);
    code.op("i64.shr_s", key, () => {
      code.i64(63n);
    });
    code.op("i64.shr_u", () => {
      code.i64(1n);
    });
    code.op("i64.xor");
  });
  code.set(key, () => {
    code.i64(2n ** 63n - 1n);
    code.get(key);
    code.op("f64.ne", value, value);
    code.op("select");
  });
  if (order === "ascending") return;
  code.set(key, () => {
    code.op("i64.xor", key, () => {
      code.i64(-1n);
    });
  });
}

/** Merges neighbouring runs of `width` bytes: a function of the records' address, that of the merged ones, and the width. */
function mergeFunction(module: ModuleBuilder, length: number): FunctionRef {
  const type = { parameters: ["i32", "i32", "i32"], results: [] } as const;
  return module.shared(`merge ${length}`, type, (code) => {
    const [from, into, width] = code.parameters as [Local, Local, Local];
    const end = code.define("i32", () => {
      code.op("i32.add", from, number(code, length * recordBytes));
    });
    const [left, right, leftEnd, rightEnd] = ["", "", "", ""].map(() => code.local("i32")) as [
      Local,
      Local,
      Local,
      Local,
    ];
    const bounded = (target: Local, start: Local): void => {
      code.set(target, () => {
        code.op("i32.add", start, width);
      });
      code.set(target, () => {
        code.push(target, end);
        code.op("i32.lt_u", target, end);
        code.op("select");
      });
    };
    code.set(left, from);
    code.loop((nextPair) => {
      bounded(leftEnd, left);
      code.set(right, leftEnd);
      bounded(rightEnd, right);
      code.block((done) => {
        code.loop((nextRecord) => {
          code.brIf(done, () => {
            code.op("i32.ge_u", left, leftEnd);
          });
          code.brIf(done, () => {
            code.op("i32.ge_u", right, rightEnd);
          });
          code.access("i64.load", 0, left);
          code.access("i64.load", 0, right);
          code.op("i64.le_s");
          code.if(
            () => {
              take(left);
            },
            () => {
              take(right);
            },
          );
          code.br(nextRecord);
        });
      });
      rest(left, leftEnd);
      rest(right, rightEnd);
      code.set(left, rightEnd);
      code.op("i32.lt_u", left, end);
      code.brIf(nextPair);
    });

    function take(source: Local): void {
      code.get(into);
      code.access("v128.load", 0, source);
      code.access("v128.store", 0);
      for (const address of [source, into])
        code.set(address, () => {
          code.op("i32.add", address, number(code, recordBytes));
        });
    }

    function rest(source: Local, sourceEnd: Local): void {
      code.copy(into, source, () => {
        code.op("i32.sub", sourceEnd, source);
      });
      code.set(into, () => {
        code.op("i32.add", into, sourceEnd);
        code.op("i32.sub", source);
      });
    }
  });
}
