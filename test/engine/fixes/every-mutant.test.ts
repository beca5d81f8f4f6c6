// Every mistake that the strength test plants in right rules: a fix that is offered is right, and nearly all have one.
import assert from "node:assert/strict";
import { mutantsOf } from "../../../src/engine/strength/mutants";
import { placedStatements } from "../../../src/engine/rewriting";
import { parse } from "../../../src/language/syntax";
import type { FixReport, GradcheckReport } from "../../../src/protocol";
import { applyFixes } from "./apply-fixes";
import { runText } from "./patient-run";

const op = (head: string, ...lines: readonly string[]): string =>
  `op ${head} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;

const specs: readonly string[] = [
  op(
    "product(x: [p, p], W: [p, p]) -> [p, p]",
    "return W @ x",
    "jvp x(dx) = W @ dx",
    "vjp x(u) = W.T @ u",
    "vjp W(u) = u @ x.T",
  ),
  op(
    "layer(x: [N, p], W: [p, m], b: [m]) -> [N, m]",
    "z = x @ W + b",
    "y = tanh(z)",
    "return y",
    "vjp x(u) = (u * (1 - y^2)) @ W.T",
    "vjp W(u) = x.T @ (u * (1 - y^2))",
    "vjp b(u) = sum(u * (1 - y^2), dim = 0)",
  ),
  op(
    "loss(y: [N, k], t: [N, k]) -> []",
    "return mean((y - t)^2)",
    "vjp y(u) = 2 * u * (y - t) / size(y)",
    "vjp t(u) = -2 * u * (y - t) / size(y)",
  ),
  op("quotient(x: [N], w: [N]) -> [N]", "return x / w", "vjp x(u) = u / w", "vjp w(u) = -u * x / w^2"),
  op(
    "quadratic(x: [n, 1], A: [n, n]) -> [1, 1]",
    "return x.T @ A @ x",
    "vjp x(u) = u * (A @ x + A.T @ x)",
    "vjp A(u) = u * (x @ x.T)",
  ),
  op("centred(x: [N, k]) -> [N, k]", "return x - mean(x, dim = 0)", "vjp x(u) = u - mean(u, dim = 0)"),
];

suite("fixes of every planted mutant", () => {
  for (const spec of specs) {
    const [declaration] = parse(spec).declarations;
    assert.ok(declaration?.kind === "op");
    test(declaration.name.name, async () => {
      const unfixed: string[] = [];
      let failed = 0;
      for (const { statement } of placedStatements(declaration.body)) {
        if (statement.kind !== "rule") continue;
        for (const { edit, title } of mutantsOf(spec, statement.value, 14)) {
          const mutated = spec.slice(0, edit.start) + edit.newText + spec.slice(edit.end);
          const found = await gradcheckOf(mutated);
          if (found?.verdict !== "failed") continue;
          failed += 1;
          const fixes = new Map<string, FixReport>();
          for (const { explanation } of found.blame)
            if (explanation.fix !== undefined) fixes.set(JSON.stringify(explanation.fix), explanation.fix);
          if (fixes.size === 0) {
            unfixed.push(title);
            continue;
          }
          const mended = applyFixes(mutated, [...fixes.values()]);
          assert.equal((await gradcheckOf(mended))?.verdict, "passed", `${title}\n${mended}`);
        }
      }
      assert.ok(failed > 2);
      assert.ok(unfixed.length <= failed / 20, unfixed.join("; "));
    }).timeout(120_000);
  }
});

/** Undefined where the checker refuses the text. */
async function gradcheckOf(text: string): Promise<GradcheckReport | undefined> {
  const { outcome } = await runText(text, "gradcheck");
  if (outcome.diagnostics.some(({ severity }) => severity === "error")) return undefined;
  return outcome.report.ops?.[0]?.gradcheck;
}
