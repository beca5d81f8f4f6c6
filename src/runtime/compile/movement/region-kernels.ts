/** The operators that put parts of tensors together: `cat`, `stack`, `pad`, `roll` and the scatters of slices. */
import { axisPads, padSources, type PadMode } from "../../ops";
import { elementCount, stridesOf, type Shape } from "../../tensor";
import type { Kernel, KernelNode, KernelOperand, KernelType } from "../kernel-contract";
import { bytesOf } from "../loops/lane-memory";
import { wholeOf } from "../program/access";
import { isList } from "../program/value";
import { axisOf, diagonalOf, firstOfSlice } from "../program/view-operators";
import { copyRegion, fillWith, type Region } from "./region";

/** What a result is made of, one after the other. */
interface Assembly {
  /** What stands where no part is; undefined where parts are everywhere. */
  readonly filling: number | undefined;
  readonly parts: readonly { readonly input: string; readonly item: number; readonly region: Region }[];
}

type Assemble = (node: KernelNode) => Assembly | undefined;

function single(node: KernelNode, input: string): KernelType {
  const found = node.inputs[input];
  if (found === undefined || isList(found)) throw new Error(`${node.op} without ${input}`);
  return found;
}

function list(node: KernelNode, input: string): readonly KernelType[] {
  const found = node.inputs[input];
  return found !== undefined && isList(found) ? found : [];
}

function whole(input: string, shape: Shape): Assembly["parts"][number] {
  const place = { strides: stridesOf(shape), offset: 0 };
  return { input, item: 0, region: { shape, from: place, to: place } };
}

/** Parts side by side along `axis` of the result, each as it is in `shapes`. */
function joined(input: string, shapes: readonly Shape[], axis: number, output: Shape): Assembly {
  const strides = stridesOf(output);
  let start = 0;
  const parts = shapes.map((shape, item) => {
    const region = {
      shape,
      from: { strides: stridesOf(shape), offset: 0 },
      to: { strides, offset: start * (strides[axis] ?? 1) },
    };
    start += shape[axis] ?? 0;
    return { input, item, region };
  });
  return { filling: undefined, parts };
}

const cat: Assemble = (node) => {
  const { shape } = node.output;
  // A tensor of shape [0] may join any others and takes no room.
  const empty = shape.map(() => 0);
  const shapes = list(node, "tensors").map((part) =>
    part.shape.length === shape.length ? part.shape : empty,
  );
  return joined("tensors", shapes, axisOf(node.attributes.dim, shape.length), shape);
};

const stack: Assemble = (node) => {
  const { shape } = node.output;
  const axis = axisOf(node.attributes.dim, shape.length);
  const row = shape.map((size, k) => (k === axis ? 1 : size));
  return joined(
    "tensors",
    list(node, "tensors").map(() => row),
    axis,
    shape,
  );
};

const sliceScatter: Assemble = (node) => {
  const [x, src] = [single(node, "x"), single(node, "src")];
  const strides = stridesOf(x.shape);
  const axis = axisOf(node.attributes.dim, x.shape.length);
  const step = Number(node.attributes.step);
  const first = src.shape[axis] === 0 ? 0 : firstOfSlice(x.shape[axis]!, node.attributes.start, step);
  const region = {
    shape: src.shape,
    from: { strides: stridesOf(src.shape), offset: 0 },
    to: {
      strides: strides.map((stride, k) => (k === axis ? stride * step : stride)),
      offset: first * strides[axis]!,
    },
  };
  return { filling: undefined, parts: [whole("x", x.shape), { input: "src", item: 0, region }] };
};

const diagonalScatter: Assemble = (node) => {
  const [x, src] = [single(node, "x"), single(node, "src")];
  const to = diagonalOf(wholeOf(0, x.shape), node.attributes);
  const region = { shape: src.shape, from: { strides: stridesOf(src.shape), offset: 0 }, to };
  return { filling: undefined, parts: [whole("x", x.shape), { input: "src", item: 0, region }] };
};

/** A vector on a diagonal. */
const diag: Assemble = (node) => {
  const x = single(node, "x");
  if (x.shape.length !== 1) return undefined;
  const attributes = { offset: node.attributes.diagonal, dim1: 0, dim2: 1 };
  const to = diagonalOf(wholeOf(0, node.output.shape), attributes);
  const region = { shape: x.shape, from: { strides: [1], offset: 0 }, to };
  return { filling: 0, parts: [{ input: "x", item: 0, region }] };
};

/** Along each axis runs of elements in order, turned around, or one again and again; of several axes all their combinations. */
const pad: Assemble = (node) => {
  const { pad: amounts, mode, value } = node.attributes;
  if (!isPadMode(mode) || typeof amounts !== "object") return undefined;
  const x = single(node, "x");
  const [from, to] = [stridesOf(x.shape), stridesOf(node.output.shape)];
  const added = new Map(axisPads(amounts, x.shape.length).map((each) => [each.axis, each]));
  let regions: Region[] = [{ shape: [], from: { strides: [], offset: 0 }, to: { strides: [], offset: 0 } }];
  for (const [axis, size] of x.shape.entries()) {
    const sources = padSources(size, added.get(axis) ?? { axis, before: 0, after: 0 }, mode);
    regions = regions.flatMap((region) =>
      runsOf(sources).map(({ count, read, write, step }) => ({
        shape: [...region.shape, count],
        from: {
          strides: [...region.from.strides, step * from[axis]!],
          offset: region.from.offset + read * from[axis]!,
        },
        to: { strides: [...region.to.strides, to[axis]!], offset: region.to.offset + write * to[axis]! },
      })),
    );
  }
  return {
    filling: mode === "constant" ? (typeof value === "number" ? value : 0) : undefined,
    parts: regions.map((region) => ({ input: "x", item: 0, region })),
  };
};

function isPadMode(mode: unknown): mode is PadMode {
  return mode === "constant" || mode === "reflect" || mode === "replicate" || mode === "circular";
}

interface Run {
  readonly count: number;
  readonly read: number;
  readonly write: number;
  readonly step: number;
}

/** The positions in pieces whose sources are one step apart: 1, −1, or 0. Those without a source (-1) are in none. */
function runsOf(sources: Int32Array): Run[] {
  const runs: Run[] = [];
  for (let start = 0; start < sources.length;) {
    const read = sources[start]!;
    const step = start + 1 < sources.length ? sources[start + 1]! - read : 1;
    let end = start + 1;
    if (read >= 0 && Math.abs(step) <= 1)
      while (end < sources.length && sources[end]! >= 0 && sources[end]! - sources[end - 1]! === step) end++;
    if (read >= 0) runs.push({ count: end - start, read, write: start, step });
    start = end;
  }
  return runs;
}

/** Along each rolled axis what stays in order is two parts; of several axes all their combinations. */
const roll: Assemble = (node) => {
  const x = single(node, "x");
  const { shifts, dims } = node.attributes;
  const isFlat = typeof dims !== "object" || dims.length === 0;
  const shape = isFlat ? [elementCount(x.shape)] : x.shape;
  const amounts = shape.map(() => 0);
  const given = typeof shifts === "object" ? shifts : [];
  for (const [k, dim] of (isFlat ? [0] : dims).entries()) {
    const axis = axisOf(dim, shape.length);
    amounts[axis] = amounts[axis]! + (given[k] ?? 0);
  }
  const strides = stridesOf(shape);
  let regions: Region[] = [{ shape: [], from: { strides, offset: 0 }, to: { strides, offset: 0 } }];
  for (const [axis, size] of shape.entries()) {
    const shift = size === 0 ? 0 : ((amounts[axis]! % size) + size) % size;
    const pieces =
      shift === 0
        ? [{ count: size, read: 0, write: 0 }]
        : [
            { count: size - shift, read: 0, write: shift },
            { count: shift, read: size - shift, write: 0 },
          ];
    regions = regions.flatMap((region) =>
      pieces.map(({ count, read, write }) => ({
        shape: [...region.shape, count],
        from: { strides, offset: region.from.offset + read * strides[axis]! },
        to: { strides, offset: region.to.offset + write * strides[axis]! },
      })),
    );
  }
  return { filling: undefined, parts: regions.map((region) => ({ input: "x", item: 0, region })) };
};

const assemblies: Readonly<Record<string, Assemble>> = {
  cat,
  stack,
  slice_scatter: sliceScatter,
  diagonal_scatter: diagonalScatter,
  diag,
  pad,
  roll,
};

export const regionKernels: readonly Kernel[] = Object.entries(assemblies).map(([op, assemble]) => ({
  op,
  takes: (node) => isOfOneType(node) && assemble(node) !== undefined,
  emit: ({ code, operands, result, ...node }) => {
    const { filling, parts } = assemble(node)!; // taken
    const bytes = bytesOf(result.dtype);
    if (filling !== undefined)
      fillWith(code, result.dtype, result.address, elementCount(result.shape), filling);
    for (const { input, item, region } of parts) {
      const found = operands[input];
      const operand: KernelOperand | undefined = found !== undefined && isList(found) ? found[item] : found;
      if (operand !== undefined) copyRegion(code, bytes, operand.address, result.address, region);
    }
  },
}));

/** Whether elements can be copied as they are. */
function isOfOneType({ inputs, output }: KernelNode): boolean {
  return Object.values(inputs).every((input) => {
    if (input === undefined) return true;
    return (isList(input) ? input : [input]).every(({ dtype }) => dtype === output.dtype);
  });
}
