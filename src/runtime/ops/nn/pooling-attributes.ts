/** The attributes that poolings have. Knows nothing of what they mean. */
import { flag, integers, maybe, required } from "../parameters";

export const poolingAttributes = {
  kernel_size: required(integers([])),
  stride: maybe(integers([])),
  padding: integers([0]),
};

export const ceilMode = flag(false);
