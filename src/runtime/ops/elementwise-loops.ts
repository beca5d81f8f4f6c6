/**
 * One loop over a block of elements for each intrinsic. The cheap ones have loops of their own, so that the engine
 * inlines them; the others share one that calls the intrinsic. Knows nothing of tensors.
 */
import type { TensorData } from "../tensor";
import { intrinsics, type Intrinsic } from "./intrinsics";

/** A place to read or write: consecutive elements from `offset`. */
export interface Lane {
  data: TensorData;
  offset: number;
}

export type Loop = (into: Lane, x: Lane, y: Lane, z: Lane, count: number) => void;

const cheap: Partial<Readonly<Record<Intrinsic, Loop>>> = {
  add({ data: into, offset: at }, { data: x, offset: xAt }, { data: y, offset: yAt }, _z, count) {
    for (let i = 0; i < count; i++) into[at + i] = x[xAt + i]! + y[yAt + i]!;
  },
  sub({ data: into, offset: at }, { data: x, offset: xAt }, { data: y, offset: yAt }, _z, count) {
    for (let i = 0; i < count; i++) into[at + i] = x[xAt + i]! - y[yAt + i]!;
  },
  mul({ data: into, offset: at }, { data: x, offset: xAt }, { data: y, offset: yAt }, _z, count) {
    for (let i = 0; i < count; i++) into[at + i] = x[xAt + i]! * y[yAt + i]!;
  },
  div({ data: into, offset: at }, { data: x, offset: xAt }, { data: y, offset: yAt }, _z, count) {
    for (let i = 0; i < count; i++) into[at + i] = x[xAt + i]! / y[yAt + i]!;
  },
  neg({ data: into, offset: at }, { data: x, offset: xAt }, _y, _z, count) {
    for (let i = 0; i < count; i++) into[at + i] = -x[xAt + i]!;
  },
  square({ data: into, offset: at }, { data: x, offset: xAt }, _y, _z, count) {
    for (let i = 0; i < count; i++) into[at + i] = x[xAt + i]! * x[xAt + i]!;
  },
  less({ data: into, offset: at }, { data: x, offset: xAt }, { data: y, offset: yAt }, _z, count) {
    for (let i = 0; i < count; i++) into[at + i] = x[xAt + i]! < y[yAt + i]! ? 1 : 0;
  },
  greater({ data: into, offset: at }, { data: x, offset: xAt }, { data: y, offset: yAt }, _z, count) {
    for (let i = 0; i < count; i++) into[at + i] = x[xAt + i]! > y[yAt + i]! ? 1 : 0;
  },
  where({ data: into, offset: at }, { data: when, offset: whenAt }, { data: x, offset: xAt }, y, count) {
    const { data: otherwise, offset: otherwiseAt } = y;
    for (let i = 0; i < count; i++) {
      into[at + i] = when[whenAt + i]! !== 0 ? x[xAt + i]! : otherwise[otherwiseAt + i]!;
    }
  },
};

/** The loop of an intrinsic with so many operands. */
export function loopOf(name: Intrinsic, arity: number): Loop {
  const own = cheap[name];
  if (own !== undefined) return own;
  const f = intrinsics[name];
  if (arity === 1) {
    return ({ data: into, offset: at }, { data: x, offset: xAt }, _y, _z, count) => {
      for (let i = 0; i < count; i++) into[at + i] = f(x[xAt + i]!, 0, 0);
    };
  }
  return ({ data: into, offset: at }, { data: x, offset: xAt }, { data: y, offset: yAt }, _z, count) => {
    for (let i = 0; i < count; i++) into[at + i] = f(x[xAt + i]!, y[yAt + i]!, 0);
  };
}
