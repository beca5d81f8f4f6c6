/**
 * What the poolings over one or two spatial dimensions share: shape rule, and the view of their operand as
 * planes of height and width. Knows nothing of any one operator.
 */
import { elementCount, type Shape } from "../../tensor";
import type { OperandType } from "../parameters";
import { isRejected, reject, type Rejected } from "../rejection";
import type { Pair } from "./convolution-kernel";
import { checkIntegers, perDimension, poolingSize } from "./window-geometry";

export interface PoolingAttributes {
  readonly kernel_size: readonly number[];
  /** The kernel's size where it is not given. */
  readonly stride: readonly number[] | undefined;
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
  readonly ceil_mode: boolean;
}

/** How windows lie on planes of height and width; with one spatial dimension the height is 1. */
export interface Windows {
  readonly planes: number;
  readonly input: Pair;
  readonly output: Pair;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** [N, C, …] or [C, …] with the number of windows in each spatial dimension. */
export function poolingShape(
  x: OperandType,
  attributes: PoolingAttributes,
  rank: number,
): OperandType | Rejected {
  const { kernel_size, padding, dilation = [1] } = attributes;
  const stride = attributes.stride ?? kernel_size;
  const refused =
    checkIntegers({ kernel_size, stride, dilation }, rank, 1) ?? checkIntegers({ padding }, rank, 0);
  if (refused !== undefined) return refused;
  if (x.shape.length !== rank + 1 && x.shape.length !== rank + 2) {
    const needs = rank === 1 ? "[N, C, L] or [C, L]" : "[N, C, H, W] or [C, H, W]";
    return reject({ kind: "rank", input: "x", found: x.shape.length, needs });
  }
  const spatial = [];
  for (let i = 0; i < rank; i++) {
    const axis = x.shape.length - rank + i;
    const [kernel, step, pad, spread] = [kernel_size, stride, padding, dilation].map(
      (values) => perDimension(values, rank)[i]!,
    ) as [number, number, number, number];
    if (pad > kernel / 2) {
      const message = `padding must be at most half of kernel_size = ${String(kernel)}, not ${String(pad)}`;
      return reject({ kind: "attribute", attribute: "padding", message });
    }
    const at = { input: "x", axis, dim: x.shape[axis]! };
    const window = { kernel, stride: step, padding: pad, dilation: spread };
    const size = poolingSize(at, window, attributes.ceil_mode ? "ceil" : "floor");
    if (isRejected(size)) return size;
    spatial.push(size);
  }
  return { shape: [...x.shape.slice(0, -rank), ...spatial], dtype: x.dtype };
}

export function windowsOf(x: Shape, output: Shape, attributes: PoolingAttributes, rank: number): Windows {
  const pair = (values: readonly number[], neutral: number): Pair => {
    const all = perDimension(values, rank);
    return rank === 1 ? [neutral, all[0]!] : [all[0]!, all[1]!];
  };
  const spatial = (shape: Shape): Pair => pair(shape.slice(shape.length - rank), 1);
  return {
    planes: elementCount(x.slice(0, x.length - rank)),
    input: spatial(x),
    output: spatial(output),
    kernel: pair(attributes.kernel_size, 1),
    stride: pair(attributes.stride ?? attributes.kernel_size, 1),
    padding: pair(attributes.padding, 0),
    dilation: pair(attributes.dilation ?? [1], 1),
  };
}
