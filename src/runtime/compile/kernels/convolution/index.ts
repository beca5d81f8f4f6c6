/** The kernels of convolutions and of their adjoints. Knows nothing of graphs. */
import type { Shape } from "../../../tensor";
import type { Kernel, KernelContext, KernelNode } from "../../kernel-contract";
import { numberType, operandOf, typeOf } from "../operands";
import { tuningFor } from "../product/tuning";
import { convolutionOf, groupSizes, type Convolution } from "./geometry";
import {
  convolutionScratch,
  isConvolutionDivisible,
  writeConvolution,
  type ConvolutionMap,
} from "./write-convolution";

/** Which operand or result plays which part in y = x ⋆ weight. */
interface Parts {
  readonly op: string;
  readonly rank: number;
  readonly map: ConvolutionMap;
  readonly x: string;
  readonly weight: string;
  readonly y: string;
}

const parts: readonly Parts[] = [
  { op: "conv1d", rank: 1, map: "result", x: "x", weight: "weight", y: "output" },
  { op: "conv2d", rank: 2, map: "result", x: "x", weight: "weight", y: "output" },
  { op: "_conv2d_input", rank: 2, map: "input", x: "output", weight: "weight", y: "y" },
  { op: "conv_transpose2d", rank: 2, map: "input", x: "output", weight: "weight", y: "x" },
  { op: "_conv2d_weight", rank: 2, map: "weight", x: "x", weight: "output", y: "y" },
];

export const convolutions: readonly Kernel[] = parts.map((part) => ({
  op: part.op,
  takes: (node) => geometryOf(node, part) !== undefined,
  scratch: (node, target) => {
    const convolution = geometryOf(node, part);
    return convolution === undefined ? 0 : convolutionScratch(convolution, part.map, tuningFor(target));
  },
  divides: (node, target) => {
    const convolution = geometryOf(node, part);
    return convolution !== undefined && isConvolutionDivisible(convolution, part.map, tuningFor(target));
  },
  work: (node) => {
    const convolution = geometryOf(node, part);
    if (convolution === undefined) return 0;
    const { filters, taps, places } = groupSizes(convolution);
    return convolution.batch * convolution.groups * filters * taps * places;
  },
  emit(context) {
    const { module, code, target, scratch, operands, share } = context;
    writeConvolution(
      { module, code, target, tuning: tuningFor(target), share },
      geometryOf(context, part)!,
      part.map,
      {
        x: addressOf(context, part.x),
        weight: addressOf(context, part.weight),
        y: addressOf(context, part.y),
        bias: operands.bias === undefined ? undefined : operandOf(context, "bias").address,
        scratch,
      },
    );
  },
}));

/** Kernels of more taps than this would be long code. */
const mostTaps = 256;

function geometryOf(node: KernelNode, { rank, x, weight, y }: Parts): Convolution | undefined {
  const all = Object.keys(node.inputs).filter((name) => node.inputs[name] !== undefined);
  const type = numberType(node.output, ...all.map((name) => typeOf(node, name)));
  if (type === undefined) return undefined;
  const shape = (name: string): Shape => (name === "output" ? node.output.shape : typeOf(node, name).shape);
  const convolution = convolutionOf(
    type,
    { x: shape(x), weight: shape(weight), y: shape(y) },
    node.attributes,
    rank,
  );
  return convolution.kernel[0] * convolution.kernel[1] <= mostTaps ? convolution : undefined;
}

function addressOf(context: KernelContext, name: string) {
  return name === "output" ? context.result.address : operandOf(context, name).address;
}
