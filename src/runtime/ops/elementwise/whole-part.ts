/** The conversion of floats to whole numbers that `int(x)` and casts share. */
import type { ElementwiseBuilder } from "../builder";

/** x truncated toward 0; what is no such number (NaN, beyond 64 bits) gives -2⁶³, as in PyTorch and on x86. */
export function wholePart<T>(build: ElementwiseBuilder<T>, x: T): T {
  const whole = build.where(build.less(x, build.constant(0)), build.ceil(x), build.floor(x));
  // Adding 0 turns -0, which no whole number is, into 0.
  const clean = build.add(whole, build.constant(0));
  return build.where(build.less(build.abs(x), build.constant(2 ** 63)), clean, build.constant(-(2 ** 63)));
}
