/**
 * The input elements under each tap of a kernel at each place as a matrix [taps, places], and its adjoint: what stands there added
 * onto the input's elements. Padding is 0. Knows nothing of operators.
 */
import { forRange, type FunctionBuilder, type FunctionRef, type Local, type ModuleBuilder } from "../../emit";
import { sizeOf, widthOf } from "../product/product";
import { pushAddress } from "../product/write-product";
import { groupSizes, placesInside, type Convolution } from "./geometry";

/** A function of the addresses of one group's input and of the matrix. */
export function unfolding(module: ModuleBuilder, convolution: Convolution): FunctionRef {
  return rowsFunction(module, convolution, "unfold", (code, columns) => {
    const { taps, places } = groupSizes(convolution);
    if (!isPadded(convolution)) return;
    code.fill(columns, i32(code, 0), i32(code, taps * places * sizeOf(convolution.type)));
  });
}

/** A function of the addresses of one group's input, which is added to, and of the matrix. */
export function folding(module: ModuleBuilder, convolution: Convolution): FunctionRef {
  return rowsFunction(module, convolution, "fold", () => undefined);
}

function isPadded(convolution: Convolution): boolean {
  const { kernel, output } = convolution;
  return ([0, 1] as const).some((axis) =>
    Array.from({ length: kernel[axis] }, (_, tap) => placesInside(convolution, axis, tap)).some(
      ([first, end]) => first > 0 || end < output[axis],
    ),
  );
}

type Direction = "unfold" | "fold";

function rowsFunction(
  module: ModuleBuilder,
  convolution: Convolution,
  direction: Direction,
  before: (code: FunctionBuilder, columns: Local) => void,
): FunctionRef {
  const own = { ...convolution, batch: 0, filters: 0 };
  const row = rowFunctions(module, convolution, direction);
  return module.shared(
    `${direction} ${JSON.stringify(own)}`,
    { parameters: ["i32", "i32"], results: [] },
    (code) => {
      before(code, code.parameters[1]!);
      writeRows(code, convolution, row);
    },
  );
}

/** A function of the address in the input and in the matrix that copies (or adds) one row of places. */
type RowFunction = (count: number) => FunctionRef;

function rowFunctions(
  module: ModuleBuilder,
  { type, stride }: Convolution,
  direction: Direction,
): RowFunction {
  return (count) =>
    module.shared(
      `${direction} row ${type} ${count} ${stride[1]}`,
      { parameters: ["i32", "i32"], results: [] },
      (code) => {
        if (stride[1] === 1) writeDenseRow(code, type, count, direction);
        else writeSparseRow(code, type, count, stride[1], direction);
      },
    );
}

/** For each tap, the rows of places inside the input. */
function writeRows(code: FunctionBuilder, convolution: Convolution, row: RowFunction): void {
  const { type, channels, groups, input, kernel, output, stride, padding, dilation } = convolution;
  const [from, columns] = code.parameters as [Local, Local];
  const size = sizeOf(type);
  const { places } = groupSizes(convolution);
  forRange(code, 0, channels / groups, 1, (channel) => {
    for (let i = 0; i < kernel[0]; i++) {
      const [firstRow, endRow] = placesInside(convolution, 0, i);
      for (let j = 0; j < kernel[1]; j++) {
        const [firstColumn, endColumn] = placesInside(convolution, 1, j);
        if (endColumn <= firstColumn) continue;
        forRange(code, firstRow, endRow, 1, (place) => {
          code.call(
            row(endColumn - firstColumn),
            () => {
              pushAddress(code, from, [
                [channel, input[0] * input[1] * size],
                [place, stride[0] * input[1] * size],
                [i * dilation[0] - padding[0], input[1] * size],
                [firstColumn * stride[1] + j * dilation[1] - padding[1], size],
              ]);
            },
            () => {
              pushAddress(code, columns, [
                [channel, kernel[0] * kernel[1] * places * size],
                [i * kernel[1] + j, places * size],
                [place, output[1] * size],
                [firstColumn, size],
              ]);
            },
          );
        });
      }
    }
  });
}

/** Rows without gaps: whole vectors, then single elements. */
function writeDenseRow(
  code: FunctionBuilder,
  type: Convolution["type"],
  count: number,
  direction: Direction,
): void {
  const [input, columns] = code.parameters as [Local, Local];
  const size = sizeOf(type);
  const lanes = 16 / size;
  const whole = count - (count % lanes);
  const one = (offset: number, load: "v128.load" | "f32.load" | "f64.load"): void => {
    const store = load === "v128.load" ? "v128.store" : load === "f32.load" ? "f32.store" : "f64.store";
    const add = load === "v128.load" ? (`${widthOf(type)}.add` as const) : (`${type}.add` as const);
    if (direction === "unfold") {
      code.push(columns);
      code.access(load, offset, input);
    } else {
      code.push(input);
      code.access(load, offset, input);
      code.access(load, offset, columns);
      code.op(add);
    }
    code.access(store, offset);
  };
  if (whole <= 8 * lanes) for (let at = 0; at < whole; at += lanes) one(at * size, "v128.load");
  else {
    forRange(code, 0, whole * size, 16, () => {
      one(0, "v128.load");
      step(code, input, 16);
      step(code, columns, 16);
    });
  }
  const start = whole <= 8 * lanes ? whole * size : 0;
  for (let at = 0; at < count - whole; at++) one(start + at * size, `${type}.load`);
}

function writeSparseRow(
  code: FunctionBuilder,
  type: Convolution["type"],
  count: number,
  stride: number,
  direction: Direction,
): void {
  const [input, columns] = code.parameters as [Local, Local];
  const size = sizeOf(type);
  forRange(code, 0, count, 1, () => {
    if (direction === "unfold") {
      code.push(columns);
      code.access(`${type}.load`, 0, input);
    } else {
      code.push(input);
      code.access(`${type}.load`, 0, input);
      code.access(`${type}.load`, 0, columns);
      code.op(`${type}.add`);
    }
    code.access(`${type}.store`, 0);
    step(code, input, stride * size);
    step(code, columns, size);
  });
}

function step(code: FunctionBuilder, pointer: Local, bytes: number): void {
  code.set(pointer, () => {
    code.op("i32.add", pointer, i32(code, bytes));
  });
}

function i32(code: FunctionBuilder, value: number): () => void {
  return () => {
    code.i32(value);
  };
}
