/** The kernel of fully connected layers: a product with the weight's rows, and a bias. Knows nothing of graphs. */
import { elementCount } from "../../tensor";
import type { Kernel, KernelNode } from "../kernel-contract";
import { numberType, operandOf, typeOf } from "./operands";
import { finishWith, hasColumns } from "./product/finish";
import { isDivisible, storesOnce, type Product } from "./product/product";
import { tuningFor } from "./product/tuning";
import { productScratch, writeProduct } from "./product/write-product";

export const linear: Kernel = {
  op: "linear",
  takes: (node) => productOf(node) !== undefined,
  scratch: (node, target) => {
    const product = productOf(node);
    return product === undefined ? 0 : productScratch(product, tuningFor(target));
  },
  takesEpilogue: (node) => {
    const product = productOf(node);
    return product !== undefined && hasColumns(product, node.output.shape);
  },
  storesOnce: (node, target) => {
    const product = productOf(node);
    return product !== undefined && storesOnce(product, tuningFor(target));
  },
  divides: (node, target) => {
    const product = productOf(node);
    return product !== undefined && isDivisible(product, tuningFor(target));
  },
  work: (node) => elementCount(node.output.shape) * (productOf(node)?.k ?? 0),
  emit(context) {
    const { module, code, target, result, scratch, epilogue, operands, share } = context;
    const product = productOf(context)!;
    const bias =
      operands.bias === undefined
        ? undefined
        : {
            address: operandOf(context, "bias").address,
            along:
              elementCount(operandOf(context, "bias").shape) > 1 ? ("columns" as const) : ("all" as const),
          };
    const [x, y] = [operandOf(context, "x").address, operandOf(context, "weight").address];
    writeProduct(
      { module, code, target, tuning: tuningFor(target), share },
      product,
      { x, y, z: result.address, scratch },
      finishWith(code, product, bias, epilogue),
    );
  },
};

function productOf(node: KernelNode): Product | undefined {
  const [x, weight] = [typeOf(node, "x"), typeOf(node, "weight")];
  const others = node.inputs.bias === undefined ? [] : [typeOf(node, "bias")];
  const type = numberType(x, weight, node.output, ...others);
  if (type === undefined) return undefined;
  const k = x.shape.at(-1)!;
  const n = weight.shape.length === 1 ? 1 : weight.shape[0]!;
  const m = elementCount(x.shape.slice(0, -1));
  return { type, m, k, n, xRow: k, xStep: 1, yStep: 1, yColumn: k, zRow: n };
}
