/**
 * The input elements under each tap of a kernel at each place as a matrix [taps, places], and its adjoint: what stands there added
 * onto the input's elements. Padding is 0. Knows nothing of operators.
 */
import { forRange, type FunctionBuilder, type FunctionRef, type Local, type ModuleBuilder } from "../../emit";
import { sizeOf } from "../product/product";
import { pushAddress } from "../product/write-product";
import { rowFunction } from "../row-function";
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

const does = { unfold: "copy", fold: "add" } as const;

function rowsFunction(
  module: ModuleBuilder,
  convolution: Convolution,
  direction: Direction,
  before: (code: FunctionBuilder, columns: Local) => void,
): FunctionRef {
  const own = { ...convolution, batch: 0, filters: 0 };
  return module.shared(
    `${direction} ${JSON.stringify(own)}`,
    { parameters: ["i32", "i32"], results: [] },
    (code) => {
      before(code, code.parameters[1]!);
      writeRows(module, code, convolution, direction);
    },
  );
}

/** For each tap, the rows of places inside the input. */
function writeRows(
  module: ModuleBuilder,
  code: FunctionBuilder,
  convolution: Convolution,
  direction: Direction,
): void {
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
            rowFunction(module, {
              type,
              count: endColumn - firstColumn,
              step: stride[1],
              does: does[direction],
            }),
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

function i32(code: FunctionBuilder, value: number): () => void {
  return () => {
    code.i32(value);
  };
}
