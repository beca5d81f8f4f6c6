/**
 * The reference evaluator: computes nodes by their operators' own kernels, each once, and remembers them. Knows nothing of
 * compiled modules. It owns its memory of values; the tensors in it are shared and not written to.
 */
import { cast, elementCount, isFloat, type DType, type FloatDType, type Tensor } from "../tensor";
import { isFault, type Fault } from "../ops";
import type { ApplyNode, Node } from "../graph";

/** What is wrong with the operands of `node`. */
export interface EvaluationFault {
  readonly fault: Fault["fault"];
  readonly node: Node;
}

export interface EvaluatorOptions {
  /** Evaluate every float node in this dtype; sources are cast. */
  readonly float?: FloatDType;
  /** Values that replace nodes. */
  readonly values?: ReadonlyMap<Node, Tensor>;
  /** The number of bytes that one tensor, and all together, may take. */
  readonly memoryLimit?: number;
  /** The bytes of values made elsewhere, which count against the limit. */
  readonly taken?: () => number;
  /** Called before each node; throws to abandon the evaluation. */
  readonly poll?: () => void;
}

type Result = Tensor | EvaluationFault;

export class Evaluator {
  readonly #float: FloatDType | undefined;
  readonly #memoryLimit: number;
  readonly #taken: (() => number) | undefined;
  readonly #poll: (() => void) | undefined;
  readonly #results = new Map<Node, Result>();
  readonly #given = new Set<Node>();
  /** Computed elsewhere: what they depend on is perhaps not known here. */
  readonly #known = new Set<Node>();
  /** What was computed, operands before what uses them. */
  #computed: ApplyNode[] = [];
  #bytes = 0;

  constructor(options: EvaluatorOptions = {}) {
    this.#float = options.float;
    this.#memoryLimit = options.memoryLimit ?? Infinity;
    this.#taken = options.taken;
    this.#poll = options.poll;
    for (const [node, value] of options.values ?? []) this.#give(node, value);
  }

  /** What the computed values take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The value of `node`, or the fault of the first node in its way. */
  evaluate(node: Node): Tensor | EvaluationFault {
    const known = this.#results.get(node);
    if (known !== undefined) return known;
    const stack: Node[] = [node];
    for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
      if (this.#results.has(next)) {
        stack.pop();
        continue;
      }
      const depth = stack.length;
      for (const input of next.inputs) if (!this.#results.has(input)) stack.push(input);
      if (stack.length > depth) continue;
      stack.pop();
      this.#poll?.();
      this.#results.set(next, this.#compute(next));
      if (next.kind === "apply") this.#computed.push(next);
    }
    return this.#results.get(node)!;
  }

  /** Whether `evaluate` would have to compute the node. */
  has(node: Node): boolean {
    return this.#results.has(node);
  }

  /** Takes over values that were computed elsewhere, for nodes that are not known yet. */
  know(values: ReadonlyMap<Node, Tensor>): void {
    for (const [node, value] of values) {
      if (node.kind === "source" || this.#results.has(node)) continue;
      this.#results.set(node, value);
      this.#computed.push(node);
      this.#known.add(node);
      this.#bytes += value.data.byteLength;
    }
  }

  /** Sets values in place of nodes and forgets what depends on them. */
  replace(values: ReadonlyMap<Node, Tensor>): void {
    // Nothing has been computed from what has no value yet.
    if (this.#known.size === 0 && ![...values.keys()].some((node) => this.#results.has(node))) {
      for (const [node, value] of values) this.#give(node, value);
      return;
    }
    const changed = new Set<Node>([...values.keys(), ...this.#known]);
    for (const node of this.#known) this.#forget(node);
    this.#known.clear();
    this.#computed = this.#computed.filter((node) => {
      if (!changed.has(node) && !node.inputs.some((input) => changed.has(input))) return true;
      if (this.#given.has(node) && !values.has(node)) return true;
      changed.add(node);
      this.#forget(node);
      return false;
    });
    for (const [node, value] of values) {
      this.#forget(node);
      this.#give(node, value);
    }
  }

  #give(node: Node, value: Tensor): void {
    this.#given.add(node);
    this.#results.set(node, cast(value, this.#typeOf(node.dtype)));
  }

  #forget(node: Node): void {
    const result = this.#results.get(node);
    if (result !== undefined && !isFault(result) && node.kind === "apply" && !this.#given.has(node))
      this.#bytes -= result.data.byteLength;
    this.#results.delete(node);
  }

  #typeOf(dtype: DType): DType {
    return this.#float !== undefined && isFloat(dtype) ? this.#float : dtype;
  }

  #compute(node: Node): Result {
    if (node.kind === "source") return cast(node.value, this.#typeOf(node.dtype));
    for (const input of node.inputs) {
      const result = this.#results.get(input)!;
      if (isFault(result)) return result;
    }
    const bytes = elementCount(node.shape) * 8;
    if (this.#bytes + (this.#taken?.() ?? 0) + bytes > this.#memoryLimit)
      return tooLarge(node, bytes, this.#memoryLimit);
    const inputs: Record<string, Tensor | readonly Tensor[] | undefined> = {};
    for (const name in node.operands) {
      const operand = node.operands[name];
      if (operand === undefined) inputs[name] = undefined;
      else if ("kind" in operand) inputs[name] = this.#valueOf(operand);
      else inputs[name] = operand.map((item) => this.#valueOf(item));
    }
    const output = { shape: node.shape, dtype: this.#typeOf(node.dtype) };
    const result = node.op.forward({ inputs, attributes: node.attributes, output });
    if (isFault(result)) return { fault: result.fault, node };
    this.#bytes += result.data.byteLength;
    return result;
  }

  /** Only after faults have been looked for. */
  #valueOf(node: Node): Tensor {
    return this.#results.get(node) as Tensor;
  }
}

function tooLarge(node: Node, bytes: number, limit: number): EvaluationFault {
  const message = `a tensor of shape [${node.shape.join(", ")}] takes ${size(bytes)}, and ${size(limit)} are allowed in all`;
  return { fault: { kind: "memory", input: "", index: undefined, message }, node };
}

function size(bytes: number): string {
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
