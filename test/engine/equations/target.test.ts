// The equation of a gradient of an executed run, as the panel asks for it.
import assert from "node:assert/strict";
import { equationOfGradient, makeLibrary } from "../../../src/engine";
import { elaborateRun, Elaborator, runsOf } from "../../../src/language/check";
import { RunMachine } from "../../../src/engine/run-machine";
import { loadText } from "./derive";

test("an executed run's gradients have equations in TeX, with the nodes of each contribution", () => {
  const { module } = loadText(
    "net M(x: [N, n]) -> [] {\n  param W: [n, n] = randn()\n  h = tanh(x @ W)\n  o = h @ W\n  J = sum(o)\n  return J\n}\nrun r {\n  m = M(randn([4, 3]))\n  d = backward(m.J)\n}\n",
  );
  const [run] = runsOf(module);
  assert.ok(run);
  const library = makeLibrary(undefined);
  const machine = new RunMachine({ dtype: "float64", poll: () => undefined });
  const record = elaborateRun(new Elaborator({ library, budget: 10_000 }), module, run, machine);
  const pass = record.passes[0]?.transform?.();
  const node = record.named.find(({ name }) => name === "W")?.value.node;
  assert.ok(pass !== undefined && "gradient" in pass && node !== undefined);
  const found = equationOfGradient(record, pass, node);
  assert.equal(found?.right.text, "m.xᵀ · (∂m.J/∂m.h ⊙ (1 - m.h²)) + m.hᵀ · ∂m.J/∂m.o");
  assert.match(found.left.tex, /^\\frac\{\\partial m\.J\}\{\\partial m\.W\}$/);
  assert.deepEqual(
    found.contributions.map(({ through, values }) => [through, values.length]),
    [
      ["m.h", 1],
      ["m.o", 1],
    ],
  );
  const unnamed = node.id > 0 ? machine.graph.builder().constant(2) : node;
  assert.equal(equationOfGradient(record, pass, unnamed), undefined);
});
