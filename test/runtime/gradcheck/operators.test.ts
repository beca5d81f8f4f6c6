// Every operator at every sample, at exact zeros and at whole numbers: the gradients of built-in operators are never accused.
import assert from "node:assert/strict";
import { gradcheck } from "../../../src/runtime/gradcheck";
import type { Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault, operators } from "../../../src/runtime/ops";
import { isFloat } from "../../../src/runtime/tensor";
import { sampledCall } from "../ops/sampled-call";

suite("gradchecks of single operators", () => {
  for (const op of operators.values()) {
    test(op.name, () => {
      op.samples.forEach((sample, i) => {
        const { graph, moving, result } = sampledCall(op, sample, 21 + i);
        if (!isFloat(result.dtype) || !isFinite(result)) return;
        const leaves = [...moving].map(([name, node]) => ({ name, node }));
        const outcome = gradcheck({ graph, root: result, leaves });
        const text = JSON.stringify([
          i,
          sample,
          {
            ...outcome,
            leaves: outcome.leaves.map((leaf) => ({ ...leaf, errors: undefined })),
            kinks: undefined,
            blame: outcome.blame.map(({ explanation }) => explanation.message),
          },
        ]);
        assert.equal(outcome.verdict, "passed", text);
      });
    });

    test(`${op.name} at whole numbers`, () => {
      op.samples.forEach((sample, i) => {
        const call = sampledCall(op, sample, 21 + i);
        if (!isFloat(call.result.dtype)) return;
        const leaves = [...call.moving].map(([name, node]) => ({ name, node }));
        for (const { node } of leaves)
          if (node.kind === "source")
            node.value.data.set(Float64Array.from(node.value.data, (x) => Math.round(x)));
        const outcome = gradcheck({ graph: call.graph, root: call.result, leaves });
        assert.notEqual(
          outcome.verdict,
          "failed",
          JSON.stringify([
            i,
            sample,
            outcome.reason,
            outcome.leaves.map((leaf) => ({ ...leaf, errors: undefined })),
          ]),
        );
        assert.deepEqual(outcome.blame, []);
      });
    });
  }
});

function isFinite(node: Node): boolean {
  const value = new Evaluator().evaluate(node);
  return !isFault(value) && value.data.every(Number.isFinite);
}
