/** Checks indices against the dimension that they index, and counts them from its start. Knows no operator. */
import { stridesOf, type Tensor } from "../../tensor";
import type { Builder, Ref } from "../builder";
import type { Fault } from "../rejection";

/** The first element of `index` outside `lowest` … `size - 1`, as a fault of the input `input`. */
export function refuseIndices(
  input: string,
  index: Tensor,
  size: number,
  { lowest }: { readonly lowest: number },
): Fault | undefined {
  const at = index.data.findIndex((value: number) => !(value >= lowest && value < size));
  if (at < 0) return undefined;
  const place = stridesOf(index.shape).map(
    (stride, axis) => Math.floor(at / stride) % (index.shape[axis] ?? 1),
  );
  const value = String(index.data[at]);
  const message =
    size > 0
      ? `index ${value} is not one of ${String(lowest)} … ${String(size - 1)}`
      : `index ${value} points into nothing`;
  return { fault: { kind: "index-out-of-range", input, index: place, message } };
}

/** Positions counted from the end as positions counted from the start. */
export function fromStart(build: Builder, index: Ref, size: number): Ref {
  const zero = build.full(0, index);
  return build.where(build.less(index, zero), build.add(index, build.full(size, index)), index);
}
