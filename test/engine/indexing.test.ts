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
  test("index tensors apart are refused, with a way out", () => {
    checkDiagnostics("run r {\n  x = ones([2, 3, 4])\n  i: int[2] = [0, 1]\n  y = x[i, :, ⟦i⟧]\n}\n", [
      ["NN209", "side by side"],
    ]);
  });
});
