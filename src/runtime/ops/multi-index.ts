/** Where an element is in its tensor, as faults say it. Knows nothing of operators. */
import type { Shape } from "../tensor";

/** The multi-index of the element at a row-major position. */
export function indexOf(position: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}
