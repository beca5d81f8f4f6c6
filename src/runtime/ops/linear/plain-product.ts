/** Products that take operands of fixed numbers of dimensions and leave the rest to matmul. Knows nothing of their names. */
import { compareSizes } from "../../tensor";
import { defineOp, type OpDefinition, type Sample } from "../define-op";
import { numeric } from "../parameters";
import { reject } from "../rejection";
import { matmul } from "./matmul";

interface PlainProduct {
  readonly name: string;
  /** The numbers of dimensions of x and y. */
  readonly ranks: readonly [number, number];
  readonly doc: string;
  readonly formula: string;
  readonly derivative: string;
  readonly samples: readonly Sample[];
  readonly refused: readonly Sample[];
}

const words = ["a scalar", "a vector", "a matrix", "a batch of matrices"];

export function definePlainProduct({ ranks, ...rest }: PlainProduct): OpDefinition {
  return defineOp({
    ...rest,
    inputs: { x: numeric(), y: numeric() },
    attributes: {},
    shape(context) {
      const { x, y } = context.inputs;
      for (const [i, { shape }] of [x, y].entries()) {
        const input = i === 0 ? "x" : "y";
        const needs = words[ranks[i]!]!;
        if (shape.length !== ranks[i]) return reject({ kind: "rank", input, found: shape.length, needs });
      }
      if (ranks[0] === 3) {
        const left = { input: "x", axis: 0, dim: x.shape[0]! };
        const right = { input: "y", axis: 0, dim: y.shape[0]! };
        if (compareSizes(left.dim.size, right.dim.size) === "different") {
          const rule = `\`${rest.name}\` needs as many matrices on both sides`;
          return reject({ kind: "unequal-dimensions", rule, left, right });
        }
      }
      return matmul.shape({ ...context, sizes: {} });
    },
    forward: (context) => matmul.forward(context),
    vjp: {
      x: (context) => matmul.vjp.x!(context) as typeof context.cotangent,
      y: (context) => matmul.vjp.y!(context) as typeof context.cotangent,
    },
    jvp: {
      x: (context) => matmul.jvp.x!(context),
      y: (context) => matmul.jvp.y!(context),
    },
  });
}
