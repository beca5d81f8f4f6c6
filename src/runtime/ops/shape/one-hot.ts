/** `one_hot`: class numbers as rows with a single 1. */
import { allocate, dim as dimension } from "../../tensor";
import { defineOp } from "../define-op";
import { int, size } from "../parameters";
import { reject } from "../rejection";
import { refuseIndices } from "./index-range";

export const oneHot = defineOp({
  name: "one_hot",
  inputs: { x: int() },
  attributes: { num_classes: size() },
  doc: "A new last dimension of `num_classes` whole numbers: 1 at the position that `x` names, 0 elsewhere.",
  formula: "y[…, c] = [x[…] = c]",
  derivative: "none: the result is of whole numbers",
  shape({ inputs: { x }, attributes: { num_classes }, sizes }) {
    if (num_classes < 1) {
      const message = `num_classes must be at least 1, not ${String(num_classes)}`;
      return reject({ kind: "attribute", attribute: "num_classes", message });
    }
    const [classes = dimension(num_classes)] = sizes["num_classes"] ?? [];
    return { shape: [...x.shape, classes], dtype: "int" };
  },
  forward({ inputs: { x }, attributes: { num_classes }, output }) {
    const fault = refuseIndices("x", x, num_classes, { lowest: 0 });
    if (fault !== undefined) return fault;
    const data = allocate("int", x.data.length * num_classes);
    x.data.forEach((label: number, i: number) => (data[i * num_classes + label] = 1));
    return { dtype: "int", shape: output.shape, data };
  },
  vjp: {},
  jvp: {},
  samples: [
    { inputs: { x: { shape: [4], like: "labels", below: 3 } }, attributes: { num_classes: 3 } },
    { inputs: { x: { shape: [2, 2], like: "labels", below: 3 } }, attributes: { num_classes: 5 } },
    { inputs: { x: { shape: [], like: "labels", below: 2 } }, attributes: { num_classes: 2 } },
    { inputs: { x: { shape: [0], like: "labels", below: 2 } }, attributes: { num_classes: 2 } },
  ],
  refused: [{ inputs: { x: { shape: [4], like: "labels", below: 3 } }, attributes: { num_classes: 0 } }],
});
