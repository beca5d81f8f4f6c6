/** Indexing as NumPy has it; the expected values are NumPy's, by hand. */
import assert from "node:assert/strict";
import { checkDiagnostics } from "../language/check/snippet";
import { runText, troubles } from "./run-text";

suite("indexing", () => {
  test("index tensors side by side name one element for each pair", async () => {
    const session = await runText(`run r {
  x = reshape(arange(24), [2, 3, 4])
  i: int[2] = [0, 1]
  j: int[2] = [2, 0]
  check x[i, j] == [[8, 9, 10, 11], [12, 13, 14, 15]]
  check x[i, j, 0] == [8, 12]
  check x[:, i, j] == [[2, 4], [14, 16]]
  check x[i, :, 0] == [[0, 4, 8], [12, 16, 20]]
  check x[0, i, j] == [2, 4]
  p = softmax(ones([2, 4]), dim = 1)
  y = randint(4, [2])
  check p[arange(2), y] == 0.25
}
`);
    assert.deepEqual(troubles(session), []);
  });
  test("`None` makes a dimension of size 1, wherever it stands", async () => {
    const session = await runText(`run r {
  x = reshape(arange(24), [2, 3, 4])
  i: int[2] = [1, 0]
  check shape(x[None]) == [1, 2, 3, 4]
  check shape(x[:, None]) == [2, 1, 3, 4]
  check shape(x[..., None]) == [2, 3, 4, 1]
  check shape(x[None, ..., 0, None]) == [1, 2, 3, 1]
  check x[1, None, 2, 1:3] == [[21, 22]]
  check x[i, None, 0, :2] == [[[12, 13]], [[0, 1]]]
  check [1, 2, 3][:, None] * [10, 20] == [[10, 20], [20, 40], [30, 60]]
  w = float(x)
  check backward(sum(w[0, :, None, 0] * w[0, None, :, 0])).w[0, :, 0] == [24, 24, 24]
}
`);
    assert.deepEqual(troubles(session), []);
  });
  test("`None` is a dimension of a rule's shapes too, known before anything runs", () => {
    checkDiagnostics(
      "op f(a: [n], b: [m]) -> [n, m] {\n  return a[:, None] * b\n  vjp a(u) = ⟦u * b[None]⟧\n  vjp b(u) = sum(u * a[:, None], dim = 0)\n}\n",
      [["NN228", "[n, m]"]],
    );
  });
  test("`None` makes no other use of itself", () => {
    checkDiagnostics("run r {\n  x = ones([3])\n  y = x[⟦None⟧ + 1]\n}\n", [["NN113", "None"]]);
    checkDiagnostics("run r {\n  for l in 1 to 2 { z[l] = ones([3]) }\n  y = z⟦[None]⟧\n}\n", [
      ["NN222", ""],
    ]);
  });
  test("index tensors apart are refused, with a way out", () => {
    checkDiagnostics("run r {\n  x = ones([2, 3, 4])\n  i: int[2] = [0, 1]\n  y = x[i, :, ⟦i⟧]\n}\n", [
      ["NN209", "side by side"],
    ]);
  });
});
