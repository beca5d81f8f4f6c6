// What people write out of habit from NumPy, PyTorch, Python and C: each has a diagnostic with a way out, and what is written then is right.
import assert from "node:assert/strict";
import { quickFixesIn } from "../../../src/language/features";
import { diagnose } from "../check/snippet";
import { check } from "./marked";

const prelude = "  x = randn([3, 4])\n  w = randn([4, 2])\n";

function inRun(line: string): string {
  return `run r {\n${prelude}  ${line}\n}\n`;
}

/** The text after the first fix that is offered anywhere, or after the one with that title. */
function mended(text: string, title?: RegExp): string {
  const { checked } = check(text);
  const fixes = quickFixesIn(checked, { start: 0, end: text.length });
  const fix = fixes.find((each) => title?.test(each.title) ?? !each.title.startsWith("Silence"));
  assert.ok(fix, `no fix for ${text}: ${fixes.map((each) => each.title).join("; ")}`);
  return [...fix.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((sofar, { start, end, newText }) => sofar.slice(0, start) + newText + sofar.slice(end), text);
}

function errorsOf(text: string): readonly string[] {
  return diagnose(text).flatMap(({ severity, message }) => (severity === "error" ? [message] : []));
}

suite("features: ways out of NumPy and PyTorch", () => {
  const lines: readonly (readonly [written: string, meant: string])[] = [
    ["y = np.dot(x, w)", "y = x @ w"],
    ["y = dot(x, w)", "y = x @ w"],
    ["y = x.dot(w)", "y = x @ w"],
    ["y = 2 * x.matmul(w)", "y = 2 * (x @ w)"],
    ["y = x.T.mm(x - 1) + 1", "y = x.T @ (x - 1) + 1"],
    ["y = x.dot(w).sum()", "y = sum(x @ w)"],
    ["y = x.transpose()", "y = x.T"],
    ["y = x.t()", "y = x.T"],
    ["y = x.T()", "y = x.T"],
    ["y = transpose(x)", "y = x.T"],
    ["y = np.transpose(x - 1)", "y = (x - 1).T"],
    ["y = x^T", "y = x.T"],
    ["y = xᵀ", "y = x.T"],
    ["y = x.permute(1, 0)", "y = permute(x, [1, 0])"],
    ["y = sum(x, axis=0)", "y = sum(x, dim=0)"],
    ["y = np.sum(x, axis=1, keepdims=True)", "y = sum(x, dim = 1, keepdim = true)"],
    ["y = (x + x).mean(dim=-1)", "y = mean(x + x, dim = -1)"],
    ["y = np.exp(x).sum(axis=0) ** 2", "y = sum(exp(x), dim = 0) ^ 2"],
    ["y = x.exp().mean(dim=-1).detach()", "y = stop_gradient(mean(exp(x), dim = -1))"],
    ["y = x.shape[0]", "y = shape(x)[0]"],
    ["y = x.size(0)", "y = shape(x)[0]"],
    ["y = x.view(-1)", "y = reshape(x, [-1])"],
    ["y = x.reshape(4, 3).shape", "y = shape(reshape(x, [4, 3]))"],
    ["y = np.random.randn(3, 4)", "y = randn([3, 4])"],
    ["y = torch.zeros((3, 4), dtype=torch.float32)", "y = zeros([3, 4])"],
    ["y = np.array([1, 2])", "y = [1, 2]"],
    ["y = np.concatenate((x, x), axis=0)", "y = cat([x, x], dim = 0)"],
    ["y = nn.ReLU()(np.dot(x, w))", "y = relu(x @ w)"],
    ["y = x[:, np.newaxis]", "y = x[:, None]"],
    ["y = ln(exp(x))", "y = log(exp(x))"],
    ["y = softmax(x)", "y = softmax(x, dim = -1)"],
    ["y = x // 2", "y = floor(x / 2)"],
    ["y = (x + 1) % 2", "y = remainder((x + 1), 2)"],
    ["y = x * 2 // twice", "y = x * 2 # twice"],
    ["y = x ⊙ x", "y = x * x"],
    ["check x ≈ x", "check x ~= x"],
    ["check np.allclose(x, x)", "check x ~= x"],
    ["for i in range(3) { z[i] = x }", "for i in 0 to 2 { z[i] = x }"],
    ["y = [i for i in range(1, 4)]", "y = [i for i in 1 to 3]"],
    ["seed 0", "seed torch 0"],
    ["seed(0)", "seed torch 0"],
    ["np.random.seed(7)", "seed numpy 7"],
    ["torch.manual_seed(7)", "seed torch 7"],
    ["sum(x).backward()", "d = backward(sum(x))"],
    ["let y = x", "y = x"],
    ["y = x * 2 if sum(x) > 0 else x  # one", "y = where(sum(x) > 0, x * 2, x)  # one"],
    [
      "for i in 0 to 2:  # thrice\n    z[i] = x\n\n  y = z[2]",
      "for i in 0 to 2 {  # thrice\n    z[i] = x\n  }\n\n  y = z[2]",
    ],
  ];
  for (const [written, meant] of lines)
    test(written, () => {
      const text = inRun(written);
      assert.notDeepEqual(errorsOf(text), []);
      const after = mended(text);
      assert.equal(after, inRun(meant));
      assert.deepEqual(errorsOf(after), []);
    });

  test("`seed` offers both generators", () =>
    assert.equal(mended(inRun("seed 0"), /numpy/), inRun("seed numpy 0")));

  test("layers are imported as they are written", () => {
    const after = mended("run r {\n  x = nn.Sequential(nn.Linear(3, 4), nn.ReLU())(ones([2, 3]))\n}\n");
    assert.equal(
      after,
      'import { Linear } from "std"\n\nrun r {\n  x = chain([Linear(3, 4), relu])(ones([2, 3]))\n}\n',
    );
    assert.deepEqual(errorsOf(after), []);
  });

  test("a body after a colon is put between braces, to the end of the file too", () => {
    const after = mended("op f(x: [n]) -> [n]:\n  # twice\n  return x * 2");
    assert.equal(after, "op f(x: [n]) -> [n] {\n  # twice\n  return x * 2\n}");
    assert.deepEqual(errorsOf(after), []);
  });

  test("imports of Python go", () => {
    assert.equal(mended("import numpy as np\n\nrun r {\n  x = [1]\n}\n"), "\nrun r {\n  x = [1]\n}\n");
    assert.equal(mended("from torch import nn\nrun r {\n  x = [1]\n}\n"), "run r {\n  x = [1]\n}\n");
  });

  test("the rest of the statement stays as it is, comments too", () =>
    assert.equal(
      mended(inRun("y = np.exp(x) + # first\n    x.sum()  # second")),
      inRun("y = exp(x) + # first\n    sum(x)  # second"),
    ));

  test("own names that are called so are left alone", () => {
    for (const line of ["np = x; y = np.T", "range = x; y = range @ w", "dot = x; y = dot @ w"])
      assert.deepEqual(errorsOf(inRun(line)), [], line);
    const { checked } = check(inRun("y = unknown_name.sum()"));
    assert.deepEqual(
      quickFixesIn(checked, { start: 0, end: 200 }).map(({ title }) => title),
      [],
    );
  });

  test("a gradient asked of a tensor is told how it is read", () => {
    const [message] = errorsOf(inRun("y = x.grad"));
    assert.match(message ?? "", /`d = backward\(loss\)`, and read by `d\.x`/);
  });

  test("`x += 1` is told once", () => assert.equal(errorsOf(inRun("x += 1")).length, 1));
});

suite("features: what is never used", () => {
  const net = (body: string): string => `net M(x: [N]) -> [] {\n${body}  return sum(x)\n}\n`;
  const cases: readonly (readonly [string, string, string, RegExp?])[] = [
    ["a line", net("  h = x * 2  # half\n"), net("")],
    ["several lines", net("  h = x *\n    2\n"), net("")],
    [
      "a part of a line",
      net("  h = x * 2; q[0] = x; y = q[0]; _z = y\n"),
      net("  q[0] = x; y = q[0]; _z = y\n"),
    ],
    ["a name that may stay", net("  h = x\n"), net("  _h = x\n"), /Rename/],
    ["the only import", 'import { MLP } from "std"\nconst a = 1\n', "const a = 1\n"],
    [
      "the first of several imports",
      'import { MLP, Linear } from "std" # both\nrun r { m = Linear(1, 2)(ones([1, 1])) }\n',
      'import { Linear } from "std" # both\nrun r { m = Linear(1, 2)(ones([1, 1])) }\n',
    ],
    [
      "the last of several, under another name",
      'import { Linear, MLP as Many } from "std"\nrun r { m = Linear(1, 2)(ones([1, 1])) }\n',
      'import { Linear } from "std"\nrun r { m = Linear(1, 2)(ones([1, 1])) }\n',
    ],
  ];
  for (const [title, before, after, fix] of cases)
    test(`${title} goes`, () => {
      const result = mended(before, fix);
      assert.equal(result, after);
      assert.deepEqual(
        diagnose(result).filter(({ code }) => code === "NN301" || code === "NN307"),
        [],
      );
    });

  test("an import that failed is told as that, and not as unused", () =>
    assert.deepEqual(
      diagnose('import { Missing } from "std"\nconst a = 1\n').map(({ code }) => code),
      ["NN217"],
    ));
});
