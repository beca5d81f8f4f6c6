/**
 * Walks along one dimension of a tensor with vectors: along rows where that dimension is the last (lanes then come together at the
 * end), else along several columns at once. What lies beyond a row's end or the last column counts for nothing. Knows no operators.
 */
import { forRange, type FunctionBuilder, type Local, type Target, type ModuleBuilder } from "../../emit";
import { writeVectorFunction, loadFunctionConstants, type VectorFunction } from "../../maths";
import { firstLanes } from "../product/pack";
import { lanesOf, sizeOf, widthOf } from "../product/product";
import { storeLanes } from "../product/tile-kernel";
import { pushAddress } from "../product/write-product";

/** Element (o, k, i) stands at (o·length + k)·inner + i. */
export interface LaneLayout {
  readonly type: "f32" | "f64";
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** A sum in float64: of all lanes, or one for each column, the upper columns of single precision in `high`. */
export interface WideSum {
  readonly low: Local;
  readonly high: Local | undefined;
}

/** Calls `body` to write code for each row, or each block of columns, with the offset of its first element in bytes. */
export function forEachLane(
  code: FunctionBuilder,
  { type, outer, length, inner }: LaneLayout,
  body: (offset: Local, columns: number) => void,
): void {
  const size = sizeOf(type);
  const offsetOf = (row: Local, column: Local | number): Local =>
    code.define("i32", () => {
      pushAddress(code, () => {
        code.i32(0);
      }, [
        [row, length * inner * size],
        [column, size],
      ]);
    });
  forRange(code, 0, outer, 1, (row) => {
    const visit = (column: Local | number, columns: number): void => {
      const offset = offsetOf(row, column);
      body(offset, columns);
      code.release(offset);
    };
    if (inner === 1) {
      visit(0, 1);
      return;
    }
    const lanes = lanesOf(type);
    const whole = inner - (inner % lanes);
    forRange(code, 0, whole, lanes, (column) => {
      visit(column, lanes);
    });
    if (inner > whole) visit(whole, inner - whole);
  });
}

/** The code of one row or block of columns, in a function whose first parameters are its address and that of its results. */
export class LaneWalk {
  readonly #module: ModuleBuilder;
  readonly #code: FunctionBuilder;
  readonly #target: Target;
  readonly #layout: LaneLayout;
  readonly #columns: number;

  constructor(
    module: ModuleBuilder,
    code: FunctionBuilder,
    target: Target,
    layout: LaneLayout,
    columns: number,
  ) {
    this.#module = module;
    this.#code = code;
    this.#target = target;
    this.#layout = layout;
    this.#columns = columns;
  }

  get #isRow(): boolean {
    return this.#layout.inner === 1;
  }

  /** Visits the vectors of the operand at `from`; lanes beyond a row's end are `neutral`. `put` stores one in its place at `to`. */
  pass(
    from: Local,
    to: Local,
    neutral: number,
    visit: (value: Local, put: (result: Local) => void) => void,
  ): void {
    const code = this.#code;
    const { type, length, inner } = this.#layout;
    const [size, lanes] = [sizeOf(type), lanesOf(type)];
    const step = this.#isRow ? 16 : inner * size;
    const whole = this.#isRow ? (length - (length % lanes)) * size : length * step;
    const one = (at: Local, count: number): void => {
      const value = code.define("v128", () => {
        code.op("i32.add", from, at);
        code.access("v128.load", 0);
      });
      if (this.#isRow && count < lanes) this.#blend(value, neutral, count);
      visit(value, (result) => {
        const address = code.define("i32", () => {
          code.op("i32.add", to, at);
        });
        storeLanes(code, type, address, 0, result, count);
        code.release(address);
      });
      code.release(value);
    };
    forRange(code, 0, whole, step, (at) => {
      one(at, this.#isRow ? lanes : this.#columns);
    });
    if (!this.#isRow || length % lanes === 0) return;
    const at = code.define("i32", () => {
      code.i32(whole);
    });
    one(at, length % lanes);
    code.release(at);
  }

  #blend(value: Local, neutral: number, count: number): void {
    const code = this.#code;
    const { type } = this.#layout;
    code.push(value, code.constant(widthOf(type), neutral), code.constantVector(firstLanes(type, count)));
    code.op("v128.bitselect");
    code.set(value);
  }

  /** The largest of a row's lanes in all of them; columns keep their own. */
  spreadMaximum(largest: Local): void {
    if (!this.#isRow) return;
    const code = this.#code;
    const fold = (lanes: readonly [number, number, number, number]): void => {
      const other = code.define("v128", () => {
        code.shuffle32(lanes, largest, largest);
      });
      code.op(`${widthOf(this.#layout.type)}.max`, largest, other);
      code.set(largest);
      code.release(other);
    };
    fold([2, 3, 0, 1]);
    if (this.#layout.type === "f32") fold([1, 0, 3, 2]);
  }

  /** A sum that is still 0. */
  wideSum(): WideSum {
    const zero = (): Local => {
      const local = this.#code.local("v128");
      this.#code.f64x2(0);
      this.#code.set(local);
      return local;
    };
    return { low: zero(), high: this.#layout.type === "f32" ? zero() : undefined };
  }

  addWide({ low, high }: WideSum, value: Local): void {
    const code = this.#code;
    if (high === undefined) {
      code.op("f64x2.add", low, value);
      code.set(low);
      return;
    }
    code.get(low);
    code.op("f64x2.promote_low_f32x4", value);
    code.op("f64x2.add");
    code.set(low);
    code.get(high);
    code.shuffle64([1, 0], value, value);
    code.op("f64x2.promote_low_f32x4");
    code.op("f64x2.add");
    code.set(high);
  }

  /** A row's sum in all lanes. */
  spreadSum({ low, high }: WideSum): void {
    if (!this.#isRow) return;
    const code = this.#code;
    if (high !== undefined) {
      code.op("f64x2.add", low, high);
      code.set(low);
    }
    const other = code.define("v128", () => {
      code.shuffle64([1, 0], low, low);
    });
    code.op("f64x2.add", low, other);
    code.set(low);
    code.release(other);
    if (high !== undefined) code.set(high, low);
  }

  /** Replaces a sum by a function of it. */
  applyWide(name: VectorFunction, { low, high }: WideSum): void {
    for (const part of high === undefined ? [low] : this.#isRow ? [low] : [low, high]) {
      this.#code.set(part, () => {
        writeVectorFunction(this.#code, this.#module, this.#target, name, "f64x2", [part]);
      });
    }
    if (high !== undefined && this.#isRow) this.#code.set(high, low);
  }

  /** The sum in the operand's type. */
  narrow({ low, high }: WideSum): Local {
    const code = this.#code;
    return code.define("v128", () => {
      if (high === undefined) code.get(low);
      else {
        const halves = [low, high].map((part) =>
          code.define("v128", () => {
            code.op("f32x4.demote_f64x2_zero", part);
          }),
        );
        code.shuffle64([0, 2], halves[0]!, halves[1]!);
        code.release(...halves);
      }
    });
  }

  /** e^(value − shift), on the stack. */
  pushExp(value: Local, shift: Local): void {
    const code = this.#code;
    const width = widthOf(this.#layout.type);
    const difference = code.define("v128", () => {
      code.op(`${width}.sub`, value, shift);
    });
    const constants = loadFunctionConstants(code, this.#target, [["exp", width]]);
    writeVectorFunction(code, this.#module, this.#target, "exp", width, [difference], constants);
    code.release(difference);
  }
}
