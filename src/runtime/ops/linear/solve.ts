/** Systems of linear equations. Knows nothing of graphs or text. */
import { broadcastTo, compareSizes, elementCount, type Dim } from "../../tensor";
import { broadcastDims } from "../broadcast-dims";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float } from "../parameters";
import { isRejected, reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { checkSquare, factorize, isSingular, singularFault, solveInto } from "./square-matrices";

export const solve = defineOp({
  name: "solve",
  inputs: { a: float(), b: float() },
  attributes: {},
  doc:
    "The solution of `a @ x = b` for square `a` (or a batch of them); `b` is a matrix, or a vector where it has one dimension " +
    "or is a batch [..., n] as `a` is [..., n, n].",
  formula: "x = a⁻¹ b",
  derivative: "b̄ = aᵀ⁻¹ x̄, ā = −b̄ xᵀ",

  shape({ inputs: { a, b } }) {
    const refused = checkSquare("a", a);
    if (refused !== undefined) return refused;
    if (b.shape.length === 0) {
      return reject({ kind: "rank", input: "b", found: 0, needs: "a vector or a matrix" });
    }
    const isVector = takesVectors(a.shape, b.shape);
    const axis = b.shape.length - (isVector ? 1 : 2);
    const left = { input: "a", axis: a.shape.length - 1, dim: a.shape.at(-1)! };
    const right = { input: "b", axis, dim: b.shape[axis]! };
    if (compareSizes(left.dim.size, right.dim.size) === "different") {
      const rule = "`solve` needs one equation for each unknown";
      return reject({ kind: "unequal-dimensions", rule, left, right });
    }
    const batch = broadcastDims([
      { input: "a", shape: a.shape.slice(0, -2) },
      { input: "b", shape: b.shape.slice(0, axis) },
    ]);
    if (isRejected(batch)) return batch;
    return { shape: [...batch, ...b.shape.slice(axis)], dtype: a.dtype };
  },

  forward({ inputs: { a, b }, output }) {
    const size = a.shape.at(-1)!;
    const isVector = takesVectors(
      a.shape.map((length) => ({ size: length, origin: undefined })),
      b.shape.map((length) => ({ size: length, origin: undefined })),
    );
    const x = doublesOf(broadcastTo(b, output.shape)).slice();
    const width = isVector ? 1 : output.shape.at(-1)!;
    const batch = output.shape.slice(0, isVector ? -1 : -2);
    const matrices = doublesOf(broadcastTo(a, [...batch, size, size]));
    const count = elementCount(batch);
    for (let i = 0; i < count; i++) {
      const factors = factorize(matrices, i * size * size, size);
      if (isSingular(factors)) return singularFault("a", i, batch);
      solveInto(factors, x, i * size * width, width);
    }
    return roundedTo(output, x);
  },

  // a x = b  ⇒  a ẋ = ḃ − ȧ x;  b̄ = a⁻ᵀ x̄, ā = −b̄ xᵀ
  vjp: {
    a({ build, inputs: { a, b }, output, cotangent }) {
      const right = adjoint(build, a, b, output, cotangent);
      const x = asColumns(build, output, a, b);
      return build.sumTo(build.neg(build.matmul(right, build.transpose(x))), a.shape);
    },
    b({ build, inputs: { a, b }, output, cotangent }) {
      const right = adjoint(build, a, b, output, cotangent);
      return build.sumTo(build.reshape(right, output.shape), b.shape);
    },
  },
  jvp: {
    a({ build, inputs: { a, b }, output, tangent }) {
      const moved = build.neg(build.matmul(tangent, asColumns(build, output, a, b)));
      return build.reshape(build.apply("solve", [a, moved]), output.shape);
    },
    b({ build, inputs: { a, b }, output, tangent }) {
      const stretched = build.expand(tangent, output.shape);
      return build.reshape(build.apply("solve", [a, asColumns(build, stretched, a, b)]), output.shape);
    },
  },

  samples: [
    { inputs: { a: { shape: [3, 3] }, b: { shape: [3, 2] } } },
    { inputs: { a: { shape: [3, 3] }, b: { shape: [3] } } },
    { inputs: { a: { shape: [2, 3, 3] }, b: { shape: [2, 3] } } },
    { inputs: { a: { shape: [2, 1, 2, 2] }, b: { shape: [3, 2, 1] } } },
  ],
  refused: [
    { inputs: { a: { shape: [2, 3] }, b: { shape: [2] } } },
    { inputs: { a: { shape: [3, 3] }, b: { shape: [2] } } },
    { inputs: { a: { shape: [3, 3] }, b: { shape: [2, 3] } } },
  ],
});

/** Whether `b` holds vectors: it is one, or has a's shape without the last dimension. */
function takesVectors(a: readonly Dim[], b: readonly Dim[]): boolean {
  if (b.length === 1) return true;
  return (
    b.length === a.length - 1 && b.every(({ size }, axis) => compareSizes(size, a[axis]!.size) === "equal")
  );
}

/** A result-shaped value as (a batch of) matrices of columns. */
function asColumns(build: Builder, value: Ref, a: Ref, b: Ref): Ref {
  const dims = ({ shape }: Ref) => shape.map((size) => ({ size, origin: undefined }));
  return takesVectors(dims(a), dims(b)) ? build.unsqueeze(value, -1) : value;
}

/** a⁻ᵀ x̄, as columns. */
function adjoint(build: Builder, a: Ref, b: Ref, output: Ref, cotangent: Ref): Ref {
  const columns = asColumns(build, build.expand(cotangent, output.shape), a, b);
  return build.apply("solve", [build.transpose(a), columns]);
}
