/** A group of values as one loop: which places it reads and writes, and what each turn computes. Knows nothing of memory. */
import { LaneProgramBuilder, type LaneType } from "../loops/lane-program";
import type { LoopInput, LoopSpec } from "../loops/loop-spec";
import { accessKey, type Access } from "../program/access";
import type { ElementwiseValue, FoldValue, Value } from "../program/value";
import { loopShape } from "./usage";

export interface FusedLoop {
  readonly spec: LoopSpec;
  /** What the inputs read. */
  readonly inputs: readonly Access[];
  /** The values of the stores, then those of the folds. */
  readonly results: readonly number[];
}

/** `isStored` says which members others read. */
export function fusedLoop(
  values: readonly Value[],
  members: readonly number[],
  isStored: (value: number) => boolean,
): FusedLoop {
  const builder = new LaneProgramBuilder();
  const inputs: Access[] = [];
  const loopInputs: LoopInput[] = [];
  const slots = new Map<string, number>();
  const made = new Map<number, number>();
  const read = (access: Access): number => {
    const value = values[access.value]!;
    if (value.kind === "constant")
      return builder.constant(value.value, value.dtype === "float32" ? "f32" : "f64");
    const known = made.get(access.value);
    if (known !== undefined) return known;
    const lying = withoutOnes(access);
    const key = accessKey(lying);
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = inputs.push(access) - 1;
      slots.set(key, slot);
      loopInputs.push({ dtype: value.dtype, strides: lying.strides });
    }
    return builder.load(slot, value.dtype);
  };
  const stores: { value: number; operation: number }[] = [];
  const folds: { value: number; operation: number }[] = [];
  let folded: readonly boolean[] | undefined;
  for (const member of members) {
    const value = values[member] as ElementwiseValue | FoldValue; // groups have only these
    if (value.kind === "elementwise") {
      const working = value.working === "float32" ? "f32" : "f64";
      const result = builder.expression(value.expression, value.operands.map(read), working);
      const operation = builder.as(
        result,
        value.dtype === "bool" ? "mask" : value.dtype === "float32" ? "f32" : "f64",
      );
      made.set(member, operation);
      if (isStored(member)) stores.push({ value: member, operation });
    } else {
      const operand = read(value.operand);
      const type = foldType(value, builder.operations[operand]!.type);
      folds.push({ value: member, operation: builder.as(operand, type) });
      folded = value.folded.filter((_, axis) => value.operand.shape[axis] !== 1);
    }
  }
  const shape = loopShape(values[members[0]!]!)!.filter((size) => size !== 1);
  return {
    spec: {
      shape,
      folded: folded ?? shape.map(() => false),
      inputs: loopInputs,
      operations: builder.operations,
      stores: stores.map(({ value, operation }) => ({ dtype: values[value]!.dtype, operation })),
      folds: folds.map(({ value, operation }) => ({
        dtype: values[value]!.dtype,
        operation,
        fold: (values[value] as FoldValue).operation,
      })),
    },
    inputs,
    results: [...stores, ...folds].map(({ value }) => value),
  };
}

/** Truth values are counted as they are; their largest is looked for among numbers. */
function foldType({ operation }: FoldValue, type: LaneType): LaneType {
  if (operation === "all" || operation === "any") return "mask";
  return (operation === "max" || operation === "min") && type === "mask" ? "f32" : type;
}

function withoutOnes(access: Access): Access {
  const kept = <T>(all: readonly T[]): T[] => all.filter((_, axis) => access.shape[axis] !== 1);
  return { ...access, shape: kept(access.shape), strides: kept(access.strides) };
}
