// Owns one operator applied to one sample in a graph of its own, and what the property tests ask of it.
import assert from "node:assert/strict";
import { Graph, type Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault, isRejected, type OpDefinition, type Sample } from "../../../src/runtime/ops";
import { fromArray, isFloat, type FloatDType, type Tensor } from "../../../src/runtime/tensor";
import { drawSample } from "./sample-draw";

export interface SampledCall {
  readonly graph: Graph;
  /** Sources by `name`, or `name[item]` of a list. */
  readonly sources: ReadonlyMap<string, Node>;
  /** Those that derivatives flow to. */
  readonly moving: ReadonlyMap<string, Node>;
  readonly result: Node;
}

export function sampledCall(op: OpDefinition, sample: Sample, seed: number): SampledCall {
  const graph = new Graph();
  const { operands, sources, moving } = recordSources(graph, op, drawSample(sample, seed));
  const result = graph.apply(op, operands, sample.attributes ?? {});
  assert.ok(!isRejected(result), `${op.name} refuses its own sample: ${JSON.stringify(result)}`);
  return { graph, sources, moving, result };
}

/** Whether a refused sample is refused: by its shapes, or by its values when evaluated. */
export function isRefused(op: OpDefinition, sample: Sample, seed: number): boolean {
  const graph = new Graph();
  const { operands } = recordSources(graph, op, drawSample(sample, seed));
  const result = graph.apply(op, operands, sample.attributes ?? {});
  return isRejected(result) || isFault(new Evaluator().evaluate(result));
}

function recordSources(
  graph: Graph,
  op: OpDefinition,
  tensors: Readonly<Record<string, Tensor | readonly Tensor[]>>,
): Pick<SampledCall, "sources" | "moving"> & { operands: Record<string, Node | readonly Node[]> } {
  const sources = new Map<string, Node>();
  const moving = new Map<string, Node>();
  const operands: Record<string, Node | readonly Node[]> = {};
  const record = (key: string, input: string, value: Tensor): Node => {
    const node = graph.source(value);
    sources.set(key, node);
    if (op.inputs[input]?.differentiable === true && isFloat(value.dtype)) moving.set(key, node);
    return node;
  };
  for (const [name, value] of Object.entries(tensors)) {
    operands[name] =
      "data" in value
        ? record(name, name, value)
        : value.map((item, index) => record(`${name}[${index}]`, name, item));
  }
  return { operands, sources, moving };
}

export function valueOf(
  node: Node,
  values: ReadonlyMap<Node, Tensor> = new Map<Node, Tensor>(),
  float: FloatDType = "float64",
): Tensor {
  const value = new Evaluator({ values, float }).evaluate(node);
  assert.ok(!isFault(value), JSON.stringify(isFault(value) && value.fault));
  return value;
}

/** The value of `node`, or zeros where the pass found a structural zero. */
export function passValue(found: Node | "pending" | undefined, like: Node): Tensor {
  assert.notEqual(found, "pending");
  if (found !== undefined && found !== "pending") return valueOf(found);
  const count = like.shape.reduce((product, size) => product * size, 1);
  return fromArray("float64", like.shape, new Float64Array(count));
}

export function dot(a: Tensor, b: Tensor): number {
  let sum = 0;
  for (const [index, value] of a.data.entries()) sum += value * b.data[index]!;
  return sum;
}

/** a + factor · b */
export function moved(a: Tensor, b: Tensor, factor: number): Tensor {
  return fromArray(
    a.dtype,
    a.shape,
    Array.from(a.data, (value, index) => value + factor * b.data[index]!),
  );
}
