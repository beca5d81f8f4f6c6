/**
 * Which loops are done by the kernel whose result they read first: while its elements are still at hand. Knows nothing of
 * memory.
 */
import { isFloat } from "../../tensor";
import type { LaneOperation } from "../loops/lane-program";
import type { Access } from "../program/access";
import type { KernelValue, Value } from "../program/value";
import type { FusedLoop } from "./fused-loop";
import { isAligned, squeezed, type Usage } from "./usage";

/** Where an input of an epilogue is read: `row` and `column` elements further for each row and column of the result. */
export interface EpilogueInput {
  readonly row: number;
  readonly column: 0 | 1;
}

export interface EpilogueSpec {
  readonly type: "f32" | "f64";
  /** The number of columns. */
  readonly columns: number;
  /** The load of the kernel's own result is input 0. */
  readonly inputs: readonly EpilogueInput[];
  readonly operations: readonly LaneOperation[];
  /** What the result becomes. */
  readonly result: number;
  /** What is stored as well, row by row as the result is. */
  readonly others: readonly number[];
}

export interface FusedKernel {
  readonly value: KernelValue;
  readonly epilogue: EpilogueSpec;
  /** The kernel's operands. */
  readonly operands: readonly Access[];
  /** What the epilogue reads besides. */
  readonly extras: readonly Access[];
  /** What the kernel's result becomes, then what is stored as well. */
  readonly results: readonly number[];
}

/** The kernel with the loop behind it; undefined where the loop does not fit there. */
export function fusedKernel(
  values: readonly Value[],
  usage: Usage,
  kernel: number,
  loop: FusedLoop,
  operands: readonly Access[],
): FusedKernel | undefined {
  const value = values[kernel] as KernelValue; // asked for kernels only
  const { takesEpilogue } = value.kernel;
  const takes = typeof takesEpilogue === "function" ? takesEpilogue(value.node) : takesEpilogue === true;
  if (!takes || !isFloat(value.dtype) || usage.isWanted[kernel]!) return undefined;
  const { spec, inputs, results } = loop;
  const type = value.dtype === "float32" ? "f32" : "f64";
  const columns = value.shape.at(-1) ?? 1;
  const own = inputs.findIndex((access) => access.value === kernel);
  if (own < 0 || spec.folds.length > 0 || columns === 1 || spec.stores.length === 0) return undefined;
  if (inputs.some((access, k) => k !== own && access.value === kernel)) return undefined;
  if (!isAligned(inputs[own]!, value) || squeezed(value.shape).join() !== spec.shape.join()) return undefined;
  const isOfType = ({ dtype }: { readonly dtype: string }): boolean => dtype === value.dtype;
  if (!spec.inputs.every(isOfType) || !spec.stores.every(isOfType)) return undefined;
  if (!spec.operations.every((operation) => operation.type === type || operation.type === "mask"))
    return undefined;
  // What is stored as well is stored in whole vectors.
  if (spec.stores.length > 1 && columns % (type === "f32" ? 4 : 2) !== 0) return undefined;
  const placed = spec.inputs.map(({ strides }) => placeOf(spec.shape, strides));
  if (placed.includes(undefined)) return undefined;
  const order = [own, ...spec.inputs.flatMap((_, k) => (k === own ? [] : [k]))];
  return {
    value,
    operands,
    extras: order.slice(1).map((k) => inputs[k]!),
    results,
    epilogue: {
      type,
      columns,
      inputs: order.map((k) => placed[k]!),
      operations: spec.operations.map((operation) =>
        operation.kind === "load" ? { ...operation, input: order.indexOf(operation.input) } : operation,
      ),
      result: spec.stores[0]!.operation,
      others: spec.stores.slice(1).map(({ operation }) => operation),
    },
  };
}

/** The strides over rows and columns, where all dimensions but the last walk as one. */
function placeOf(shape: readonly number[], strides: readonly number[]): EpilogueInput | undefined {
  const column = strides.at(-1) ?? 0;
  if (column !== 0 && column !== 1) return undefined;
  let row = 0;
  let expected = 1;
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    if (axis === shape.length - 2) row = strides[axis]!;
    if (strides[axis] !== row * expected) return undefined;
    expected *= shape[axis]!;
  }
  return { row, column };
}
