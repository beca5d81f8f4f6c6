/**
 * Straight-line code on vectors as a graph: instructions of WebAssembly whose operands are other instructions. Equal ones are one
 * node, so that what is used twice is computed once. Knows nothing of mathematics.
 */
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, PlainInstruction } from "../emit";

/** One vector. */
export interface LaneNode {
  readonly id: number;
  readonly operands: readonly LaneNode[];
  readonly content: LaneContent;
}

type LaneContent =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "constant"; readonly bytes: Uint8Array; readonly key: string }
  | { readonly kind: "plain"; readonly instruction: PlainInstruction }
  | { readonly kind: "shift"; readonly instruction: PlainInstruction; readonly count: number }
  | { readonly kind: "shuffle"; readonly bytes: readonly number[] }
  | { readonly kind: "replaced"; readonly replacement: LaneReplacement; readonly result: number };

/**
 * Lanes of 64 bits whose first operand, a mask, is set get other values, from a function of the last operand's lane; the operands
 * between are the values elsewhere, and there are as many results.
 */
export interface LaneReplacement {
  readonly name: string;
  /** A function f64 → one f64 for each result. */
  callee(module: ModuleBuilder): FunctionRef;
}

export class LaneGraph {
  readonly #nodes = new Map<string, LaneNode>();

  input(index: number): LaneNode {
    return this.#node(`input ${index}`, { kind: "input", index }, []);
  }

  constant(bytes: Uint8Array): LaneNode {
    const key = bytes.join(" ");
    return this.#node(`constant ${key}`, { kind: "constant", bytes, key }, []);
  }

  plain(instruction: PlainInstruction, ...operands: readonly LaneNode[]): LaneNode {
    return this.#node(instruction, { kind: "plain", instruction }, operands);
  }

  shift(instruction: PlainInstruction, count: number, x: LaneNode): LaneNode {
    return this.#node(`${instruction} ${count}`, { kind: "shift", instruction, count }, [x]);
  }

  shuffle(bytes: readonly number[], x: LaneNode, y: LaneNode): LaneNode {
    return this.#node(`shuffle ${bytes.join(" ")}`, { kind: "shuffle", bytes }, [x, y]);
  }

  /** `mask` and `x` are vectors of two lanes, as `elsewhere` are. */
  replace(
    replacement: LaneReplacement,
    mask: LaneNode,
    elsewhere: readonly LaneNode[],
    x: LaneNode,
  ): LaneNode[] {
    return elsewhere.map((_, result) =>
      this.#node(`${replacement.name} ${result}`, { kind: "replaced", replacement, result }, [
        mask,
        ...elsewhere,
        x,
      ]),
    );
  }

  #node(name: string, content: LaneContent, operands: readonly LaneNode[]): LaneNode {
    const key = `${name}: ${operands.map(({ id }) => id).join(" ")}`;
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = { id: this.#nodes.size, operands, content };
      this.#nodes.set(key, node);
    }
    return node;
  }
}

/** Locals that hold constants, by their bytes. */
export type ConstantLocals = ReadonlyMap<string, Local>;

/** Has the constants that the results need loaded at the function's beginning. */
export function loadConstants(code: FunctionBuilder, results: readonly LaneNode[]): ConstantLocals {
  const locals = new Map<string, Local>();
  for (const { content } of reachable(results)) {
    if (content.kind !== "constant") continue;
    const { bytes, key } = content;
    locals.set(key, code.constantVector(bytes, key));
  }
  return locals;
}

/** Writes code that leaves the results on the stack, the last on top. */
export function writeLanes(
  code: FunctionBuilder,
  module: ModuleBuilder,
  results: readonly LaneNode[],
  inputs: readonly Local[],
  constants: ConstantLocals = new Map(),
): void {
  const writer = new LaneWriter(code, module, results, inputs, constants);
  for (const result of results) writer.push(result);
  writer.releaseAll();
}

class LaneWriter {
  readonly #code: FunctionBuilder;
  readonly #module: ModuleBuilder;
  readonly #inputs: readonly Local[];
  readonly #constants: ConstantLocals;
  /** How often each node is still to be pushed. */
  readonly #uses: Map<LaneNode, number>;
  readonly #locals = new Map<LaneNode, Local>();
  readonly #replaced = new Map<string, readonly Local[]>();
  readonly #own: Local[] = [];

  constructor(
    code: FunctionBuilder,
    module: ModuleBuilder,
    results: readonly LaneNode[],
    inputs: readonly Local[],
    constants: ConstantLocals,
  ) {
    this.#code = code;
    this.#module = module;
    this.#inputs = inputs;
    this.#constants = constants;
    this.#uses = new Map(usesOf(results));
  }

  push(node: LaneNode): void {
    const local = this.#locals.get(node);
    if (local !== undefined) {
      this.#code.get(local);
      const left = this.#uses.get(node)! - 1;
      this.#uses.set(node, left);
      if (left === 0) {
        this.#code.release(local);
        this.#locals.delete(node);
      }
      return;
    }
    const isComputed = this.#write(node);
    const left = this.#uses.get(node)! - 1;
    this.#uses.set(node, left);
    if (!isComputed || left === 0) return;
    const kept = this.#code.local("v128");
    this.#code.tee(kept);
    this.#locals.set(node, kept);
  }

  releaseAll(): void {
    this.#code.release(...this.#own);
  }

  /** Pushes a node for the first time; false where that is as good again. */
  #write({ content, operands }: LaneNode): boolean {
    switch (content.kind) {
      case "input":
        this.#code.get(this.#inputs[content.index]!);
        return false;
      case "constant": {
        const local = this.#constants.get(content.key);
        if (local === undefined) this.#code.v128(content.bytes);
        else this.#code.get(local);
        return false;
      }
      case "plain":
        for (const operand of operands) this.push(operand);
        this.#code.op(content.instruction);
        return true;
      case "shift":
        for (const operand of operands) this.push(operand);
        this.#code.i32(content.count);
        this.#code.op(content.instruction);
        return true;
      case "shuffle":
        for (const operand of operands) this.push(operand);
        this.#code.shuffle(content.bytes);
        return true;
      case "replaced":
        this.#code.get(this.#replacedLocals(content.replacement, operands)[content.result]!);
        return false;
    }
  }

  /** The results of a replacement, which are made together at the first one's use. */
  #replacedLocals(replacement: LaneReplacement, operands: readonly LaneNode[]): readonly Local[] {
    const key = `${replacement.name}: ${operands.map(({ id }) => id).join(" ")}`;
    const known = this.#replaced.get(key);
    if (known !== undefined) return known;
    const code = this.#code;
    const locals = operands.map((operand) =>
      code.define("v128", () => {
        this.push(operand);
      }),
    );
    this.#own.push(...locals);
    const [mask, ...rest] = locals;
    const x = rest.pop();
    code.op("v128.any_true", mask!);
    code.if(() => {
      const callee = replacement.callee(this.#module);
      for (const lane of [0, 1]) {
        code.lane("i64x2.extract_lane", lane, mask!);
        code.i64(0n);
        code.op("i64.ne");
        code.if(() => {
          this.#replaceLane(callee, lane, x!, rest);
        });
      }
    });
    this.#replaced.set(key, rest);
    return rest;
  }

  #replaceLane(callee: FunctionRef, lane: number, x: Local, results: readonly Local[]): void {
    const code = this.#code;
    code.lane("f64x2.extract_lane", lane, x);
    code.call(callee);
    const value = code.local("f64");
    for (const result of [...results].reverse()) {
      code.set(value);
      code.lane("f64x2.replace_lane", lane, result, value);
      code.set(result);
    }
    code.release(value);
  }
}

/** By result, where there is one alone: functions are written again and again. */
const knownNodes = new WeakMap<LaneNode, ReadonlySet<LaneNode>>();
const knownUses = new WeakMap<LaneNode, ReadonlyMap<LaneNode, number>>();

/** The nodes that results are made of, each once. */
export function reachable(results: readonly LaneNode[]): ReadonlySet<LaneNode> {
  return remembered(knownNodes, results, () => {
    const found = new Set<LaneNode>(results);
    for (const node of found) for (const operand of node.operands) found.add(operand);
    return found;
  });
}

/** How often each node is an operand or a result. */
function usesOf(results: readonly LaneNode[]): ReadonlyMap<LaneNode, number> {
  return remembered(knownUses, results, () => {
    const uses = new Map<LaneNode, number>();
    const count = (node: LaneNode): void => {
      uses.set(node, (uses.get(node) ?? 0) + 1);
    };
    results.forEach(count);
    for (const { operands } of reachable(results)) operands.forEach(count);
    return uses;
  });
}

function remembered<T>(
  known: WeakMap<LaneNode, T>,
  [first, ...others]: readonly LaneNode[],
  make: () => T,
): T {
  const single = others.length === 0 ? first : undefined;
  const found = single === undefined ? undefined : known.get(single);
  if (found !== undefined) return found;
  const made = make();
  if (single !== undefined) known.set(single, made);
  return made;
}
