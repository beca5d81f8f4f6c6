/** The kernels of `gather` and `scatter_add`: an index that moves along one dimension and stays put in the others. */
import { elementCount, stridesOf } from "../../../tensor";
import type { Local } from "../../emit";
import type { Kernel, KernelContext, KernelNode } from "../../kernel-contract";
import { forEachBatch } from "../matmul";
import { numberType, operandOf, typeOf } from "../operands";
import { sizeOf } from "../product/product";
import { pushAddress } from "../product/write-product";
import { readIndex } from "./index-value";

export const laneIndexing: readonly Kernel[] = [
  {
    op: "gather",
    mayFail: true,
    takes: (node) => numberType(typeOf(node, "x"), node.output) !== undefined && hasIntegers(node),
    emit(context) {
      const { code, result } = context;
      const type = numberType(operandOf(context, "x"), result)!;
      const steps = stridesOf(result.shape);
      forEachPlace(context, (counters, address) => {
        pushPlace(context, result.address, counters, steps, sizeOf(type));
        code.access(`${type}.load`, 0, address);
        code.access(`${type}.store`, 0);
      });
    },
  },
  {
    op: "scatter_add",
    mayFail: true,
    takes: (node) =>
      numberType(typeOf(node, "x"), typeOf(node, "src"), node.output) !== undefined && hasIntegers(node),
    emit(context) {
      const { code, result } = context;
      const [x, source] = [operandOf(context, "x"), operandOf(context, "src")];
      const type = numberType(x, source, result)!;
      const size = sizeOf(type);
      code.copy(result.address, x.address, () => {
        code.i32(elementCount(x.shape) * size);
      });
      const steps = stridesOf(source.shape);
      forEachPlace(context, (counters, address) => {
        code.get(address);
        code.access(`${type}.load`, 0, address);
        pushPlace(context, source.address, counters, steps, size);
        code.access(`${type}.load`, 0);
        code.op(`${type}.add`);
        code.access(`${type}.store`, 0);
      });
    },
  },
];

function hasIntegers(node: KernelNode): boolean {
  return typeOf(node, "index").dtype === "int";
}

/** Visits the index's places with the address of the element that each names, in x (gather) or in the result. */
function forEachPlace(
  context: KernelContext,
  visit: (counters: readonly Local[], address: Local) => void,
): void {
  const { code, op, attributes, result } = context;
  const [x, index] = [operandOf(context, "x"), operandOf(context, "index")];
  const type = numberType(x, result)!;
  const rank = Math.max(x.shape.length, 1);
  const dim = Number(attributes.dim);
  const axis = dim < 0 ? dim + rank : dim;
  const [own, steps] = [stridesOf(index.shape), stridesOf(x.shape)];
  const counters: Local[] = [];
  forEachBatch(code, index.shape, counters, () => {
    const position = code.define("i32", () => {
      pushPlace(context, zero, counters, own, 1);
    });
    const along = readIndex(context, index.address, position, x.shape[axis] ?? 1);
    const address = code.define("i32", () => {
      const base = op === "gather" ? x.address : result.address;
      const fixed = counters.flatMap((counter, i) =>
        i === axis ? [] : [[counter, steps[i]! * sizeOf(type)] as const],
      );
      pushAddress(code, base, [...fixed, [along, (steps[axis] ?? 1) * sizeOf(type)]]);
    });
    visit(counters, address);
    code.release(position, along, address);
  });

  function zero(): void {
    code.i32(0);
  }
}

function pushPlace(
  { code }: KernelContext,
  base: Local | (() => void),
  counters: readonly Local[],
  steps: readonly number[],
  size: number,
): void {
  pushAddress(
    code,
    base,
    counters.map((counter, i) => [counter, steps[i]! * size] as const),
  );
}
