/** What `tril` and `triu` share: matrices with one side of a diagonal set to 0. */
import { allocate, type Tensor } from "../../tensor";
import type { OperandType } from "../parameters";
import { reject, type Rejected } from "../rejection";

/** The operand as it is, or refused where it is no matrix or batch of them. */
export function matrices(x: OperandType): OperandType | Rejected {
  return x.shape.length >= 2
    ? x
    : reject({ kind: "rank", input: "x", found: x.shape.length, needs: "at least 2 dimensions" });
}

/** Keeps the elements of each matrix for which `keeps` says so of column − row. */
export function masked(x: Tensor, keeps: (offset: number) => boolean): Tensor {
  const columns = x.shape.at(-1) ?? 1;
  const rows = x.shape.at(-2) ?? 1;
  const data = allocate(x.dtype, x.data.length);
  for (let i = 0; i < data.length; i++) {
    const column = i % columns;
    const row = Math.floor(i / columns) % rows;
    if (keeps(column - row)) data[i] = x.data[i] ?? 0;
  }
  return { dtype: x.dtype, shape: x.shape, data };
}
