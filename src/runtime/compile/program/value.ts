/**
 * A graph as the compiler sees it: values without names or origins, numbered in topological order, so that graphs alike
 * have equal programs. Knows nothing of memory or instructions.
 */
import type { AttributeValue, OpDefinition, ScalarExpression } from "../../ops";
import type { DType, Shape } from "../../tensor";
import type { Kernel, KernelNode } from "../kernel-contract";
import type { Access } from "./access";

export type FoldOperation = "sum" | "mean" | "prod" | "max" | "min" | "all" | "any";

interface ValueBase {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The `slot`-th source of the graph. */
export interface SourceValue extends ValueBase {
  readonly kind: "source";
  readonly slot: number;
}

/** One number, known to every graph of this structure. */
export interface ConstantValue extends ValueBase {
  readonly kind: "constant";
  readonly value: number;
}

/** An expression of operands that all have the value's shape. */
export interface ElementwiseValue extends ValueBase {
  readonly kind: "elementwise";
  readonly expression: ScalarExpression;
  /** In the order of the expression's variables. */
  readonly operands: readonly Access[];
  /** The type in which it is computed. */
  readonly working: "float32" | "float64";
}

/** The elements of one operand taken together along some axes; the others stay in order. */
export interface FoldValue extends ValueBase {
  readonly kind: "fold";
  readonly operation: FoldOperation;
  readonly operand: Access;
  /** For each axis of the operand, whether it is folded. */
  readonly folded: readonly boolean[];
}

/** An operand of a kernel or a reference operator: contiguous. */
export type NamedOperands = Readonly<Record<string, Access | readonly Access[] | undefined>>;

/** An operator with a kernel of its own. */
export interface KernelValue extends ValueBase {
  readonly kind: "kernel";
  readonly kernel: Kernel;
  readonly node: KernelNode;
  readonly operands: NamedOperands;
}

/** An operator without: its reference computes it. */
export interface ReferenceValue extends ValueBase {
  readonly kind: "reference";
  readonly op: OpDefinition;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly operands: NamedOperands;
}

export type Value = SourceValue | ConstantValue | ElementwiseValue | FoldValue | KernelValue | ReferenceValue;

/** All operands, flat, in declaration order. */
export function operandsOf(value: Value): readonly Access[] {
  switch (value.kind) {
    case "source":
    case "constant":
      return [];
    case "elementwise":
      return value.operands;
    case "fold":
      return [value.operand];
    case "kernel":
    case "reference":
      return Object.values(value.operands).flatMap((operand) => {
        if (operand === undefined) return [];
        return isList(operand) ? operand : [operand];
      });
  }
}

export function isList<T extends object>(operand: T | readonly T[]): operand is readonly T[] {
  return Array.isArray(operand);
}
