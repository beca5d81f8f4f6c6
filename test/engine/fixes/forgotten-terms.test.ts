// Fixes that write what was forgotten in the file's own names, each applied and run again; and those of derivatives of derivatives.
import assert from "node:assert/strict";
import { execute } from "../../../src/engine";
import { hostFor } from "../run-text";
import { applyFixes } from "./apply-fixes";
import { runText } from "./patient-run";

interface Case {
  readonly name: string;
  readonly text: string;
  /** What the line of the rule becomes. */
  readonly becomes: string;
}

function rule(head: string, forward: string, wrong: string): string {
  return `op ${head} {\n${forward}\n  ${wrong}\n}\n`;
}

const layerNorm = `  mu = mean(x, dim = 1, keepdim = true)
  inv = 1 / sqrt(mean((x - mu)^2, dim = 1, keepdim = true) + 1e-5)
  xhat = (x - mu) * inv
  return xhat`;

const cases: readonly Case[] = [
  {
    name: "the mean and the variance of a layer norm",
    text: rule("layernorm(x: [n, d]) -> [n, d]", layerNorm, "vjp x(dy) = inv * dy"),
    becomes:
      "vjp x(dy) = inv * (dy - mean(dy, dim = 1, keepdim = true) - xhat * mean(dy * xhat, dim = 1, keepdim = true))",
  },
  {
    name: "softmax's row",
    text: rule("s(x: [n, d]) -> [n, d]", "  p = softmax(x, dim = 1)\n  return p", "vjp x(u) = p * u"),
    becomes: "vjp x(u) = p * (u - sum(u * p, dim = 1, keepdim = true))",
  },
  {
    name: "a mean that is taken away",
    text: rule("c(x: [n, d]) -> [n, d]", "  return x - mean(x, dim = 1, keepdim = true)", "vjp x(u) = u"),
    becomes: "vjp x(u) = u - mean(u, dim = 1, keepdim = true)",
  },
  {
    name: "a function applied twice",
    text: rule("f(x: [n]) -> [n]", "  return exp(x)", "vjp x(u) = u * exp(exp(x))"),
    becomes: "vjp x(u) = u * exp(x)",
  },
  {
    name: "a slope that was forgotten",
    text: rule("f(z: [n]) -> [n]", "  return where(z > 0, z, 0.1 * z)", "vjp z(u) = u * (z > 0)"),
    becomes: "vjp z(u) = u * where(z > 0, 1, 0.1)",
  },
];

suite("fixes: forgotten terms", () => {
  for (const { name, text, becomes } of cases) {
    test(name, async () => {
      const session = await runText(text, "gradcheck");
      const fixes = session.outcome.targets[0]!.gradchecks[0]!.blame.flatMap(
        ({ explanation }) => explanation.fix ?? [],
      );
      const mended = applyFixes(text, fixes);
      assert.ok(mended.includes(becomes), mended);
      const again = await runText(mended, "gradcheck");
      assert.equal(again.outcome.targets[0]!.gradchecks[0]!.verdict, "passed");
    });
  }

  test("a value that is held constant in a derivative", async () => {
    const text = rule("f(x: [n]) -> [n]", "  return x^3", "vjp x(u) = u * 3 * stop_gradient(x^2)");
    const host = { ...hostFor(), now: () => performance.now() / 20 };
    const asked = { action: "gradcheck", target: undefined, secondOrder: true } as const;
    const session = await execute(host, { id: "f.nnspec", text, version: 1 }, asked);
    const { secondOrder } = session.outcome.targets[0]!.gradchecks[0]!;
    assert.equal(secondOrder?.verdict, "failed");
    const mended = applyFixes(
      text,
      secondOrder.blame.flatMap(({ explanation }) => explanation.fix ?? []),
    );
    assert.ok(mended.includes("vjp x(u) = u * 3 * x^2\n"), mended);
  });
});
