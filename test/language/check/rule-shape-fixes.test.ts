// Ways out where a rule's expression has another shape than it must have.
import assert from "node:assert/strict";
import { applyFix, diagnose } from "./snippet";

suite("diagnostics: rules of another shape", () => {
  test("a rule of another shape has ways out that fit", () => {
    const written = (vjp: string, title: RegExp): string => {
      const start =
        "op f(x: [N, p], W: [p, q], b: [q], r: [1, q]) -> [N, q] {\n  return x @ W + b + r\n  vjp ";
      const made = applyFix(`${start}${vjp}\n}\n`, title);
      return made.slice(start.length, -"\n}\n".length);
    };
    assert.equal(written("b(u) = u", /Sum/u), "b(u) = sum(u, dim = 0)");
    assert.equal(written("b(u) = 2 * u", /Sum/u), "b(u) = sum(2 * u, dim = 0)");
    assert.equal(written("b(u) = sum(u)", /Add/u), "b(u) = sum(u, dim = 0)");
    assert.equal(written("b(u) = 2 * mean(u) * N", /Add/u), "b(u) = 2 * mean(u, dim = 0) * N");
    assert.equal(written("r(u) = u", /Sum/u), "r(u) = sum(u, dim = 0, keepdim = true)");
    assert.equal(written("r(u) = sum(u)", /Add/u), "r(u) = sum(u, dim = 0, keepdim = true)");
    assert.equal(written("W(u) = u.T @ x", /Write/u), "W(u) = x.T @ u");
    const none = diagnose("op f(x: [n], W: [m, n]) -> [m] {\n  return W @ x\n  vjp x(u) = W @ x\n}\n");
    assert.deepEqual(none.find(({ code }) => code === "NN228")?.fixes, []);
  });

  test("a product that does not fit is written so that the rule has its shape", () => {
    const start = "op f(x: [N, p], W: [p, q]) -> [N, q] {\n  return x @ W\n  vjp ";
    const written = (vjp: string): string =>
      applyFix(`${start}${vjp}\n}\n`, /Write/u).slice(start.length, -"\n}\n".length);
    assert.equal(written("x(u) = W @ u"), "x(u) = u @ W.T");
    assert.equal(written("x(u) = u @ W"), "x(u) = u @ W.T");
    assert.equal(written("x(u) = u.T @ W"), "x(u) = u @ W.T");
    assert.equal(written("W(u) = x @ u"), "W(u) = x.T @ u");
    assert.equal(written("W(u) = u @ x"), "W(u) = x.T @ u");
    assert.equal(written("W(u) = 2 * u @ x"), "W(u) = x.T @ (2 * u)");
    assert.equal(written("W(u) = 2 * (u @ x)"), "W(u) = 2 * (x.T @ u)");
  });

  test("a factor's transpose is a way out where nothing says what the product is", () => {
    const spec = "run r {\n  x = randn([3, 4])\n  W = randn([5, 4])\n  y = x @ W\n}\n";
    const found = diagnose(spec).find(({ code }) => code === "NN202");
    assert.deepEqual(
      found?.fixes.map(({ title }) => title),
      ["Transpose: `W.T`"],
    );
  });
});
