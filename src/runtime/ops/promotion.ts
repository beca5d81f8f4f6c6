/** Which element types an operator's operands are cast to before it sees them. Knows nothing of graphs. */
import { isFloat, promote, type DType, type FloatDType } from "../tensor";
import type { OpDefinition } from "./define-op";
import type { Input } from "./parameters";
import { reject, type Rejected } from "./rejection";

type OfOperands<T> = Readonly<Record<string, T | readonly T[] | undefined>>;

/**
 * The type of each operand after promotion. Operands that take part in one another's arithmetic get one type, as in
 * PyTorch; where that must be a float and none is, it is `float`. Labels, indices and masks keep theirs or are refused.
 */
export function promotedTypes(
  op: OpDefinition,
  found: OfOperands<DType>,
  float: FloatDType,
): OfOperands<DType> | Rejected {
  const common = commonType(op, found, float);
  const promoted: Record<string, DType | readonly DType[] | undefined> = {};
  for (const name in op.inputs) {
    const given = found[name];
    if (given === undefined) continue;
    const input = op.inputs[name]!;
    for (const dtype of typeof given === "string" ? [given] : given) {
      const needs = refusal(input, dtype);
      if (needs !== undefined) return reject({ kind: "dtype", input: name, found: dtype, needs });
    }
    const target = (dtype: DType): DType => (takesPart(op, input) ? (common ?? dtype) : dtype);
    promoted[name] = typeof given === "string" ? target(given) : given.map(target);
  }
  return promoted;
}

/** Masks, labels and what is kept as it is (such as targets that may be classes or probabilities) stay out of promotion. */
function takesPart(op: OpDefinition, { accepts, differentiable, standsApart }: Input): boolean {
  if (standsApart === true) return false;
  switch (accepts) {
    case "float":
    case "numeric":
      return true;
    case "any":
      return differentiable || op.elementwise !== undefined;
    case "int":
    case "bool":
      return false;
  }
}

function commonType(op: OpDefinition, found: OfOperands<DType>, float: FloatDType): DType | undefined {
  let common: DType | undefined;
  let needed: "float" | "numeric" | "any" = "any";
  for (const name in op.inputs) {
    const given = found[name];
    const input = op.inputs[name]!;
    if (given === undefined || !takesPart(op, input)) continue;
    if (input.accepts === "float" || (input.accepts === "numeric" && needed === "any"))
      needed = input.accepts;
    for (const dtype of typeof given === "string" ? [given] : given) {
      common = common === undefined ? dtype : promote(common, dtype);
    }
  }
  if (common === undefined || needed === "any") return common;
  if (needed === "numeric") return common === "bool" ? "int" : common;
  return isFloat(common) ? common : float;
}

function refusal({ accepts }: Input, dtype: DType): string | undefined {
  if (accepts === "int" && dtype !== "int") return "whole numbers";
  if (accepts === "bool" && dtype !== "bool") return "truth values";
  return undefined;
}
