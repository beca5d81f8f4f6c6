/** The kink at 0 of functions that are smooth elsewhere. */
import { fromArray, type Tensor } from "../../tensor";

/** 1 where a value is not 0, and 0 where it is: on the kink. */
export function zeroBranch(value: Tensor): Tensor {
  const onPiece = Array.from(value.data, (element) => Number(element !== 0));
  return fromArray("int", [onPiece.length], onPiece);
}
