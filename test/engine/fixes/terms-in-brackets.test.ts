// Fixes that add what was left out of a sum inside of the brackets that the cotangent stands before.
import assert from "node:assert/strict";
import { applyFixes } from "./apply-fixes";
import { runText } from "./patient-run";

const text = `net Words(V, d)(left: int[N], right: int[N], next: int[N]) -> [] {
  param E: [V, d] = randn()
  param A: [d, d] = randn()
  param B: [d, d] = randn()
  r = one_hot(left, V) @ E @ A + one_hot(right, V) @ E @ B
  logits = r @ E.T
  return cross_entropy(logits, next)

  δ = (softmax(logits, dim = 1) - one_hot(next, V)) / N
  ρ = δ @ E
  vjp E(u) = u * (one_hot(left, V).T @ ρ @ A.T + one_hot(right, V).T @ ρ @ B.T + δ.T @ r)
}

run words {
  seed torch 12
  gradcheck Words(6, 3)([0, 2, 5, 1], [1, 1, 4, 3], [2, 0, 3, 3])
}
`;

suite("fixes: terms inside of brackets", () => {
  test("one of several uses of a weight", async () => {
    const faulty = text.replace(" + δ.T @ r", "");
    assert.notEqual(faulty, text);
    const [check] = (await runText(faulty, "run")).outcome.targets[0]!.gradchecks;
    assert.equal(check!.verdict, "failed");
    const [fix] = check!.blame.flatMap(({ explanation }) => explanation.fix ?? []);
    assert.ok(fix !== undefined);
    assert.equal(applyFixes(faulty, [fix]), text);
    const [right] = (await runText(text, "run")).outcome.targets[0]!.gradchecks;
    assert.equal(right!.verdict, "passed");
  });
});
