// What an imported file declares is mended there: the fix names the file, and its edits are those of its text.
import assert from "node:assert/strict";
import type { FixReport } from "../../../src/protocol";
import { troubles } from "../run-text";
import { applyFixes } from "./apply-fixes";
import { runText } from "./patient-run";

const ops = `op linear(x: [N, p], W: [p, m]) -> [N, m] {
  return x @ W
  vjp x(u) = u @ W.T
  vjp W(u) = x.T @ u
}

op squash(z: [n]) -> [n] {
  y = tanh(z)
  return y
  vjp z(u) = u * (1 - y^2)
}
`;
const wrongOps = ops.replace("x.T @ u", "-x.T @ u");

const net = `import { linear } from "ops.nnspec"

net Reg(X: [N, p], t: [N, m]) -> [] {
  param W: [p, m] = randn()
  r = linear(X, W) - t
  loss = sum(r^2) / N
  return loss
  dW = 2 * X.T @ r / N
}
`;

const usesOps = `import { linear } from "ops.nnspec"

run r {
  X = randn([4, 3])
  W = randn([3, 2])
  J = sum(linear(X, W)^2)
  gradcheck J
}
`;
const namesOps = `import { linear } from "ops.nnspec"

run r {
  gradcheck linear
}
`;
const usesNet = `import { Reg } from "net.nnspec"

run r {
  m = Reg(randn([5, 3]), randn([5, 2]))
  gradcheck m.loss wrt m.W
  check m.dW ~= backward(m.loss).W
}
`;
const both = `import { squash } from "ops.nnspec"

op doubled(x: [n]) -> [n] {
  return 2 * x
  vjp x(u) = u
}

run r {
  x = randn([4])
  J = sum(squash(doubled(x)))
  gradcheck J
}
`;

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
  /** The files that are to be mended, in the order of the reports. */
  readonly mended: readonly (string | undefined)[];
}

const cases: readonly Case[] = [
  {
    name: "an op that a run applies",
    text: usesOps,
    files: { "ops.nnspec": wrongOps },
    mended: ["ops.nnspec"],
  },
  {
    name: "an op that a run samples",
    text: namesOps,
    files: { "ops.nnspec": wrongOps },
    mended: ["ops.nnspec"],
  },
  {
    name: "an op of a file that an imported one imports",
    text: usesNet,
    files: { "net.nnspec": net, "ops.nnspec": wrongOps },
    // Of the check and of the gradcheck.
    mended: ["ops.nnspec", "ops.nnspec"],
  },
  {
    name: "a hand-derived value of an imported net",
    text: usesNet,
    files: { "net.nnspec": net.replace("@ r / N", "@ r"), "ops.nnspec": ops },
    mended: ["net.nnspec"],
  },
  {
    name: "rules of both files",
    text: both,
    files: { "ops.nnspec": ops.replace("u * (1 - y^2)", "u * (1 - z^2)") },
    mended: ["ops.nnspec", undefined],
  },
];

suite("fixes in imported files", () => {
  for (const { name, text, files, mended } of cases) {
    test(name, async () => {
      const fixes = fixesOf(await runText(text, "run", files));
      assert.deepEqual(
        fixes.map(({ file }) => file),
        mended,
      );
      const after = Object.fromEntries(
        Object.entries(files).map(([file, before]) => [file, applyFixes(before, fixes, file)]),
      );
      assert.deepEqual(troubles(await runText(applyFixes(text, fixes), "run", after)), []);
    });
  }

  test("what is blamed in an imported op that a run samples is told with its file", async () => {
    const session = await runText(namesOps, "run", { "ops.nnspec": wrongOps });
    const [blame] = session.outcome.report.runs![0]!.gradchecks[0]!.blame;
    assert.equal(blame?.file, "ops.nnspec");
    assert.equal(blame.range.start.line, 3);
  });

  test("a check whose gradient comes through a wrong rule is told of the rule, which is mended in its file", async () => {
    const files = { "net.nnspec": net, "ops.nnspec": wrongOps };
    const session = await runText(usesNet, "run", files);
    const [check] = session.outcome.report.runs![0]!.checks;
    assert.match(
      check?.explanation?.message ?? "",
      /^the left side is the derivative; the right one comes by way of vjp W of `linear`, which is wrong: /u,
    );
    assert.equal(check?.explanation?.factor, 1);
    assert.deepEqual(
      check.blame?.map(({ rule, file }) => [rule, file]),
      [["vjp W", "ops.nnspec"]],
    );
    assert.equal(check.explanation.fix?.file, "ops.nnspec");
  });

  test("the standard library is not edited", async () => {
    const text = `import { Linear } from "std"

run r {
  fc = Linear(3, 2)
  X = randn([4, 3])
  o = fc(X)
  check o ~= 2 * (X @ fc.weight.T + fc.bias)
}
`;
    for (const { file } of fixesOf(await runText(text))) assert.equal(file, undefined);
  });
});

type Session = Awaited<ReturnType<typeof runText>>;

function fixesOf({ outcome: { report } }: Session): FixReport[] {
  const runs = report.runs ?? [];
  const explanations = [
    ...runs.flatMap(({ gradchecks }) =>
      gradchecks.flatMap(({ blame }) => blame.map(({ explanation }) => explanation)),
    ),
    ...runs.flatMap(({ checks }) => checks.map(({ explanation }) => explanation)),
  ];
  return explanations.flatMap((explanation) => explanation?.fix ?? []);
}
