// Wrong answers to the exercise, as its grading checks see them: gradients by the rules that were handed in against autodiff's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { CheckReport, ExplanationKind } from "../../src/protocol";
import { applyFixes } from "./fixes/apply-fixes";
import { troubles } from "./run-text";
import { runText } from "./fixes/patient-run";

const solution = readFileSync(
  path.join(__dirname, "../../examples/exercise-solution.nnspec"),
  "utf8",
).replace("  gradcheck m.loss\n", "");

interface Answer {
  readonly name: string;
  readonly right: string;
  readonly wrong: string;
  /** Checks of gradients by rules that fail. */
  readonly checks: readonly string[];
  readonly kinds: readonly ExplanationKind[];
  readonly factor: number | null;
  /** Of the mistake, in lines of the text as people count them. */
  readonly line: number;
}

const answers: readonly Answer[] = [
  {
    name: "1/N forgotten in the first cotangent",
    right: "2 * (o - y) / N",
    wrong: "2 * (o - y)",
    checks: ["W1", "b1", "W2", "b2"],
    kinds: ["factor"],
    factor: 1 / 6,
    line: 17,
  },
  {
    name: "the derivative of tanh forgotten",
    right: "d_h * (1 - h^2)",
    wrong: "d_h",
    checks: ["W1", "b1"],
    kinds: ["missing-factor"],
    factor: null,
    line: 20,
  },
  {
    name: "a mean for a sum",
    right: "vjp b1(u) = u * sum(d_z, dim = 0)",
    wrong: "vjp b1(u) = u * mean(d_z, dim = 0)",
    checks: ["b1"],
    kinds: ["factor"],
    factor: 6,
    line: 23,
  },
  {
    name: "the input of the activation for its value",
    right: "u * h.T @ d_o",
    wrong: "u * z.T @ d_o",
    checks: ["W2"],
    kinds: ["other-argument", "missing-factor"],
    factor: null,
    line: 24,
  },
  {
    name: "descent for the derivative",
    right: "u * X.T @ d_z",
    wrong: "-u * X.T @ d_z",
    checks: ["W1"],
    kinds: ["sign"],
    factor: -1,
    line: 22,
  },
];

suite("wrong answers that are graded by checks", () => {
  for (const { name, right, wrong, checks, kinds, factor, line } of answers) {
    test(name, async () => {
      const text = solution.replace(right, wrong);
      const failed = await failedChecks(text);
      assert.deepEqual(
        failed.map(({ label }) => label),
        checks.map((each) => `3. ∂loss/∂${each}`),
      );
      for (const { label, explanation, blame } of failed) {
        assert.ok(kinds.includes(explanation!.kind), explanation!.kind);
        const leaf = label!.slice("3. ∂loss/∂".length);
        assert.match(
          explanation!.message,
          new RegExp(
            `^the right side is the derivative; the left one comes by way of vjp ${leaf} of \`TwoLayer\`, `,
            "u",
          ),
        );
        // A gradient of one number is in proportion to any other.
        if (leaf !== "b2") assert.equal(explanation!.factor?.toFixed(6), factor?.toFixed(6));
        assert.deepEqual(
          blame?.map(({ range }) => range.start.line + 1),
          [line],
        );
        const mended = applyFixes(text, [explanation!.fix!]);
        assert.deepEqual(troubles(await runText(mended)), []);
      }
    });
  }

  test("two mistakes are told, and mended, together", async () => {
    const text = solution
      .replace("2 * (o - y) / N", "2 * (o - y)")
      .replace("vjp b1(u) = u * sum(d_z", "vjp b1(u) = u * sum(d_h");
    const check = (await failedChecks(text)).find(({ label }) => label === "3. ∂loss/∂b1");
    assert.deepEqual(
      check?.blame?.map(({ range }) => range.start.line + 1),
      [17, 23],
    );
    assert.deepEqual(troubles(await runText(applyFixes(text, [check.explanation!.fix!]))), []);
  });

  test("right answers are not blamed", async () => {
    const { checks } = (await runText(solution)).outcome.report.runs![0]!;
    assert.deepEqual(
      checks.filter(({ explanation, blame }) => explanation !== null || blame !== undefined),
      [],
    );
  });
});

/** Of gradients by rules: those of hand-derived values are not. */
async function failedChecks(text: string): Promise<readonly CheckReport[]> {
  const { checks } = (await runText(text)).outcome.report.runs![0]!;
  return checks.filter(({ status, label }) => status === "failed" && label!.startsWith("3. "));
}
