/** The squared error. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float } from "../parameters";
import { pairwiseLoss, pairwiseShape, pullBack, pushForward } from "./pairwise-loss";
import { reduction } from "./reduction";

export const mseLoss = defineOp({
  name: "mse_loss",
  inputs: { x: float(), y: float() },
  attributes: { reduction },
  doc: "The squared error of `x` against `y`, averaged over all elements (`reduction`: mean, sum or none).",
  formula: "L = mean((x − y)²)",
  derivative: "x̄ = L̄ · 2(x − y)/n, ȳ = −x̄",
  shape: ({ inputs, attributes }) => pairwiseShape(inputs, attributes.reduction),
  forward: ({ inputs, attributes, output }) =>
    pairwiseLoss(inputs, output, attributes.reduction, (x, y) => (x - y) * (x - y)),
  // ∂(x − y)²/∂x = 2(x − y)
  vjp: {
    x: (context) => pullBack(context, context.inputs.x, slope(context, 2), how(context)),
    y: (context) => pullBack(context, context.inputs.y, slope(context, -2), how(context)),
  },
  jvp: {
    x: (context) => pushForward(context, slope(context, 2), how(context)),
    y: (context) => pushForward(context, slope(context, -2), how(context)),
  },
  samples: [
    { inputs: { x: { shape: [3, 2] }, y: { shape: [3, 2] } } },
    { inputs: { x: { shape: [3, 2] }, y: { shape: [2] } }, attributes: { reduction: "none" } },
    { inputs: { x: { shape: [3, 1] }, y: { shape: [2] } }, attributes: { reduction: "sum" } },
    { inputs: { x: { shape: [] }, y: { shape: [] } } },
  ],
  refused: [{ inputs: { x: { shape: [3, 2] }, y: { shape: [3] } } }],
});

interface Context {
  readonly build: Builder;
  readonly inputs: { readonly x: Ref; readonly y: Ref };
}

function slope({ build, inputs: { x, y } }: Context, factor: number): Ref {
  return build.mul(build.sub(x, y), build.constant(factor));
}

function how({ attributes }: { readonly attributes: { readonly reduction: "mean" | "sum" | "none" } }) {
  return { how: attributes.reduction };
}
