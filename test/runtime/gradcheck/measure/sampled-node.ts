// Owns the samples of all operators as nodes with their values, for tests of what is known of operators.
import { type ApplyNode, type Node } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import { operators, type Sample } from "../../../../src/runtime/ops";
import type { Tensor } from "../../../../src/runtime/tensor";
import { sampledCall } from "../../ops/sampled-call";

export interface SampledNode {
  readonly title: string;
  readonly node: ApplyNode;
  /** Sources that derivatives flow to; a name is that of the input. */
  readonly operands: readonly { readonly name: string; readonly node: Node }[];
  readonly base: (node: Node) => Tensor;
}

/** Every sample; those with a `reduction` for each of its kinds. */
export function sampledNodes(): SampledNode[] {
  return [...operators.values()].flatMap((op) =>
    op.samples.flatMap((sample, i) => {
      const kinds = op.attributes.reduction === undefined ? [undefined] : ["none", "sum", "mean"];
      return kinds.map((reduction) => {
        const attributes = { ...sample.attributes, ...(reduction === undefined ? {} : { reduction }) };
        const wanted: Sample = { inputs: sample.inputs, attributes };
        const { result, moving } = sampledCall(op, wanted, i + 1);
        const evaluator = new Evaluator();
        return {
          title: `${op.name}, sample ${String(i + 1)}${reduction === undefined ? "" : `, ${reduction}`}`,
          node: result as ApplyNode, // an operator's application
          operands: [...moving].map(([name, node]) => ({ name: name.replace(/\[.*/, ""), node })),
          base: (each: Node) => evaluator.evaluate(each) as Tensor, // samples are not at fault
        };
      });
    }),
  );
}
