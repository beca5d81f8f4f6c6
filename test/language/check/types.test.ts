/** Declared types: results, elements, `...`, and the broadcast that an annotation means. */
import { checkDiagnostics } from "./snippet";

suite("types", () => {
  test("`...` stands once in a type", () => {
    checkDiagnostics("op f(x: [..., n, ⟦...⟧]) -> [] {\n  return sum(x)\n}\n", [["NN239", "at most once"]]);
  });
  test("a result is held against its element type; ints become float", () => {
    checkDiagnostics(
      `op up(x: int[N]) -> [N] { return x }
op down(x: [N]) -> int[N] { return ⟦x⟧ }
op truth(x: int[N]) -> bool[N] { return ⟦x⟧ }
run r { d = backward(sum(up([1, 2]) * [1, 2])) }
`,
      [
        ["NN211", "`down` is declared as int[N], but the expression is [N]"],
        ["NN211", "`truth` is declared as bool[N], but the expression is int[N]"],
      ],
    );
  });
  test("0 and 1 are literals of truth values, other numbers are not", () => {
    checkDiagnostics(
      "run r {\n  a: bool[2] = [1, 0]\n  b: bool[] = 1\n  c: bool[2] = ⟦[2, 0]⟧\n  d: bool[] = ⟦2⟧\n}\n",
      [
        ["NN236", "the number 2"],
        ["NN236", "the number 2"],
      ],
    );
  });
  test("an untyped input of a net is told once", () => {
    checkDiagnostics("net B(k)(⟦x⟧) -> [] {\n  return sum(x) * k\n}\n", [["NN237", "`x` needs a type"]]);
  });
  test("an annotation means a broadcast only where it has that shape", () => {
    checkDiagnostics(
      `run r {
  a = ones([5, 1])
  b = ones([5])
  table: [5, 5] = exp(a - b) + 1
  loss: [] = mean((⟦a - b⟧)^2)
  worse = ⟦mse_loss(a, b)⟧
  chosen = ⟦where(a > 0, a, b)⟧
  fine = where(b > 0, b, ones([3, 5]))
}
op outer_sum(x: [n], y: [m]) -> [n, m] { return reshape(x, [n, 1]) + y }
op product(x: [n], w: [m]) -> [n, m] {
  return outer(x, w)
  vjp x(u) = u @ w
  jvp x(v) = reshape(v, [n, 1]) * w
}
`,
      [
        ["NN203", "gives [5, 5]"],
        ["NN203", "gives [5, 5]"],
        ["NN203", "gives [5, 5]"],
      ],
    );
  });
  test("`one_hot` has as many columns as a symbolic size says", () => {
    checkDiagnostics(
      `net C(k)(y: int[N]) -> [N, k] {
  a: [N, k] = one_hot(y, k)
  b: [N, k, 1] = ⟦one_hot(y, k)⟧
  return a + sum(b)
}
op g(y: int[N], z: [N, K]) -> [N, K] {
  a: [N, K] = one_hot(y, K)
  b: [N, 1, K] = ⟦one_hot(y, K)⟧
  return z * a + sum(b)
}
`,
      [
        ["NN211", "[N, k]"],
        ["NN211", "[N, K]"],
      ],
    );
  });
});
