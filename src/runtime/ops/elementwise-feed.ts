/** How an operand's elements reach a block of the broadcast result. Knows nothing of expressions. */
import { allocate, stridesOf, type DType, type Shape, type Tensor, type TensorData } from "../tensor";
import type { Lane } from "./elementwise-loops";

/** A lane that, advanced to elements start … start+count-1 of the result, holds the operand's share of them. */
export interface Feed {
  readonly lane: Lane;
  advance(start: number, count: number): void;
}

/** Reads in place where the operand is as large as the result; otherwise fills a block of its own. */
export function feedOf(operand: Tensor, shape: Shape, working: DType, blockSize: number): Feed {
  const { data } = operand;
  if (isWhole(operand.shape, shape)) {
    const lane = { data, offset: 0 };
    return {
      lane,
      advance(start) {
        lane.offset = start;
      },
    };
  }
  const block = allocate(working, blockSize);
  const lane = { data: block, offset: 0 };
  if (data.length === 1) {
    block.fill(data[0]!);
    return { lane, advance: () => undefined };
  }
  const runs = innerRuns(operand.shape, shape);
  return {
    lane,
    advance: (start, count) => {
      gather(block, data, runs, start, count);
    },
  };
}

function isWhole(operand: Shape, result: Shape): boolean {
  const missing = result.length - operand.length;
  return result.every((size, axis) => (axis < missing ? size === 1 : operand[axis - missing] === size));
}

/** The operand as a strided view of the result's shape: the innermost dimension apart. */
interface Runs {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly innerSize: number;
  readonly innerStride: number;
}

function innerRuns(operand: Shape, result: Shape): Runs {
  const missing = result.length - operand.length;
  const own = stridesOf(operand);
  const strides = result.map((_, axis) =>
    axis < missing || operand[axis - missing] === 1 ? 0 : own[axis - missing]!,
  );
  return {
    shape: result.slice(0, -1),
    strides: strides.slice(0, -1),
    innerSize: result.at(-1)!,
    innerStride: strides.at(-1)!,
  };
}

function gather(block: TensorData, data: TensorData, runs: Runs, start: number, count: number): void {
  const { innerSize, innerStride } = runs;
  let filled = 0;
  while (filled < count) {
    const position = start + filled;
    const row = Math.floor(position / innerSize);
    const column = position - row * innerSize;
    const length = Math.min(innerSize - column, count - filled);
    const from = rowOffset(runs, row) + column * innerStride;
    for (let i = 0; i < length; i++) block[filled + i] = data[from + i * innerStride]!;
    filled += length;
  }
}

function rowOffset({ shape, strides }: Runs, row: number): number {
  let rest = row;
  let offset = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    offset += (rest % size) * strides[axis]!;
    rest = Math.floor(rest / size);
  }
  return offset;
}
