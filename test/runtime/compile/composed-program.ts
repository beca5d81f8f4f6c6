// Programs that are composed of all operators there are: each operator's sample call, its operands moved by what came before.
import assert from "node:assert/strict";
import { Graph, type Node } from "../../../src/runtime/graph";
import { isRejected, operators, type OpDefinition, type Sample } from "../../../src/runtime/ops";
import {
  cast,
  elementCount,
  fromArray,
  isFloat,
  type FloatDType,
  type Tensor,
} from "../../../src/runtime/tensor";
import { drawSample } from "../ops/sample-draw";
import { recordOp } from "./record-op";

export const all: readonly OpDefinition[] = [...operators.values()];

export type Change = (value: Tensor) => Tensor;

/** A sample's call in a graph, its float operands as `feed` makes them. */
export function called(
  graph: Graph,
  op: OpDefinition,
  sample: Sample,
  seed: number,
  feed: (value: Tensor) => Node,
  change: Change = (value) => value,
): Node | undefined {
  const operand = (given: Tensor): Node => {
    const value = change(given);
    return isFloat(value.dtype) ? feed(cast(value, graph.float)) : graph.source(value);
  };
  const operands = Object.fromEntries(
    Object.entries(drawSample(sample, seed)).map(([name, value]) => [
      name,
      "data" in value ? operand(value) : value.map(operand),
    ]),
  );
  const made = graph.apply(op, operands, sample.attributes ?? {});
  return isRejected(made) ? undefined : made;
}

/** What is drawn for an operand, moved a little by what came before: far too little for it to leave the operator's domain. */
function moved(graph: Graph, value: Tensor, earlier: readonly Node[], choice: number): Node {
  const own = graph.source(value);
  const [size, from] = [elementCount(value.shape), earlier[choice % Math.max(1, earlier.length)]];
  if (from === undefined || size === 0) return own;
  const whole = recordOp(graph, "reshape", { x: from }, { shape: [elementCount(from.shape)] });
  const places = Array.from({ length: size }, (_, i) => (i * 7 + choice) % elementCount(from.shape));
  const index = graph.source(fromArray("int", [size], places));
  const picked = recordOp(
    graph,
    "reshape",
    { x: recordOp(graph, "index_select", { x: whole, index }, { dim: 0 }) },
    { shape: value.shape },
  );
  const b = graph.builder();
  return b.add(own, b.mul(b.constant(0.05), recordOp(graph, "softsign", { x: picked })));
}

/** Programs of six operators, each drawn by two of the choices. */
export function composed(choices: readonly number[], float: FloatDType): Node[] {
  const graph = new Graph({ float });
  const made: Node[] = [];
  const feeds = (): Node[] => made.filter(({ dtype, shape }) => dtype === float && elementCount(shape) > 0);
  for (let at = 0; at + 1 < choices.length; at += 2) {
    const op = all[choices[at]! % all.length]!;
    const { samples } = op;
    const sample = samples[choices[at + 1]! % samples.length]!;
    let turn = choices[at + 1]!;
    const node = called(graph, op, sample, turn, (value) => moved(graph, value, feeds(), turn++));
    assert.ok(node !== undefined, op.name);
    made.push(node);
  }
  return made;
}
