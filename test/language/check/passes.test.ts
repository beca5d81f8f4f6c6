/** What passes may be read at and made of, and what is said where they may not. */
import { checkDiagnostics } from "./snippet";

const net = `net A(x: [n]) -> [] {
  param W: [n] = ones()
  h = W * x
  return sum(h^2)
}
`;

suite("passes", () => {
  test("an ambiguous name offers the pass read by node", () => {
    checkDiagnostics(
      `${net}run r {
  m = A([1, 2])
  k = A([3, 4])
  e = backward(m + k)
  f = e.⟦W⟧
}
`,
      [["NN221", "write `e[m.W]` or `e[k.W]`"]],
    );
  });
  test("constants, texts and functions are no nodes", () => {
    checkDiagnostics(
      `${net}run r {
  m = A([1, 2])
  d = backward(m)
  const five = 5
  a = d.⟦n⟧
  b = d⟦[five]⟧
  c = d⟦["x"]⟧
  e = d⟦[relu]⟧
  f = jacobian(m, ⟦3⟧)
  g = backward(⟦3⟧)
}
`,
      [
        ["NN221", "`n` is the number 2, not a node"],
        ["NN221", "`five` is the number 5"],
        ["NN221", 'the text "x"'],
        ["NN221", "the function `relu`"],
        ["NN236", "the number 3, a constant"],
        ["NN236", "the number 3, a constant"],
      ],
    );
  });
  test("the layers of a chain are read, its functions have no gradient", () => {
    checkDiagnostics(
      `import { Linear } from "std"
run r {
  m = chain([Linear(3, 4), relu, Linear(4, 1)])(ones([1, 3]))
  d = backward(sum(m))
  check d.layers[0].bias == d[m.layers[0].bias] and shape(d.layers[2].weight) == [1, 4]
}
`,
      [],
    );
  });
  test("a tangent is asked for as a tangent, and a still node is told as still", () => {
    checkDiagnostics(
      "run r {\n  x = [1, 2]\n  w = 3\n  t = jvp(⟦x⟧)\n  s = jvp(x, [1, 0])\n  u = s.⟦w⟧\n}\n",
      [
        ["NN231", "give the tangent"],
        ["NN302", "`w` does not depend on the node that `jvp(x, [1, 0])` moves"],
      ],
    );
  });
  test("the step of finite differences is above 0", () => {
    checkDiagnostics("run r {\n  x = 2\n  d = finite_differences(x * x, eps = ⟦0⟧)\n}\n", [
      ["NN209", "above 0"],
    ]);
  });

  test("a member of a family is read without warnings of the others", () => {
    const text = `run r {
  x = [1.0, 2.0]
  z[0] = ones([2])
  z[1] = x
  z[2] = 2 * z[1]
  d = backward(sum(z[2]))
  check d.z[1] == 2
  e = d.z
  a[1] = ones([2])
  f = d.⟦a⟧
}
`;
    checkDiagnostics(text, [["NN302", "does not depend on `a`"]]);
  });
});

suite("check: hyperparameters", () => {
  test("a default may use the ones before it", () => {
    const net =
      "net M(n, h = 2 * n)(X: [N, n]) -> [] {\n  param W: [h, n] = ones()\n  return sum(X @ W.T)\n}\n";
    checkDiagnostics(`${net}run r {\n  m = M(3)(ones([2, 3]))\n  check shape(m.W) == [6, 3]\n}\n`, []);
    checkDiagnostics(net.replace("2 * n", "2 * ⟦k⟧"), [["NN201", "`k`"]]);
  });

  test("a tensor in their place is told where tensors stand", () => {
    const net = "net M(n)(X: [N, n]) -> [] {\n  return sum(X)\n}\n";
    checkDiagnostics(`${net}run r {\n  m = M(⟦ones([2, 3])⟧)\n}\n`, [["NN220", "as in `M(n)(X)`"]]);
    checkDiagnostics(`${net}run r {\n  k = 3\n  m = M(⟦k⟧)\n}\n`, [["NN220", "const k"]]);
  });
});
