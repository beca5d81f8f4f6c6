/** What may be given in a call: to chains, and to nets whose parameters must be given. */
import { checkDiagnostics } from "./snippet";

const must = "net Must(x: [n]) -> [] {\n  param z: [n]\n  return sum(z * x)\n}\n";

suite("calls", () => {
  test("a chain takes one tensor, and parameters that it has", () => {
    checkDiagnostics(
      `import { Linear } from "std"
run r {
  f = chain([Linear(3, 4), tanh])
  a = f(ones([2, 3]), layers[0].weight = zeros([4, 3]))
  b = f(ones([2, 3]), ⟦layers[5].weight⟧ = zeros([4, 3]))
  c = f(ones([2, 3]), ⟦ones([2])⟧)
  d = ⟦f()⟧
  e = f.layers⟦[2]⟧
}
`.replace("⟦[2]⟧", "[⟦2⟧]"),
      [
        ["NN212", "`chain` has no argument `layers[5].weight`"],
        ["NN212", "`chain` takes one tensor; 2 are given"],
        ["NN212", "`chain` takes one tensor; none is given"],
        ["NN240", "Index 2 is outside a list of 2 items"],
      ],
    );
  });
  test("a parameter without a value must be given where its net is applied in a run", () => {
    checkDiagnostics(
      `${must}net Outer(x: [n]) -> [] {
  inner = Must()
  return inner(x)
}
run r {
  a = ⟦Must([1, 2])⟧
  b = Must([1, 2], z = [3, 4])
  c = ⟦Outer([1, 2])⟧
  d = Outer([1, 2], inner.z = [3, 4])
  check d.inner.z == [3, 4]
}
`,
      [
        ["NN234", "`…, z = value)`"],
        ["NN234", "`…, inner.z = value)`"],
      ],
    );
  });
  test("`update` takes a pass of gradients and names in quotes", () => {
    checkDiagnostics(
      `net N(x: [n]) -> [] {
  param w: [n] = ones()
  return sum(w * x)
}
run r {
  m = N([1, 2])
  a = update(m, ⟦jvp(m, 1)⟧, sgd(0.1))
  b = update(m, backward(m), sgd(0.1), only = ⟦3⟧)
  c = update(m, backward(m), sgd(0.1), only = ["w", ⟦"v"⟧])
}
`.replace('["w", ⟦"v"⟧]', '⟦"v"⟧'),
      [
        ["NN236", "tangents"],
        ["NN236", "a list of them"],
        ["NN215", "`N` has no `v`"],
      ],
    );
  });
});
