/**
 * The constants that derivative rules write: recorded once per value and type, and known to be constant, so that builders
 * can leave out products with 1 and sums with 0. Sources of the user are never among them.
 */
import { scalar, type DType, type Tensor } from "../tensor";
import type { Node } from "./node";

const pooled = new WeakSet<Node>();

/** Whether a rule wrote the node as a constant; it may be shared by many places, so it never deserves a name. */
export function isPooledConstant(node: Node): boolean {
  return pooled.has(node);
}

export class ConstantPool {
  readonly #source: (value: Tensor) => Node;
  readonly #scalars = new Map<string, Node>();
  /** Nodes all of whose elements are this number. */
  readonly #uniform = new Map<Node, number>();
  /** Constants without a type of their own: they take that of what they meet. */
  readonly #weak = new Map<string, Node>();
  readonly #weakNodes = new Set<Node>();

  constructor(source: (value: Tensor) => Node) {
    this.#source = source;
  }

  /** The constant in a dtype that stays. */
  scalar(value: number, dtype: DType): Node {
    return this.#recorded(this.#scalars, value, dtype);
  }

  /** The constant as a rule writes it: `dtype` is only what it is where nothing else decides. */
  weak(value: number, dtype: DType): Node {
    const node = this.#recorded(this.#weak, value, dtype);
    this.#weakNodes.add(node);
    return node;
  }

  isWeak(node: Node): boolean {
    return this.#weakNodes.has(node);
  }

  /** Notes that every element of `node` is `value`, rounded to its type. */
  note(node: Node, value: number): void {
    pooled.add(node);
    this.#uniform.set(node, node.dtype === "float32" ? Math.fround(value) : value);
  }

  /** The number that all elements are, where it is known. */
  valueOf(node: Node): number | undefined {
    return this.#uniform.get(node);
  }

  #recorded(pool: Map<string, Node>, value: number, dtype: DType): Node {
    const key = `${dtype} ${Object.is(value, -0) ? "-0" : String(value)}`;
    const found = pool.get(key);
    if (found !== undefined) return found;
    const node = this.#source(scalar(value, dtype));
    pool.set(key, node);
    this.note(node, value);
    return node;
  }
}
