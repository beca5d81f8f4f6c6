/** Finding one element's number among the slices at hand. No DOM. */
import type { SliceReply, SliceRequest } from "../../../protocol";
import type { Cell } from "./viewport";

export interface PlacedSlice {
  readonly request: SliceRequest;
  readonly reply: SliceReply;
}

/** The number at a cell, if one of the slices holds exactly that element. The last slice that does decides. */
export function numberAt(slices: readonly PlacedSlice[], cell: Cell): number | undefined {
  for (let i = slices.length - 1; i >= 0; i--) {
    const { request, reply } = slices[i]!;
    // A block's extreme does not say where in the block it stands.
    if (request.pooled === true && reply.rowStep * reply.columnStep > 1) continue;
    const row = sampleAt(cell.row, request.rows, reply.rowStep);
    const column = sampleAt(cell.column, request.columns, reply.columnStep);
    if (row !== null && column !== null && row < reply.rows && column < reply.columns)
      return reply.data[row * reply.columns + column];
  }
  return undefined;
}

function sampleAt(
  index: number,
  window: { readonly from: number; readonly to: number },
  step: number,
): number | null {
  const past = index - window.from;
  return past >= 0 && index < window.to && past % step === 0 ? past / step : null;
}
