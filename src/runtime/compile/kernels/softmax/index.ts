/** The kernels of softmax, its logarithm, and the losses of classes. Knows nothing of graphs. */
import type { Shape } from "../../../tensor";
import { forRange, type Local } from "../../emit";
import type { Kernel, KernelContext, KernelNode } from "../../kernel-contract";
import { numberType, operandOf, optionalOf, typeOf } from "../operands";
import { sizeOf } from "../product/product";
import { pushAddress } from "../product/write-product";
import { pushWeight, readLabel, writeClassLoss, type ClassLoss } from "./class-losses";
import type { LaneLayout } from "./lane-walk";
import { layoutBytes, writeSoftmax } from "./write-softmax";

/** The layout along an axis; a scalar is one lane of one element. */
function layoutOf(type: "f32" | "f64", shape: Shape, axis: number): LaneLayout {
  const product = (sizes: Shape): number => sizes.reduce((total, size) => total * size, 1);
  return {
    type,
    outer: product(shape.slice(0, axis)),
    length: shape[axis] ?? 1,
    inner: product(shape.slice(axis + 1)),
  };
}

function softmaxLayout(node: KernelNode): LaneLayout | undefined {
  const x = typeOf(node, "x");
  const type = numberType(x, node.output);
  const { dim } = node.attributes;
  if (type === undefined || x.dtype === "int" || typeof dim !== "number") return undefined;
  return layoutOf(type, x.shape, dim < 0 ? dim + Math.max(x.shape.length, 1) : dim);
}

const softmaxes: readonly Kernel[] = (["softmax", "log_softmax"] as const).map((op) => ({
  op,
  takes: (node) => softmaxLayout(node) !== undefined,
  emit(context) {
    writeSoftmax(
      context,
      op,
      softmaxLayout(context)!,
      operandOf(context, "x").address,
      context.result.address,
    );
  },
}));

/** Where the classes are: the only dimension of a single example, otherwise the second. */
function classLayout(node: KernelNode): LaneLayout | undefined {
  const [x, target] = [typeOf(node, "x"), typeOf(node, "target")];
  const floats = [x, node.output, ...(node.inputs.weight === undefined ? [] : [typeOf(node, "weight")])];
  const type = numberType(...floats, ...(target.dtype === "int" ? [] : [target]));
  return type === undefined || x.dtype === "int"
    ? undefined
    : layoutOf(type, x.shape, x.shape.length <= 1 ? 0 : 1);
}

function lossOf(context: KernelContext, logits: Local): ClassLoss {
  const { reduction, label_smoothing: smoothing, ignore_index: ignored } = context.attributes;
  return {
    layout: classLayout(context)!,
    logits,
    target: operandOf(context, "target"),
    weight: optionalOf(context, "weight"),
    reduction: typeof reduction === "string" ? reduction : "none",
    smoothing: typeof smoothing === "number" ? smoothing : 0,
    ignored: typeof ignored === "number" ? ignored : NaN,
  };
}

const losses: readonly Kernel[] = [
  {
    op: "cross_entropy",
    mayFail: true,
    takes: (node) => classLayout(node) !== undefined,
    scratch: (node) => {
      const layout = classLayout(node);
      return layout === undefined ? 0 : layoutBytes(layout);
    },
    emit(context) {
      const scratch = context.scratch!;
      writeSoftmax(context, "log_softmax", classLayout(context)!, operandOf(context, "x").address, scratch);
      writeClassLoss(context, lossOf(context, scratch));
    },
  },
  {
    op: "nll_loss",
    mayFail: true,
    takes: (node) => classLayout(node) !== undefined,
    emit(context) {
      writeClassLoss(context, lossOf(context, operandOf(context, "x").address));
    },
  },
];

const classDistribution: Kernel = {
  op: "_class_distribution",
  mayFail: true,
  takes: (node) => classLayout(node) !== undefined,
  emit(context) {
    const { code, result } = context;
    const loss = lossOf(context, result.address);
    const { layout, smoothing } = loss;
    const { type, outer, length, inner } = layout;
    const size = sizeOf(type);
    code.fill(
      result.address,
      () => {
        code.i32(0);
      },
      () => {
        code.i32(outer * length * inner * size);
      },
    );
    const store = (row: Local, place: Local, c: Local, value: (at: Local) => void): void => {
      const at = code.define("i32", () => {
        pushAddress(code, result.address, [
          [row, length * inner * size],
          [place, size],
          [c, inner * size],
        ]);
      });
      code.get(at);
      value(at);
      if (type === "f32") code.op("f32.demote_f64");
      code.access(`${type}.store`, 0);
      code.release(at);
    };
    // q = s/C·w everywhere, and (1 − s)·w more at the label
    const even = (c: Local): void => {
      code.f64(smoothing / length);
      pushWeight(code, loss, c);
      code.op("f64.mul");
    };
    forRange(code, 0, outer, 1, (row) => {
      forRange(code, 0, inner, 1, (place) => {
        const label = code.local("i32");
        const index = code.define("i32", () => {
          pushAddress(code, place, [[row, inner]]);
        });
        readLabel(context, loss, index, label, () => {
          if (smoothing > 0) {
            forRange(code, 0, length, 1, (c) => {
              store(row, place, c, () => {
                even(c);
              });
            });
          }
          store(row, place, label, () => {
            even(label);
            code.f64(1 - smoothing);
            pushWeight(code, loss, label);
            code.op("f64.mul");
            code.op("f64.add");
          });
        });
        code.release(label, index);
      });
    });
  },
};

export const softmaxKernels: readonly Kernel[] = [...softmaxes, ...losses, classDistribution];
