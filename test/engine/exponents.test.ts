// Which exponents of a text are known as numbers to its graph.
import assert from "node:assert/strict";
import { makeLibrary } from "../../src/engine";
import { RunMachine } from "../../src/engine/run-machine";
import { elaborateRun, Elaborator, runsOf } from "../../src/language/check";
import type { Node } from "../../src/runtime/graph";
import { loadText } from "./equations/derive";

test("an exponent that is written as a number is known to the graph; one that is drawn, or dear anyway, is not", () => {
  const { module } = loadText(
    "run r {\n  x = randn([4])\n  p = randn([4])\n  a = x^2\n  b = abs(x)^p\n  c = abs(x)^2.5\n  d = x^-1\n}\n",
  );
  const [run] = runsOf(module);
  assert.ok(run);
  const machine = new RunMachine({ dtype: "float32", poll: () => undefined });
  elaborateRun(new Elaborator({ library: makeLibrary(undefined), budget: 10_000 }), module, run, machine);
  const exponents = machine.graph.nodes.flatMap((node) =>
    node.kind === "apply" && node.op.name === "pow"
      ? [machine.graph.constants.valueOf(node.operands["y"] as Node)] // one node
      : [],
  );
  assert.deepEqual(exponents, [2, undefined, undefined, -1]);
});
