/** Reading in steps: one that lacks bytes can wait for them and be taken again. Knows no format. */
import { type DataResult } from "./data-problems";

/** Yields where bytes were lacking; is told whether they are there now. Without, it ends in its problem. */
export type Steps<T> = Generator<undefined, T, boolean>;

/** Reads, and again whenever the missing bytes have come. */
export function* untilRead<T>(read: () => DataResult<T>): Steps<DataResult<T>> {
  for (;;) {
    const result = read();
    if (result.ok) return result;
    const more = yield undefined;
    if (!more) return result;
  }
}

/** All steps at once, for files whose bytes are at hand: what cannot be read now never can. */
export function runNow<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next(false);
    if (step.done === true) return step.value;
  }
}
