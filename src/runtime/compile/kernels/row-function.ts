/**
 * Moves a row of elements between a place where they are some steps apart and one where they lie side by side: copied to the
 * latter, or added to the former. Knows no operators.
 */
import { forRange, type FunctionBuilder, type FunctionRef, type Local, type ModuleBuilder } from "../emit";
import { sizeOf, widthOf } from "./product/product";
import { advance } from "./product/tile-kernel";

export interface RowWork {
  readonly type: "f32" | "f64";
  readonly count: number;
  /** Elements from one to the next in the first place. */
  readonly step: number;
  /** Copies the first place to the second, or adds the second to the first. */
  readonly does: "copy" | "add";
}

/** A function of the two addresses. */
export function rowFunction(module: ModuleBuilder, work: RowWork): FunctionRef {
  const { type, count, step, does } = work;
  const name = `${does} row ${type} ${count} ${step}`;
  return module.shared(name, { parameters: ["i32", "i32"], results: [] }, (code) => {
    if (step === 1) writeDenseRow(code, work);
    else writeSparseRow(code, work);
  });
}

/** Rows without gaps: whole vectors, then single elements. */
function writeDenseRow(code: FunctionBuilder, { type, count, does }: RowWork): void {
  const [sparse, dense] = code.parameters as [Local, Local];
  const size = sizeOf(type);
  const lanes = 16 / size;
  const whole = count - (count % lanes);
  const one = (offset: number, load: "v128.load" | "f32.load" | "f64.load"): void => {
    const store = load === "v128.load" ? "v128.store" : load === "f32.load" ? "f32.store" : "f64.store";
    const add = load === "v128.load" ? (`${widthOf(type)}.add` as const) : (`${type}.add` as const);
    if (does === "copy") {
      code.push(dense);
      code.access(load, offset, sparse);
    } else {
      code.push(sparse);
      code.access(load, offset, sparse);
      code.access(load, offset, dense);
      code.op(add);
    }
    code.access(store, offset);
  };
  if (whole <= 8 * lanes) for (let at = 0; at < whole; at += lanes) one(at * size, "v128.load");
  else {
    forRange(code, 0, whole * size, 16, () => {
      one(0, "v128.load");
      advance(code, sparse, 16);
      advance(code, dense, 16);
    });
  }
  const start = whole <= 8 * lanes ? whole * size : 0;
  for (let at = 0; at < count - whole; at++) one(start + at * size, `${type}.load`);
}

function writeSparseRow(code: FunctionBuilder, { type, count, step: stride, does }: RowWork): void {
  const [sparse, dense] = code.parameters as [Local, Local];
  const size = sizeOf(type);
  forRange(code, 0, count, 1, () => {
    if (does === "copy") {
      code.push(dense);
      code.access(`${type}.load`, 0, sparse);
    } else {
      code.push(sparse);
      code.access(`${type}.load`, 0, sparse);
      code.access(`${type}.load`, 0, dense);
      code.op(`${type}.add`);
    }
    code.access(`${type}.store`, 0);
    advance(code, sparse, stride * size);
    advance(code, dense, size);
  });
}
