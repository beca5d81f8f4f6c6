/** Recorded and compiled, an optimizer makes the steps that it makes on storage, bit for bit. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optimizers } from "../../../src/engine/optimizers";
import { compile, isCompiled } from "../../../src/runtime/compile";
import { Graph, type SourceNode } from "../../../src/runtime/graph";
import { fromArray, scalar, type FloatDType, type Tensor } from "../../../src/runtime/tensor";

interface Oracle {
  readonly shapes: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  readonly gradients: readonly (readonly (readonly number[])[])[];
  readonly cases: readonly {
    readonly optimizer: string;
    readonly arguments: Readonly<Record<string, number | boolean>>;
    readonly dtype: FloatDType;
  }[];
}

const oracle = JSON.parse(readFileSync(join(__dirname, "../../oracle/optimizers.json"), "utf8")) as Oracle;

suite("recorded optimizers", () => {
  for (const item of oracle.cases) {
    test(`${item.optimizer} ${JSON.stringify(item.arguments)} in ${item.dtype}`, () => {
      const made = optimizers.get(item.optimizer)!.make(item.arguments);
      assert.ok(made.ok);
      const tensors = (values: readonly (readonly number[])[]): Tensor[] =>
        values.map((data, index) => fromArray(item.dtype, oracle.shapes[index]!, data));
      let expected: readonly Tensor[] = tensors(oracle.start);
      const state = made.value.start(expected);
      const graph = new Graph();
      const parameters = expected.map((value) => graph.source(value));
      const gradients = expected.map((value) => graph.source(value));
      const { next, states, numbers } = state.record(parameters, gradients);
      const updates: (readonly [SourceNode, SourceNode | (typeof next)[number]])[] = [
        ...parameters.map((node, index) => [node, next[index]!] as const),
        ...states.map(({ source, next: after }) => [source, after] as const),
      ];
      const compiled = compile([], { updates });
      assert.ok(isCompiled(compiled));
      const turn = state.numbers(parameters);
      for (const values of oracle.gradients) {
        turn().forEach((value, index) => {
          compiled.set(numbers[index]!, scalar(value, item.dtype));
        });
        gradients.forEach((node, index) => {
          compiled.set(node, tensors(values)[index]!);
        });
        assert.ok(compiled.run());
        expected = state.step(expected, tensors(values));
        parameters.forEach((node, index) => {
          assert.deepEqual(compiled.value(node), expected[index]);
        });
      }
    });
  }
});
