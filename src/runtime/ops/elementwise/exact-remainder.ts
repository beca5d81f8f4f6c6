/** The kernels of `fmod` and `remainder`, exact where a scalar expression would round: quotients do not fit into floats. */
import { allocate, broadcastStrides, elementCount, forEachRun, type Tensor } from "../../tensor";
import type { OpDefinition } from "../define-op";

/**
 * The operator with its kernel replaced by `f`, an exact function of two numbers. It has no scalar expression any more, so
 * compilers leave it to the interpreter. Whole numbers have no remainder by 0: that is a fault.
 */
export function withExactKernel(defined: OpDefinition, f: (x: number, y: number) => number): OpDefinition {
  const { elementwise: _inexact, ...rest } = defined;
  return {
    ...rest,
    forward({ inputs, output }) {
      // Elementwise inputs are single tensors.
      const x = inputs.x as Tensor;
      const y = inputs.y as Tensor;
      const zero = output.dtype === "int" ? y.data.indexOf(0) : -1;
      if (zero >= 0) {
        const message = "whole numbers cannot be divided by 0";
        return { fault: { kind: "value", input: "y", index: indexOf(zero, y.shape), message } };
      }
      const data = allocate(output.dtype, elementCount(output.shape));
      const strides = [broadcastStrides(x.shape, output.shape), broadcastStrides(y.shape, output.shape)];
      forEachRun(output.shape, strides, (start, length, [xAt = 0, yAt = 0], [xStep = 0, yStep = 0]) => {
        for (let i = 0; i < length; i++)
          data[start + i] = f(x.data[xAt + i * xStep]!, y.data[yAt + i * yStep]!);
      });
      return { dtype: output.dtype, shape: output.shape, data };
    },
  };
}

/** The index of the `position`-th element in row-major order. */
export function indexOf(position: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = position;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}
