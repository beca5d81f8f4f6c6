/**
 * Arithmetic on the lanes of one vector type, recorded as a lane graph: what the functions of this folder are written in.
 * `multiplyAdd` rounds once where the target does and twice elsewhere; nothing may depend on which. Knows no functions.
 */
import type { PlainInstruction } from "../emit";
import type { LaneGraph, LaneNode } from "./lane-graph";

export type LaneType = "f32x4" | "f64x2";

/** What the functions depend on of their lanes' binary format. */
export interface LaneFormat {
  readonly type: LaneType;
  readonly mantissaBits: number;
  readonly exponentBias: number;
  /** 1.5 · 2^mantissaBits: added, it rounds to a whole number, which then stands in the lowest bits. */
  readonly roundingShift: number;
  readonly smallestNormal: number;
}

const formats: Readonly<Record<LaneType, LaneFormat>> = {
  f32x4: {
    type: "f32x4",
    mantissaBits: 23,
    exponentBias: 127,
    roundingShift: 1.5 * 2 ** 23,
    smallestNormal: 2 ** -126,
  },
  f64x2: {
    type: "f64x2",
    mantissaBits: 52,
    exponentBias: 1023,
    roundingShift: 1.5 * 2 ** 52,
    smallestNormal: 2 ** -1022,
  },
};

type FloatInstruction =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "sqrt"
  | "abs"
  | "neg"
  | "pmin"
  | "pmax"
  | "trunc"
  | "eq"
  | "ne"
  | "lt"
  | "gt"
  | "le"
  | "ge";

export class Lanes {
  readonly graph: LaneGraph;
  readonly format: LaneFormat;
  readonly #fma: boolean;

  constructor(graph: LaneGraph, type: LaneType, fma: boolean) {
    this.graph = graph;
    this.format = formats[type];
    this.#fma = fma;
  }

  /** Whether `multiplyAdd` rounds once. */
  get fma(): boolean {
    return this.#fma;
  }

  /** The same number in every lane, rounded to the lanes' format. */
  constant(value: number): LaneNode {
    const data =
      this.format.type === "f32x4"
        ? Float32Array.of(value, value, value, value)
        : Float64Array.of(value, value);
    return this.graph.constant(new Uint8Array(data.buffer));
  }

  /** The same bits in every lane. */
  bits(value: bigint): LaneNode {
    const low = Number(BigInt.asIntN(32, value));
    const data =
      this.format.type === "f32x4" ? Int32Array.of(low, low, low, low) : BigInt64Array.of(value, value);
    return this.graph.constant(new Uint8Array(data.buffer));
  }

  op(name: FloatInstruction, ...operands: readonly LaneNode[]): LaneNode {
    return this.graph.plain(`${this.format.type}.${name}` as PlainInstruction, ...operands); // every one exists for both types
  }

  add(x: LaneNode, y: LaneNode): LaneNode {
    return this.op("add", x, y);
  }

  sub(x: LaneNode, y: LaneNode): LaneNode {
    return this.op("sub", x, y);
  }

  mul(x: LaneNode, y: LaneNode): LaneNode {
    return this.op("mul", x, y);
  }

  div(x: LaneNode, y: LaneNode): LaneNode {
    return this.op("div", x, y);
  }

  abs(x: LaneNode): LaneNode {
    return this.op("abs", x);
  }

  /** x·y + z */
  multiplyAdd(x: LaneNode, y: LaneNode, z: LaneNode): LaneNode {
    return this.#fma
      ? this.graph.plain(`${this.format.type}.relaxed_madd`, x, y, z)
      : this.add(this.mul(x, y), z);
  }

  /** z − x·y */
  multiplySubtract(x: LaneNode, y: LaneNode, z: LaneNode): LaneNode {
    return this.#fma
      ? this.graph.plain(`${this.format.type}.relaxed_nmadd`, x, y, z)
      : this.sub(z, this.mul(x, y));
  }

  /** c₀ + c₁x + c₂x² + …, by Horner's rule. */
  polynomial(x: LaneNode, coefficients: readonly (number | LaneNode)[]): LaneNode {
    const nodes = coefficients.map((c) => (typeof c === "number" ? this.constant(c) : c));
    return nodes.reduceRight((sum, coefficient) => this.multiplyAdd(sum, x, coefficient));
  }

  /** `x` no more than `bound`; NaN stays. */
  atMost(x: LaneNode, bound: number): LaneNode {
    return this.op("pmin", x, this.constant(bound));
  }

  /** `x` no less than `bound`; NaN stays. */
  atLeast(x: LaneNode, bound: number): LaneNode {
    return this.op("pmax", x, this.constant(bound));
  }

  /** `x` where the mask is set, `y` elsewhere. */
  select(mask: LaneNode, x: LaneNode, y: LaneNode): LaneNode {
    return this.graph.plain("v128.bitselect", x, y, mask);
  }

  and(x: LaneNode, y: LaneNode): LaneNode {
    return this.graph.plain("v128.and", x, y);
  }

  or(x: LaneNode, y: LaneNode): LaneNode {
    return this.graph.plain("v128.or", x, y);
  }

  /** x where y's bits are not set. */
  andNot(x: LaneNode, y: LaneNode): LaneNode {
    return this.graph.plain("v128.andnot", x, y);
  }

  xor(x: LaneNode, y: LaneNode): LaneNode {
    return this.graph.plain("v128.xor", x, y);
  }

  /** The sign bit alone. */
  signOf(x: LaneNode): LaneNode {
    return this.and(x, this.constant(-0));
  }

  /** Addition of the lanes' bits as whole numbers. */
  addBits(x: LaneNode, y: LaneNode): LaneNode {
    return this.graph.plain(this.format.type === "f32x4" ? "i32x4.add" : "i64x2.add", x, y);
  }

  subBits(x: LaneNode, y: LaneNode): LaneNode {
    return this.graph.plain(this.format.type === "f32x4" ? "i32x4.sub" : "i64x2.sub", x, y);
  }

  shiftLeft(x: LaneNode, count: number): LaneNode {
    return this.graph.shift(this.format.type === "f32x4" ? "i32x4.shl" : "i64x2.shl", count, x);
  }

  shiftRight(x: LaneNode, count: number): LaneNode {
    return this.graph.shift(this.format.type === "f32x4" ? "i32x4.shr_u" : "i64x2.shr_u", count, x);
  }

  /** All bits set in the lanes whose lowest bit is. */
  maskOfLowestBit(x: LaneNode): LaneNode {
    return this.subBits(this.bits(0n), this.and(x, this.bits(1n)));
  }

  /** Picks a number by the lanes' format. */
  pick<T>(single: T, double: T): T {
    return this.format.type === "f32x4" ? single : double;
  }
}
