/** `trace`: the sum of a matrix's main diagonal. */
import { defineOp } from "../define-op";
import { numeric } from "../parameters";
import { reject } from "../rejection";
import { diagonalView } from "./diagonal-view";
import { copyView } from "./strided-copy";
import { allocate } from "../../tensor";

const main = { offset: 0, dim1: 0, dim2: 1 };

export const trace = defineOp({
  name: "trace",
  inputs: { x: numeric() },
  attributes: {},
  doc: "The sum of the main diagonal of a matrix.",
  formula: "y = Σᵢ x[i, i]",
  derivative: "x̄ = ȳ on the diagonal, 0 elsewhere",
  shape({ inputs: { x } }) {
    if (x.shape.length !== 2)
      return reject({ kind: "rank", input: "x", found: x.shape.length, needs: "a matrix" });
    return { shape: [], dtype: x.dtype };
  },
  forward({ inputs: { x }, output }) {
    const data = allocate(output.dtype, 1);
    let total = 0;
    for (const value of copyView(x, diagonalView(x.shape, main)).data) total += value;
    data[0] = total;
    return { dtype: output.dtype, shape: [], data };
  },
  vjp: {
    // x̄ = ȳ I
    x: ({ build, inputs: { x }, cotangent }) => {
      const [rows = 0, columns = 0] = x.shape;
      const onDiagonal = build.expand(cotangent, [Math.min(rows, columns)]);
      return build.apply("diagonal_scatter", [build.zerosLike(x), onDiagonal], main);
    },
  },
  // ẏ = trace ẋ
  jvp: { x: ({ build, tangent }) => build.apply("trace", [tangent]) },
  samples: [
    { inputs: { x: { shape: [3, 3] } } },
    { inputs: { x: { shape: [2, 4] } } },
    { inputs: { x: { shape: [0, 3] } } },
    { inputs: { x: { shape: [3, 3], like: "labels", below: 5 } } },
  ],
  refused: [{ inputs: { x: { shape: [3] } } }, { inputs: { x: { shape: [2, 3, 3] } } }],
});
