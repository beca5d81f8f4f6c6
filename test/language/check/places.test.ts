// Statements where they cannot stand: told once, with what to write instead.
import { checkDiagnostics } from "./snippet";

suite("check: places of statements", () => {
  test("what stands in the wrong place is told once", () => {
    checkDiagnostics("op f(x: [n]) -> [n] {\n  ⟦param w: [n] = ones()⟧\n  return w * x\n}\n", [
      ["NN224", "param"],
    ]);
    checkDiagnostics("op f(x: [n]) -> [n] {\n  ⟦iterate y = x while sum(y) < 1 do y + 1⟧\n  return y\n}\n", [
      ["NN224", "iterate"],
    ]);
    checkDiagnostics("run r {\n  ⟦sample x = randn([3])⟧\n  y = tanh(x)\n}\n", [
      ["NN224", "name the value itself"],
    ]);
    checkDiagnostics("net f(x: [n]) -> [n] {\n  ⟦gradcheck x⟧\n  return x\n}\n", [
      ["NN224", "write it in a run"],
    ]);
  });
});
