/**
 * From graph to program: views instead of copies, equal values once, constants in line. Knows nothing of how values are
 * computed or where they are stored.
 */
import type { ApplyNode, Node, SourceNode } from "../../graph";
import { isPooledConstant } from "../../graph";
import { variable, type AttributeValue, type ScalarExpression } from "../../ops";
import { elementCount, isFloat, type DType } from "../../tensor";
import type { Target } from "../emit";
import type { KernelNode, KernelType } from "../kernel-contract";
import { checkKernel } from "../check-kernel";
import { kernelOf } from "../kernel-registry";
import { accessKey, isContiguous, reshaped, stretched, wholeOf, type Access } from "./access";
import { softmaxes } from "./softmaxes";
import { expansions, expressionKey, type Recorder } from "./expansions";
import { foldedAxes, foldOf } from "./fold-operators";
import { isList, type FoldOperation, type NamedOperands, type Value } from "./value";
import { isReshape, transposed, viewOf } from "./view-operators";

export interface Program {
  readonly values: readonly Value[];
  /** The nodes of the program's sources, by slot. */
  readonly sources: readonly SourceNode[];
  /** Where the wanted nodes are, in their order: contiguous, of values that are stored. */
  readonly outputs: readonly Access[];
  /** What each of these sources becomes after a run. */
  readonly updates: readonly { readonly slot: number; readonly access: Access }[];
  /** The slots of sources that do not change between runs. */
  readonly constants: ReadonlySet<number>;
  /** Where the number is that must not be NaN before sources are updated. */
  readonly guard: Access | undefined;
}

export interface Wanted {
  readonly outputs: readonly Node[];
  readonly updates: readonly (readonly [SourceNode, Node])[];
  /** A number: where it is NaN, nothing is updated. */
  readonly guard: Node | undefined;
  /** Sources that do not change between runs; none of them is updated. */
  readonly constants: ReadonlySet<Node>;
}

/** Every node that the wanted ones depend on, operands first; nodes of several graphs may be among them. */
export function reachable({ outputs, updates, guard }: Wanted): Node[] {
  const found = new Set<Node>();
  const stack: Node[] = [...outputs, ...updates.flat()].reverse();
  if (guard !== undefined) stack.unshift(guard);
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const before = stack.length;
    if (!found.has(node)) for (const input of node.inputs) if (!found.has(input)) stack.push(input);
    if (stack.length > before) continue;
    found.add(node);
    stack.pop();
  }
  return [...found];
}

/** A number that every graph of the same structure has in this place. */
export function isFixed(node: SourceNode): boolean {
  return node.shape.length === 0 && isPooledConstant(node);
}

/** `nodes` are all that is reachable, in order. */
export function programOf(nodes: readonly Node[], wanted: Wanted, target: Target): Program {
  const lowering = new Lowering(target);
  for (const node of nodes) lowering.add(node);
  return lowering.finish(wanted);
}

class Lowering {
  readonly #target: Target;
  readonly #values: Value[] = [];
  readonly #sources: SourceNode[] = [];
  readonly #slots = new Map<Node, number>();
  readonly #shared = new Map<string, number>();
  readonly #accesses = new Map<Node, Access>();
  readonly #recorder: Recorder = {
    elementwise: (expression, operands, type) =>
      this.#elementwise(expressionKey(expression), expression, operands, type, "of the widest operand"),
    fold: (operation, operand, folded, dtype) => {
      const shape = operand.shape.map((size, axis) => (folded[axis]! ? 1 : size));
      return this.#fold(operation, operand, folded, { shape, dtype });
    },
    product: (x, y, dtype) => this.#product(x, y, dtype),
    kernel: (op, operands, attributes, type) => this.#kernel(op, operands, attributes, type),
    check: (condition) => {
      const operand = this.#stored(condition);
      const type: KernelType = { shape: [], dtype: "bool" };
      const node: KernelNode = { op: "check", inputs: { condition: type }, attributes: {}, output: type };
      const value: Value = {
        kind: "kernel",
        ...type,
        kernel: checkKernel,
        node,
        operands: { condition: operand },
      };
      return this.#whole(`check ${accessKey(operand)}`, value);
    },
    reshape: (access, shape) => reshaped(access, shape) ?? reshaped(this.#stored(access), shape)!, // stored is contiguous
  };

  constructor(target: Target) {
    this.#target = target;
  }

  add(node: Node): void {
    this.#accesses.set(node, node.kind === "source" ? this.#source(node) : this.#applied(node));
  }

  finish({ outputs, updates, guard, constants }: Wanted): Program {
    return {
      constants: new Set(this.#sources.flatMap((node, slot) => (constants.has(node) ? [slot] : []))),
      guard: guard === undefined ? undefined : this.#stored(this.#accessOf(guard)),
      outputs: outputs.map((node) => this.#stored(this.#accessOf(node))),
      updates: updates.map(([source, node]) => ({
        slot: this.#slots.get(source)!,
        access: this.#made(this.#accessOf(node)),
      })),
      values: this.#values,
      sources: this.#sources,
    };
  }

  #accessOf(node: Node): Access {
    return this.#accesses.get(node)!;
  }

  #source(node: SourceNode): Access {
    const { shape, dtype } = node;
    if (isFixed(node)) {
      const value = node.value.data[0]!;
      const key = `constant ${dtype} ${Object.is(value, -0) ? "-0" : String(value)}`;
      return this.#whole(key, { kind: "constant", shape, dtype, value });
    }
    const slot = this.#sources.push(node) - 1;
    this.#slots.set(node, slot);
    return this.#whole(`source ${slot}`, { kind: "source", shape, dtype, slot });
  }

  #applied(node: ApplyNode): Access {
    const { op, attributes, shape, dtype } = node;
    const [first] = node.inputs;
    if (first?.dtype === dtype && node.inputs.length === 1) {
      const view = viewOf(op.name, this.#accessOf(first), attributes, shape);
      if (view !== undefined) return view;
      if (isReshape(op.name)) return reshaped(this.#stored(this.#accessOf(first)), shape)!; // stored is contiguous
    }
    if (op.elementwise !== undefined) {
      const operands = op.elementwise.variables.map((name) => this.#accessOf(node.operands[name] as Node)); // single
      const expression = op.elementwise.expression(attributes);
      return this.#elementwise(`${op.name} ${attributesKey(attributes)}`, expression, operands, {
        shape,
        dtype,
      });
    }
    const operation = foldOf(op.name);
    if (operation !== undefined && first !== undefined) {
      const operand = this.#accessOf(first);
      return this.#fold(operation, operand, foldedAxes(attributes.dim, operand.shape.length), {
        shape,
        dtype,
      });
    }
    return this.#expanded(node) ?? this.#opaque(node);
  }

  #fold(
    operation: FoldOperation,
    operand: Access,
    folded: readonly boolean[],
    { shape, dtype }: KernelType,
  ): Access {
    const key = `${operation} ${dtype} ${folded.map(Number).join("")} ${accessKey(operand)} ${shape.join(" ")}`;
    return this.#whole(key, { kind: "fold", shape, dtype, operation, operand, folded });
  }

  /** An operator that is written with others. */
  #expanded({ op, operands, attributes, shape, dtype }: ApplyNode): Access | undefined {
    const expansion =
      softmaxes[op.name] ?? (kernelOf(op.name) === undefined ? expansions[op.name] : undefined);
    if (expansion === undefined) return undefined;
    const accesses: Record<string, Access | undefined> = {};
    const list: Access[] = [];
    for (const name in operands) {
      const operand = operands[name];
      if (operand === undefined) accesses[name] = undefined;
      else if (isList(operand)) list.push(...operand.map((item) => this.#accessOf(item)));
      else accesses[name] = this.#accessOf(operand);
    }
    return expansion({ record: this.#recorder, operands: accesses, list, attributes, shape, dtype });
  }

  /** An expression of operands that are stretched to its shape. */
  #elementwise(
    name: string,
    expression: ScalarExpression,
    operands: readonly Access[],
    { shape, dtype }: KernelType,
    precision: "of the result" | "of the widest operand" = "of the result",
  ): Access {
    const whole = operands.map((operand) => this.#withoutMask(name, stretched(operand, shape), operands));
    if (expression.kind === "variable" && this.#values[whole[expression.index]!.value]!.dtype === dtype)
      return whole[expression.index]!;
    const types = whole.map(({ value }) => this.#values[value]!.dtype);
    const isWide = precision === "of the widest operand" && types.includes("float64");
    const working = isWide ? "float64" : workingType(types, dtype);
    const key = `${name} ${dtype} ${whole.map(accessKey).join(" ")} ${shape.join(" ")}`;
    return this.#whole(key, { kind: "elementwise", shape, dtype, expression, operands: whole, working });
  }

  /**
   * x ≤ 0 exactly where relu(x) ≤ 0: where the positive part of x is there as well, it is asked instead, so that x itself need not be
   * kept for a backward pass.
   */
  #withoutMask(name: string, operand: Access, operands: readonly Access[]): Access {
    if (!name.startsWith("less_equal ") || operand.value !== operands[0]?.value) return operand;
    const bound = this.#values[operands[1]?.value ?? -1];
    if (bound?.kind !== "constant" || bound.value !== 0) return operand;
    const { dtype } = this.#values[operand.value]!;
    const positive = this.#shared.get(`relu  ${dtype} ${accessKey(operand)} ${operand.shape.join(" ")}`);
    return positive === undefined ? operand : wholeOf(positive, operand.shape);
  }

  /** An operator with a kernel of its own, or one that its reference computes. */
  #opaque({ op, operands, attributes, shape, dtype }: ApplyNode): Access {
    const found: Record<string, Access | readonly Access[] | undefined> = {};
    const extra: Record<string, AttributeValue> = {};
    const kernel = kernelOf(op.name);
    for (const name in operands) {
      const operand = operands[name];
      if (operand === undefined) found[name] = undefined;
      else if (isList(operand)) found[name] = operand.map((item) => this.#stored(this.#accessOf(item)));
      else {
        const access = this.#accessOf(operand);
        const turned = kernel !== undefined && isProduct(op.name) ? untransposed(access) : undefined;
        if (turned !== undefined) extra[`transpose${name.toUpperCase()}`] = true;
        found[name] = turned ?? this.#stored(access);
      }
    }
    const node: KernelNode = {
      op: op.name,
      inputs: mapOperands(found, (access) => this.#typeOf(access)),
      attributes: { ...attributes, ...extra },
      output: { shape, dtype },
    };
    const key = `${op.name} ${attributesKey(node.attributes)} ${operandsKey(found)}`;
    if (kernel !== undefined && kernel.takes?.(node, this.#target) !== false)
      return this.#whole(key, { kind: "kernel", shape, dtype, kernel, node, operands: found });
    const plain = mapOperands(found, (access) => access);
    for (const name in extra) {
      const input = name.slice("transpose".length).toLowerCase();
      plain[input] = this.#stored(this.#accessOf(operands[input] as Node)); // only single operands are transposed
    }
    return this.#whole(`reference ${key}`, {
      kind: "reference",
      shape,
      dtype,
      op,
      attributes,
      operands: plain,
    });
  }

  #product(x: Access, y: Access, dtype: DType): Access | undefined {
    const shape = [...x.shape.slice(0, -1), y.shape.at(-1)!];
    const attributes: Record<string, AttributeValue> = {};
    const lying = (access: Access, name: string): Access => {
      const turned = untransposed(access);
      if (turned !== undefined) attributes[name] = true;
      return turned ?? this.#stored(access);
    };
    const operands = { x: lying(x, "transposeX"), y: lying(y, "transposeY") };
    return this.#kernel("matmul", operands, attributes, { shape, dtype });
  }

  #kernel(
    op: string,
    given: Readonly<Record<string, Access>>,
    attributes: Readonly<Record<string, AttributeValue>>,
    output: KernelType,
  ): Access | undefined {
    const kernel = kernelOf(op);
    const operands: Record<string, Access> = {};
    const inputs: Record<string, KernelType> = {};
    for (const name in given) {
      operands[name] = this.#stored(given[name]!);
      inputs[name] = this.#typeOf(operands[name]);
    }
    const node: KernelNode = { op, inputs, attributes, output };
    if (kernel === undefined || kernel.takes?.(node, this.#target) === false) return undefined;
    const key = `${op} ${attributesKey(attributes)} ${operandsKey(operands)}`;
    return this.#whole(key, { kind: "kernel", ...output, kernel, node, operands });
  }

  #typeOf({ value, shape }: Access): KernelType {
    return { shape, dtype: this.#values[value]!.dtype };
  }

  /** The same elements lying in memory, row by row. */
  #stored(access: Access): Access {
    const value = this.#values[access.value]!;
    if (value.kind !== "constant" && isContiguous(access)) return access;
    const { dtype } = value;
    const working = workingType([dtype], dtype);
    return this.#whole(`copy ${accessKey(access)}`, {
      kind: "elementwise",
      shape: access.shape,
      dtype,
      expression: variable(0),
      operands: [access],
      working,
    });
  }

  /** The same in a place of its own where it is a source's, which other updates may change first. */
  #made(access: Access): Access {
    const stored = this.#stored(access);
    const { kind, dtype } = this.#values[stored.value]!;
    if (kind !== "source") return stored;
    return this.#whole(`copy ${accessKey(stored)}`, {
      kind: "elementwise",
      shape: stored.shape,
      dtype,
      expression: variable(0),
      operands: [stored],
      working: workingType([dtype], dtype),
    });
  }

  #whole(key: string, value: Value): Access {
    let index = this.#shared.get(key);
    if (index === undefined) {
      index = this.#values.push(value) - 1;
      this.#shared.set(key, index);
    }
    return wholeOf(index, value.shape);
  }
}

/** Float32 where the result is, or where a truth value is made of float32 alone; else float64: as in the interpreter. */
function workingType(operands: readonly DType[], result: DType): "float32" | "float64" {
  if (isFloat(result)) return result;
  return operands.includes("float32") && !operands.includes("float64") ? "float32" : "float64";
}

function isProduct(op: string): boolean {
  return op === "matmul" || op === "bmm" || op === "mm";
}

/** The access with its last two dimensions exchanged, where that is contiguous and the access itself is not. */
function untransposed(access: Access): Access | undefined {
  const rank = access.shape.length;
  if (rank < 2 || isContiguous(access) || elementCount(access.shape) === 0) return undefined;
  const turned = transposed(access, rank - 2, rank - 1);
  return isContiguous(turned) ? turned : undefined;
}

function mapOperands<T>(
  operands: NamedOperands,
  map: (access: Access) => T,
): Record<string, T | readonly T[] | undefined> {
  const mapped: Record<string, T | readonly T[] | undefined> = {};
  for (const name in operands) {
    const operand = operands[name];
    mapped[name] = operand === undefined ? undefined : isList(operand) ? operand.map(map) : map(operand);
  }
  return mapped;
}

function operandsKey(operands: NamedOperands): string {
  return Object.values(operands)
    .map((operand) => {
      if (operand === undefined) return "_";
      return isList(operand) ? `(${operand.map(accessKey).join(" ")})` : accessKey(operand);
    })
    .join(" ");
}

export function attributesKey(attributes: Readonly<Record<string, AttributeValue>>): string {
  let key = "";
  for (const name in attributes)
    if (attributes[name] !== undefined) key += `${name}=${String(attributes[name])};`;
  return key;
}
