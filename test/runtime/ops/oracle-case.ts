// Owns how PyTorch's cases (test/oracle/oracle_ops.json, and more in the same format) are read: the operator they are
// about under its name in the registry, and its operands and attributes as that operator takes them.
import { readFileSync } from "node:fs";
import type { AttributeValue } from "../../../src/runtime/ops";
import { fromArray, type Tensor } from "../../../src/runtime/tensor";

interface StoredTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: readonly (number | "NaN" | "Infinity" | "-Infinity" | boolean)[];
}

export interface StoredCase {
  readonly name: string;
  readonly op: string;
  readonly attrs: Readonly<Record<string, AttributeValue>>;
  readonly inputs: Readonly<Record<string, StoredTensor>>;
  readonly output: StoredTensor;
  readonly cotangent: StoredTensor | null;
  readonly vjp: Readonly<Record<string, StoredTensor>>;
  readonly tangents: Readonly<Record<string, StoredTensor>>;
  readonly jvp: StoredTensor | null;
  readonly jvp_reliable: boolean;
  readonly raises?: boolean;
}

/** A case in the registry's terms. */
export interface OracleCase {
  readonly op: string;
  /** By the registry's input names; a list input holds the stored names of its items. */
  readonly operands: Readonly<Record<string, string | readonly string[]>>;
  /** By stored name. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** The project's oracle, and random cases of other shapes, each made by the script beside it. */
export const caseFiles = ["oracle_ops.json", "ops_nn.json", "ops_nn_random.json", "ops_reduce_shape.json"];

export function storedCases(file: string): readonly StoredCase[] {
  const text = readFileSync(`test/oracle/${file}`, "utf8");
  return (JSON.parse(text) as { cases: readonly StoredCase[] }).cases;
}

const dtypes: Readonly<Record<string, Tensor["dtype"]>> = { float64: "float64", int64: "int", bool: "bool" };

export function tensorOf({ shape, dtype, data }: StoredTensor): Tensor {
  return fromArray(dtypes[dtype] ?? "float64", shape, data.map(Number));
}

const otherNames: Readonly<Record<string, string>> = {
  bce: "binary_cross_entropy",
  bce_with_logits: "binary_cross_entropy_with_logits",
  sdpa: "scaled_dot_product_attention",
  batch_norm_train: "batch_norm",
  dropout_mask: "dropout",
  pow_scalar: "pow",
  rpow_scalar: "pow",
};

/** Operators on a list of tensors, and what the list is called. */
const lists: Readonly<Record<string, string>> = { cat: "tensors", stack: "tensors", einsum: "operands" };

/** The case as the registry's operator takes it (test/oracle/README of the project's oracle lists the differences). */
export function oracleCase(stored: StoredCase): OracleCase {
  const tensors = new Map(Object.entries(stored.inputs).map(([name, tensor]) => [name, tensorOf(tensor)]));
  const op = otherNames[stored.op] ?? stored.op;
  const named = Object.fromEntries([...tensors.keys()].map((name) => [name, name]));
  const { exponent, base, ...attributes } = stored.attrs;
  if (stored.op === "pow_scalar") {
    tensors.set("exponent", fromArray("float64", [], [Number(exponent)]));
    return { op, tensors, attributes, operands: { x: "x", y: "exponent" } };
  }
  if (stored.op === "rpow_scalar") {
    tensors.set("base", fromArray("float64", [], [Number(base)]));
    return { op, tensors, attributes, operands: { x: "base", y: "x" } };
  }
  if (stored.op === "dropout_mask")
    return { op, tensors, attributes, operands: { x: "x", mask: "mask_const" } };
  if (stored.op === "take_at") {
    const [x, ...indices] = tensors.keys();
    return { op, tensors, attributes, operands: { x: x!, indices } };
  }
  const list = lists[stored.op];
  if (list !== undefined) return { op, tensors, attributes, operands: { [list]: [...tensors.keys()] } };
  return { op, tensors, attributes: stored.attrs, operands: named };
}
