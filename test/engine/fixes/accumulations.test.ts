// Fixes of sums over turns that are overwritten, and of what passes by a layer: written for every turn at once, applied and run again.
import assert from "node:assert/strict";
import { applyFixes } from "./apply-fixes";
import { runText } from "./patient-run";

const throughTime = `net Elman(n, s)(xs: [n, i], ys: [n, k], h0: [s]) -> [] {
  param U: [s, i] = randn()
  param R: [s, s] = normal(0, 0.6)
  param b: [s] = randn()
  param Q: [k, s] = randn()
  h[0] = h0
  loss[0] = 0
  for t in 1 to n {
    h[t] = tanh(U @ xs[t-1] + R @ h[t-1] + b)
    y[t] = Q @ h[t]
    loss[t] = loss[t-1] + sum((y[t] - ys[t-1])^2) / 2
  }
  return loss[n]

  dh[n+1] = zeros([s])
  gR[n+1] = zeros([s, s])
  gb[n+1] = zeros([s])
  for t in n downto 1 {
    da[t] = (Q.T @ (y[t] - ys[t-1]) + dh[t+1]) * (1 - h[t]^2)
    dh[t] = R.T @ da[t]
    gR[t] = outer(da[t], h[t-1]) + gR[t+1]
    gb[t] = da[t] + gb[t+1]
  }
  vjp R(c) = c * gR[1]
  vjp b(c) = c * gb[1]
}

run r {
  seed torch 15
  gradcheck Elman(3, 4)(randn([3, 2]), randn([3, 2]), randn([4]))
}
`;

const tower = `net Tower(depth, d)(x: [N, d], y: [N, d]) -> [] {
  h[0] = x
  for l in 1 to depth {
    param W[l]: [d, d] = normal(0, 0.7)
    t[l] = tanh(h[l-1] @ W[l])
    h[l] = h[l-1] + t[l]
  }
  return mean((h[depth] - y)^2)

  gh[depth] = 2 / (N * d) * (h[depth] - y)
  for l in depth downto 1 {
    gq[l] = gh[l] * (1 - t[l]^2)
    gh[l-1] = gq[l] @ W[l].T + gh[l]
    vjp W[l](u) = u * h[l-1].T @ gq[l]
  }
}

run r {
  seed torch 10
  gradcheck Tower(3, 4)(randn([5, 4]), randn([5, 4]))
}
`;

suite("fixes: sums over turns", () => {
  for (const [name, text, wrong] of [
    ["a weight's sum is overwritten in each turn", throughTime, " + gR[t+1]"],
    ["a bias' sum is overwritten in each turn", throughTime, "gb[t] = da[t] + gb[t+1]"],
    ["what comes from the next turn is left out", throughTime, " + dh[t+1]"],
    ["what passes by a layer is left out", tower, " + gh[l]"],
  ] as const) {
    test(name, async () => {
      const faulty = text.replace(wrong, wrong.includes("=") ? "gb[t] = da[t]" : "");
      assert.notEqual(faulty, text);
      const [check] = (await runText(faulty, "run")).outcome.targets[0]!.gradchecks;
      assert.equal(check!.verdict, "failed");
      const [fix] = check!.blame.flatMap(({ explanation }) => explanation.fix ?? []);
      assert.ok(fix !== undefined);
      const mended = applyFixes(faulty, [fix]);
      assert.equal(mended.replaceAll(" ", ""), text.replaceAll(" ", ""));
      const again = await runText(mended, "run");
      assert.equal(again.outcome.targets[0]!.gradchecks[0]!.verdict, "passed");
    });
  }
});
