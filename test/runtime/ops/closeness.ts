// Owns how tensors are compared in tests: relative to each expected element, and to a share of the largest one, below
// which a difference is rounding error of a sum; NaN agrees with NaN alone and an infinity with itself.
import assert from "node:assert/strict";
import type { Tensor } from "../../../src/runtime/tensor";

export interface Tolerance {
  readonly relative: number;
  /** Differences below this share of the largest finite element do not count. */
  readonly ofLargest: number;
  /** Differences below this do not count either. */
  readonly absolute?: number;
}

export function assertClose(
  actual: Tensor,
  expected: Tensor,
  { relative, ofLargest, absolute = 0 }: Tolerance,
  what: string,
): void {
  assert.deepEqual(actual.shape, expected.shape, `${what}: shape`);
  let largest = 0;
  for (const value of expected.data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  for (const [index, found] of actual.data.entries()) {
    const wanted = expected.data[index]!;
    const allowed = Math.max(relative * Math.abs(wanted), ofLargest * largest, absolute);
    const agrees = Object.is(found, wanted) || found === wanted || Math.abs(found - wanted) <= allowed;
    assert.ok(agrees, `${what}: element ${index} is ${found}, expected ${wanted}`);
  }
}
