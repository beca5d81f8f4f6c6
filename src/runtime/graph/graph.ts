/**
 * Records operators as a typed SSA graph: nodes only ever added, in topological order. Knows nothing of text, of
 * derivatives or of how values are computed.
 */
import {
  concreteShape,
  dim,
  type Dim,
  type DType,
  type FloatDType,
  type Shape,
  type Tensor,
} from "../tensor";
import {
  isRejected,
  operator,
  promotedTypes,
  resolveAttributes,
  type AttributeValue,
  type Builder,
  type OpDefinition,
  type OperandType,
  type Rejected,
} from "../ops";
import { ConstantPool } from "./constant-pool";
import { GraphBuilder, type Operands } from "./graph-builder";
import type { ApplyNode, Application, Node, Section, SourceNode } from "./node";

export class Graph {
  /** The type that whole numbers become where a float is needed and no operand is one. */
  readonly float: FloatDType;
  /** What builders know to be constant; not for sources whose value may be replaced. */
  readonly constants: ConstantPool;
  readonly shared = new Map<string, Node>();
  readonly #nodes: Node[] = [];
  readonly #applications: Application[] = [];
  readonly #sections: Section[] = [];

  constructor(options: { readonly float?: FloatDType } = {}) {
    this.float = options.float ?? "float64";
    this.constants = new ConstantPool((value) => this.source(value));
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** Applications of ops and nets, inner ones before those around them. */
  get applications(): readonly Application[] {
    return this.#applications;
  }

  /** What was recorded as one step, inner sections before those around them. */
  get sections(): readonly Section[] {
    return this.#sections;
  }

  source(value: Tensor, origin?: unknown): SourceNode {
    const { shape, dtype } = value;
    const node: SourceNode = {
      kind: "source",
      id: this.#nodes.length,
      inputs: [],
      shape,
      dtype,
      value,
      origin,
    };
    this.#nodes.push(node);
    return node;
  }

  /** Applies an operator: completes its attributes, promotes its operands (recording casts) and runs its shape rule. */
  apply(
    op: OpDefinition,
    operands: Operands,
    attributes: Readonly<Record<string, AttributeValue>>,
    origin?: unknown,
  ): Node | Rejected {
    const resolved = resolveAttributes(op, attributes);
    if (isRejected(resolved)) return resolved;
    for (const name in operands) if (!(name in op.inputs)) throw new Error(`${op.name} has no input ${name}`);
    const dtypes = promotedTypes(op, mapOperands(op, operands, dtypeOf), this.float);
    if (isRejected(dtypes)) return dtypes;
    const result = op.shape({
      inputs: mapOperands(op, operands, (node, name, item): OperandType => ({
        shape: dimsOf(node.shape),
        dtype: typeAt(dtypes[name], item),
      })),
      attributes: resolved.values,
      sizes: resolved.sizes,
    });
    if (isRejected(result)) return result;
    const shape = concreteShape(result.shape);
    if (shape === undefined) throw new Error(`${op.name}: the shape of a node is symbolic`);
    const promoted = mapOperands(op, operands, (node, name, item) =>
      this.#inType(node, typeAt(dtypes[name], item), origin),
    );
    const inputs: Node[] = [];
    for (const name in promoted) {
      const operand = promoted[name];
      if (operand === undefined) continue;
      if ("kind" in operand) inputs.push(operand);
      else inputs.push(...operand);
    }
    const node: ApplyNode = {
      kind: "apply",
      id: this.#nodes.length,
      op,
      operands: promoted,
      inputs,
      attributes: resolved.values,
      shape,
      dtype: result.dtype,
      origin,
    };
    this.#nodes.push(node);
    return node;
  }

  /** A builder whose nodes carry `origin`, and whose constants become `float` among themselves. */
  builder(origin?: unknown, float: FloatDType = this.float): Builder<Node> {
    return new GraphBuilder(this, origin, float);
  }

  addApplication(application: Application): void {
    this.#applications.push(application);
  }

  /** Records all that is recorded meanwhile as the making of what is given, under one name. */
  section<T extends Node | string | undefined>(name: string, record: () => T): T {
    const first = this.#nodes.length;
    const result = record();
    if (typeof result === "object" && result.id >= first)
      this.#sections.push({ name, first, end: this.#nodes.length, result });
    return result;
  }

  #inType(node: Node, dtype: DType, origin: unknown): Node {
    if (node.dtype === dtype) return node;
    const constant = this.constants.valueOf(node);
    if (constant !== undefined && node.shape.length === 0) return this.constants.scalar(constant, dtype);
    const made = this.apply(operator("cast"), { x: node }, { dtype }, origin);
    if (isRejected(made)) throw new Error(`cast to ${dtype} was refused`);
    return made;
  }
}

function mapOperands<T>(
  op: OpDefinition,
  operands: Operands,
  map: (node: Node, name: string, item: number) => T,
): Record<string, T | readonly T[] | undefined> {
  const mapped: Record<string, T | readonly T[] | undefined> = {};
  for (const name in op.inputs) {
    const operand = operands[name];
    if (operand === undefined) {
      if (op.inputs[name]!.arity !== "optional") throw new Error(`${op.name}: operand ${name} is missing`);
      mapped[name] = undefined;
    } else if ("kind" in operand) mapped[name] = map(operand, name, 0);
    else mapped[name] = operand.map((node, item) => map(node, name, item));
  }
  return mapped;
}

function dtypeOf(node: Node): DType {
  return node.dtype;
}

function typeAt(types: DType | readonly DType[] | undefined, item: number): DType {
  const found = typeof types === "object" ? types[item] : types;
  if (found === undefined) throw new Error("an operand without type");
  return found;
}

const known: Dim[] = Array.from({ length: 4097 }, (_, size) => dim(size));

function dimsOf(shape: Shape): Dim[] {
  return shape.map((size) => known[size] ?? dim(size));
}
