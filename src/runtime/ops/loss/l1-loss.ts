/** The absolute error. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float } from "../parameters";
import { pairwiseBranch, pairwiseLoss, pairwiseShape, pullBack, pushForward } from "./pairwise-loss";
import { reduction } from "./reduction";

export const l1Loss = defineOp({
  name: "l1_loss",
  inputs: { x: float(), y: float() },
  attributes: { reduction },
  doc: "The absolute error of `x` against `y`, averaged over all elements (`reduction`: mean, sum or none). Its derivative is 0 where they are equal.",
  formula: "L = mean(|x − y|)",
  derivative: "x̄ = L̄ · sign(x − y)/n, ȳ = −x̄",
  shape: ({ inputs, attributes }) => pairwiseShape(inputs, attributes.reduction),
  forward: ({ inputs, attributes, output }) =>
    pairwiseLoss(inputs, output, attributes.reduction, (x, y) => Math.abs(x - y)),
  // ∂|x − y|/∂x = sign(x − y)
  vjp: {
    x: (context) =>
      pullBack(context, context.inputs.x, slope(context), { how: context.attributes.reduction }),
    y: (context) =>
      pullBack(context, context.inputs.y, context.build.neg(slope(context)), {
        how: context.attributes.reduction,
      }),
  },
  jvp: {
    x: (context) => pushForward(context, slope(context), { how: context.attributes.reduction }),
    y: (context) =>
      pushForward(context, context.build.neg(slope(context)), { how: context.attributes.reduction }),
  },
  branch: ({ inputs }) => pairwiseBranch(inputs, (x, y) => Math.sign(x - y)),
  samples: [
    { inputs: { x: { shape: [3, 2] }, y: { shape: [3, 2] } } },
    { inputs: { x: { shape: [3, 2] }, y: { shape: [2] } }, attributes: { reduction: "none" } },
    { inputs: { x: { shape: [3, 1] }, y: { shape: [2] } }, attributes: { reduction: "sum" } },
  ],
  refused: [{ inputs: { x: { shape: [3, 2] }, y: { shape: [3] } } }],
});

function slope({
  build,
  inputs: { x, y },
}: {
  readonly build: Builder;
  readonly inputs: { readonly x: Ref; readonly y: Ref };
}): Ref {
  return build.sign(build.sub(x, y));
}
