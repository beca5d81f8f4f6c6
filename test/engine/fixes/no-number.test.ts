// An edit after which a rule gives no numbers at all mends nothing: differences have nothing to say against it.
import assert from "node:assert/strict";
import { runText } from "./patient-run";

const layerNorm = `op layer_norm(x: [N, D]) -> [N, D] {
  mu = mean(x, dim = 1, keepdim = true)
  v = mean((x - mu)^2, dim = 1, keepdim = true)
  s = sqrt(v + 1e-5)
  y = (x - mu) / s
  return y
  vjp x(u) = (u - y * mean(u * y, dim = 1, keepdim = true)) / s
}
`;

suite("fixes: rules without numbers", () => {
  test("the division by s is not made one by s - s", async () => {
    const session = await runText(layerNorm, "gradcheck");
    const [target] = session.outcome.targets;
    const [blame] = target!.gradchecks[0]!.blame;
    assert.equal(blame!.rule, "vjp x");
    const edits = blame!.explanation.fix?.edits ?? [];
    let text = layerNorm;
    for (const { range, newText } of edits) {
      const lines = text.split("\n");
      const line = lines[range.start.line]!;
      lines[range.start.line] =
        line.slice(0, range.start.character) + newText + line.slice(range.end.character);
      text = lines.join("\n");
    }
    const mended = await runText(text, "gradcheck");
    // Without a fix it fails as before; with one it passes.
    assert.equal(mended.outcome.targets[0]!.gradchecks[0]!.verdict, edits.length === 0 ? "failed" : "passed");
  });
});
