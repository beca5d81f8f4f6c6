// Fixes of a convolution written tap by tap: one that was left out, and two that stand in each other's place and differ in an index alone.
import assert from "node:assert/strict";
import { applyFixes } from "./apply-fixes";
import { runText } from "./patient-run";

const text = `op conv3(x: [N, 6], k: [3]) -> [N, 4] {
  return k[0] * x[:, 0:4] + k[1] * x[:, 1:5] + k[2] * x[:, 2:6]
  vjp x(g) = k[0] * pad(g, [0, 2]) + k[2] * pad(g, [2, 0]) + k[1] * pad(g, pad = [1, 1])
  vjp k(g) = [sum(g * x[:, 0:4]), sum(g * x[:, 1:5]), sum(g * x[:, 2:6])]
}
`;

suite("fixes: taps", () => {
  for (const [name, right, wrong] of [
    ["one is left out", " + k[1] * pad(g, pad = [1, 1])", ""],
    [
      "two stand in each other's place",
      "[sum(g * x[:, 0:4]), sum(g * x[:, 1:5]), sum(g * x[:, 2:6])]",
      "[sum(g * x[:, 2:6]), sum(g * x[:, 1:5]), sum(g * x[:, 0:4])]",
    ],
  ] as const) {
    test(name, async () => {
      const faulty = text.replace(right, wrong);
      assert.notEqual(faulty, text);
      const [check] = (await runText(faulty, "gradcheck")).outcome.targets[0]!.gradchecks;
      assert.equal(check!.verdict, "failed");
      const [fix] = check!.blame.flatMap(({ explanation }) => explanation.fix ?? []);
      assert.ok(fix !== undefined);
      assert.equal(applyFixes(faulty, [fix]), text);
      const [again] = (await runText(text, "gradcheck")).outcome.targets[0]!.gradchecks;
      assert.equal(again!.verdict, "passed");
    });
  }
});
