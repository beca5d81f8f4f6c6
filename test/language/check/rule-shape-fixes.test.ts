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
    assert.equal(written("W(u) = u.T @ x", /Transpose/u), "W(u) = (u.T @ x).T");
    const none = diagnose("op f(x: [n], W: [m, n]) -> [m] {\n  return W @ x\n  vjp x(u) = W @ x\n}\n");
    assert.deepEqual(none.find(({ code }) => code === "NN228")?.fixes, []);
  });
});
