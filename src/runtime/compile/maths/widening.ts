/** Four numbers of single precision as two vectors of double precision, and back. Knows nothing of functions. */
import type { LaneGraph, LaneNode } from "./lane-graph";

export function lowHalf(graph: LaneGraph, x: LaneNode): LaneNode {
  return graph.plain("f64x2.promote_low_f32x4", x);
}

export function highHalf(graph: LaneGraph, x: LaneNode): LaneNode {
  const high = graph.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15], x, x);
  return graph.plain("f64x2.promote_low_f32x4", high);
}

/** Both halves, rounded. */
export function fromHalves(graph: LaneGraph, low: LaneNode, high: LaneNode): LaneNode {
  return graph.shuffle(
    [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
    graph.plain("f32x4.demote_f64x2_zero", low),
    graph.plain("f32x4.demote_f64x2_zero", high),
  );
}
