import assert from "node:assert/strict";
import { applyFix, diagnose } from "./snippet";

suite("diagnostics of missing rules", () => {
  const told = (text: string): readonly string[] =>
    diagnose(text).map(({ code, message }) => `${code} ${message}`);

  test("an op with rules for some of its inputs says which are derived, and inserts them as holes", () => {
    const text =
      "op f(x: [p, N], W: [m, p], k: int[N]) -> [m, N] {\n  return W @ x\n  vjp x(u) = W.T @ u\n}\n";
    const [hint, ...others] = diagnose(text);
    assert.deepEqual(others, []);
    assert.deepEqual([hint?.code, hint?.severity], ["NN303", "hint"]);
    assert.equal(hint?.message, "`f` has no `vjp` rule for `W`: it is derived from the body.");
    assert.equal(text.slice(hint.place.start, hint.place.end), "f");
    assert.equal(applyFix(text, /Insert/u), text.replace("u\n}", "u\n  vjp W(u) = ?\n}"));
  });
  test("a net is asked for the rules of its parameters, not of its inputs", () => {
    const net = (rules: string): string =>
      `net M(n)(X: [N, n]) -> [] {\n  param W: [n] = zeros()\n  param b: [] = zeros()\n  return sum(X @ W) + b\n${rules}}\n`;
    assert.deepEqual(told(net("")), []);
    assert.deepEqual(told(net("  vjp W(u) = u * sum(X, dim = 0)\n")), [
      "NN303 `M` has no `vjp` rule for `b`: it is derived from the body.",
    ]);
    assert.deepEqual(told(net("  vjp W(u) = u * sum(X, dim = 0)\n  vjp b(u) = u * size(X[:, 0])\n")), []);
  });
  test("no rules at all, a rule to be written, and one kind of rule alone are no gaps", () => {
    const op = (rules: string): string => `op f(x: [n], y: [n]) -> [n] {\n  return x * y\n${rules}}\n`;
    assert.deepEqual(told(op("")), []);
    assert.deepEqual(told(op("  vjp x(u) = y * u\n  vjp y(u) = x * u\n")), []);
    assert.deepEqual(
      diagnose(op("  vjp x(u) = y * u\n  vjp y(u) = ?\n")).map(({ code }) => code),
      ["NN306"],
    );
  });
});
