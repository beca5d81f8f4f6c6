// The equations of derived gradients: against the forms that textbooks derive by hand.
import assert from "node:assert/strict";
import { equationsIn } from "./derive";

interface Form {
  readonly title: string;
  readonly text: string;
  /** In the net or op of that name: the name asked, the equation, what it is written out to. */
  readonly within: string;
  readonly forms: Readonly<Record<string, readonly [string, string?]>>;
}

const forms: readonly Form[] = [
  {
    title: "a linear layer",
    text: "net Linear_(n, m)(x: [N, n]) -> [N, m] {\n  param W: [n, m] = randn()\n  param b: [m] = zeros()\n  y = x @ W + b\n  return y\n}\n",
    within: "Linear_",
    forms: {
      W: ["∂J/∂W = xᵀ · ∂J/∂y"],
      b: ["∂J/∂b = sum(∂J/∂y, dim = 0)"],
      x: ["∂J/∂x = ∂J/∂y · Wᵀ"],
    },
  },
  {
    title: "softmax with cross-entropy",
    text: "net M(n)(o: [N, n], y: int[N]) -> [] {\n  L = cross_entropy(o, y)\n  return L\n}\n",
    within: "M",
    forms: { o: ["∂L/∂o = (softmax(o, dim = 1) - one_hot(y)) / N"] },
  },
  {
    title: "the same written with logs",
    text: "net M(n)(o: [N, n], t: [N, n]) -> [] {\n  p = softmax(o, 1)\n  L = -sum(t * log(p))\n  return L\n}\n",
    within: "M",
    forms: {
      o: ["∂L/∂o = p ⊙ (∂L/∂p - sum(∂L/∂p ⊙ p, dim = 1, keepdim))"],
      p: ["∂L/∂p = -t / p"],
    },
  },
  {
    title: "a classifier with weight decay",
    text: "net C(n, k, m, lambda = 0.1)(X: [N, n], y: int[N]) -> [] {\n  param W1: [n, k] = randn()\n  param b1: [k] = zeros()\n  param W2: [k, m] = randn()\n  z = X @ W1 + b1\n  h = relu(z)\n  o = h @ W2\n  L = cross_entropy(o, y)\n  s = lambda * (sum(W1^2) / 2 + sum(W2^2) / 2)\n  J = L + s\n  return J\n}\n",
    within: "C",
    forms: {
      W1: ["∂J/∂W1 = Xᵀ · ∂J/∂z + λ · W1", "Xᵀ · ((∂J/∂o · W2ᵀ) ⊙ relu′(z)) + λ · W1"],
      W2: ["∂J/∂W2 = hᵀ · ∂J/∂o + λ · W2", "(hᵀ · (softmax(o, dim = 1) - one_hot(y))) / N + λ · W2"],
      z: ["∂J/∂z = ∂J/∂h ⊙ relu′(z)", "((softmax(o, dim = 1) - one_hot(y)) · W2ᵀ) ⊙ relu′(z) / N"],
      h: ["∂J/∂h = ∂J/∂o · W2ᵀ", "((softmax(o, dim = 1) - one_hot(y)) · W2ᵀ) / N"],
      s: ["∂J/∂s = 1"],
    },
  },
  {
    title: "a tanh net with a mean square loss",
    text: "net T(n, k)(X: [N, n], y: [N, 1]) -> [] {\n  param W1: [n, k] = randn()\n  param W2: [k, 1] = randn()\n  h = tanh(X @ W1)\n  o = h @ W2\n  L = mse_loss(o, y)\n  return L\n}\n",
    within: "T",
    forms: {
      W1: ["∂L/∂W1 = Xᵀ · (∂L/∂h ⊙ (1 - h²))", "2 (Xᵀ · (((o - y) · W2ᵀ) ⊙ (1 - h²))) / N"],
      o: ["∂L/∂o = 2 (o - y) / N"],
    },
  },
  {
    title: "batch normalisation, with its sums",
    text: "net B(n, eps = 1e-5)(x: [N, n]) -> [N, n] {\n  param gamma: [n] = ones()\n  param beta: [n] = zeros()\n  mu = mean(x, 0)\n  c = x - mu\n  v = mean(c^2, 0)\n  s = sqrt(v + eps)\n  xhat = c / s\n  y = gamma * xhat + beta\n  return y\n}\n",
    within: "B",
    forms: {
      gamma: ["∂J/∂γ = sum(∂J/∂y ⊙ xhat, dim = 0)"],
      beta: ["∂J/∂β = sum(∂J/∂y, dim = 0)"],
      xhat: ["∂J/∂xhat = ∂J/∂y ⊙ γ"],
      v: ["∂J/∂v = 0.5 ∂J/∂s / s"],
      c: ["∂J/∂c = 2 ∂J/∂v ⊙ c / N + ∂J/∂xhat / s"],
      x: ["∂J/∂x = ∂J/∂μ / N + ∂J/∂c"],
    },
  },
  {
    title: "weights that two layers share",
    text: "net S(n)(x: [N, n]) -> [] {\n  param W: [n, n] = randn()\n  h = tanh(x @ W)\n  o = h @ W\n  J = sum(o^2)\n  return J\n}\n",
    within: "S",
    forms: {
      W: ["∂J/∂W = xᵀ · (∂J/∂h ⊙ (1 - h²)) + hᵀ · ∂J/∂o"],
      o: ["∂J/∂o = 2 o"],
    },
  },
  {
    title: "attention",
    text: "op attention(q: [N, d], k: [M, d], v: [M, e]) -> [N, e] {\n  p = softmax(q @ k.T / sqrt(d), 1)\n  return p @ v\n}\n",
    within: "attention",
    forms: {
      v: ["vjp v(u) = pᵀ · u"],
      p: ["p̄ = u · vᵀ"],
      q: [
        "vjp q(u) = ((p ⊙ (p̄ - sum(p̄ ⊙ p, dim = 1, keepdim))) · k) / √d",
        "((p ⊙ (u · vᵀ - sum((u · vᵀ) ⊙ p, dim = 1, keepdim))) · k) / √d",
      ],
      k: [
        "vjp k(u) = ((p ⊙ (p̄ - sum(p̄ ⊙ p, dim = 1, keepdim)))ᵀ · q) / √d",
        "((p ⊙ (u · vᵀ - sum((u · vᵀ) ⊙ p, dim = 1, keepdim)))ᵀ · q) / √d",
      ],
    },
  },
  {
    title: "a linear map of columns",
    text: "op f(x: [p, N], W: [m, p]) -> [m, N] {\n  return W @ x\n}\n",
    within: "f",
    forms: { x: ["vjp x(u) = Wᵀ · u"], W: ["vjp W(u) = u · xᵀ"] },
  },
  {
    title: "a bilinear form",
    text: "net Q(n, m)(x: [n], y: [m]) -> [] {\n  param A: [n, m] = randn()\n  s = x @ A @ y\n  return s\n}\n",
    within: "Q",
    forms: { A: ["∂s/∂A = x ⊗ y"], x: ["∂s/∂x = y · Aᵀ"], y: ["∂s/∂y = x · A"] },
  },
  {
    title: "backpropagation through time, one sum over all turns",
    text: "net R(n, h)(x: [L, n], h0: [h]) -> [] {\n  param W: [h, h] = randn()\n  param U: [n, h] = randn()\n  H[0] = h0\n  for t in 1 to L { H[t] = tanh(H[t-1] @ W + x[t-1] @ U) }\n  J = sum(H[L])\n  return J\n}\n",
    within: "R",
    forms: {
      W: ["∂J/∂W = Σ_t H[t-1] ⊗ (∂J/∂H[t] ⊙ (1 - H[t]²))"],
      U: ["∂J/∂U = Σ_t x[t-1] ⊗ (∂J/∂H[t] ⊙ (1 - H[t]²))"],
      "H[t]": [
        "∂J/∂H[t] = (∂J/∂H[t+1] ⊙ (1 - H[t+1]²)) · Wᵀ",
        "(((∂J/∂H[t+2] ⊙ (1 - H[t+2]²)) · Wᵀ) ⊙ (1 - H[t+1]²)) · Wᵀ",
      ],
    },
  },
  {
    title: "any depth: one layer in the terms of the next",
    text: "net D(n)(x: [N, n[0]]) -> [] {\n  a[0] = x\n  for l in 1 to 5 {\n    param W[l]: [n[0], n[0]] = randn()\n    z[l] = a[l-1] @ W[l]\n    a[l] = tanh(z[l])\n  }\n  J = sum(a[5])\n  return J\n  sample n = [3]\n}\n",
    within: "D",
    forms: {
      "W[l]": ["∂J/∂W[l] = a[l-1]ᵀ · ∂J/∂z[l]", "a[l-1]ᵀ · ((∂J/∂z[l+1] · W[l+1]ᵀ) ⊙ (1 - a[l]²))"],
      "z[l]": ["∂J/∂z[l] = ∂J/∂a[l] ⊙ (1 - a[l]²)", "((∂J/∂a[l+1] ⊙ (1 - a[l+1]²)) · W[l+1]ᵀ) ⊙ (1 - a[l]²)"],
    },
  },
  {
    title: "logistic regression",
    text: "net G(n)(x: [N, n], y: [N]) -> [] {\n  param w: [n] = zeros()\n  z = x @ w\n  p = sigmoid(z)\n  L = mean((p - y)^2)\n  return L\n}\n",
    within: "G",
    forms: {
      p: ["∂L/∂p = 2 (p - y) / N"],
      z: ["∂L/∂z = ∂L/∂p ⊙ (1 - p) ⊙ p", "2 (p - y) ⊙ (1 - p) ⊙ p / N"],
    },
  },
  {
    title: "dropout with its own mask",
    text: "net P(p = 0.5)(x: [N, n]) -> [N, n] {\n  mask = bernoulli(1 - p, [N, n])\n  y = x * mask / (1 - p)\n  return y\n}\n",
    within: "P",
    forms: { x: ["∂J/∂x = ∂J/∂y ⊙ mask / (1 - p)"] },
  },
  {
    title: "layers of layers",
    text: 'import { Linear } from "std"\nnet M(a, b)(x: [N, a]) -> [N, b] {\n  h = Linear(a, 7)(x)\n  g = relu(h)\n  o = Linear(7, b)(g)\n  return o\n}\n',
    within: "M",
    forms: {
      g: ["∂J/∂g = ∂J/∂o · o.weight"],
      h: ["∂J/∂h = ∂J/∂g ⊙ relu′(h)", "(∂J/∂o · o.weight) ⊙ relu′(h)"],
    },
  },
  {
    title: "an instance that returns another one has its own name",
    text: 'import { MLP } from "std"\nnet C(x: [N, h], y: int[N]) -> [] {\n  o = MLP([11, 5, 3])(x)\n  L = cross_entropy(o, y)\n  return L\n  sample x = rand([4, 11])\n  sample y = randint(3, [4])\n}\n',
    within: "C",
    forms: { o: ["∂L/∂o = 0.25 (softmax(o, dim = 1) - one_hot(y))"] },
  },
  {
    title: "a net whose sizes only its samples tell",
    text: "net F(widths)(images: [N, h, w], y: int[N]) -> [] {\n  x = reshape(images, [N, h * w])\n  param W: [widths[0], widths[1]] = randn()\n  o = x @ W\n  L = cross_entropy(o, y)\n  return L\n  sample widths = [20, 3]\n  sample images = rand([7, 4, 5])\n  sample y = randint(3, [7])\n}\n",
    within: "F",
    forms: { W: ["∂L/∂W = xᵀ · ∂L/∂o"] },
  },
  {
    title: "what nothing depends on",
    text: "net Z(n)(x: [N, n]) -> [] {\n  param W: [n, n] = randn()\n  param V: [n, n] = randn()\n  J = sum(x @ W)\n  return J\n}\n",
    within: "Z",
    forms: { V: ["∂J/∂V = 0"], W: ["∂J/∂W = xᵀ · 1"] },
  },
];

suite("equations: forms derived by hand", () => {
  for (const { title, text, within, forms: wanted } of forms) {
    test(title, () => {
      const of = equationsIn(text);
      for (const [name, [equation, unfolded]] of Object.entries(wanted)) {
        const [found] = of(within, name);
        assert.ok(found, name);
        assert.equal(`${found.left.text} = ${found.right.text}`, equation);
        if (unfolded !== undefined) assert.equal(found.unfolded?.text, unfolded);
      }
    });
  }

  test("each contribution says through which node it comes", () => {
    const of = equationsIn(forms[3]!.text);
    const [found] = of("C", "W1");
    assert.deepEqual(
      found?.contributions.map(({ through, equation }) => [through, equation.text]),
      [
        ["z", "Xᵀ · ∂J/∂z"],
        ["s", "λ · W1"],
      ],
    );
  });

  test("the TeX says the same", () => {
    const [found] = equationsIn(forms[3]!.text)("C", "W1");
    assert.equal(found?.left.tex, "\\frac{\\partial J}{\\partial W_{1}}");
    assert.equal(found.right.tex, "X^{\\top} \\, \\frac{\\partial J}{\\partial z} + \\lambda \\cdot W_{1}");
  });

  test("an op's input has its rule in both directions", () => {
    const shown = equationsIn(forms[8]!.text)("f", "x");
    assert.deepEqual(
      shown.map(({ left, right }) => `${left.text} = ${right.text}`),
      ["vjp x(u) = Wᵀ · u", "jvp x(dx) = W · dx"],
    );
  });

  test("in a run a gradient has the name of its pass", () => {
    const text = `${forms[3]!.text}run r {\n  X = randn([5, 4])\n  m = C(4, 3, 2)(X, randint(2, [5]))\n  dJ = backward(m.J)\n  show dJ.W2, m.z\n}\n`;
    const of = equationsIn(text);
    assert.equal(of("r", "dJ.W2")[0]?.right.text, "m.hᵀ · dJ.o + 0.1 m.W2");
    assert.equal(of("r", "m.z")[0]?.left.text, "dJ.z");
  });

  test("a tangent in a run has the name of its pass, and a finite difference no equation", () => {
    const text = `${forms[4]!.text}run r {\n  X = randn([5, 4])\n  m = T(4, 3)(X, randn([5, 1]))\n  t = jvp(m.W1, randn([4, 3]))\n  f = finite_differences(m.L)\n  show t.h, t.o, f.W1\n}\n`;
    const of = equationsIn(text);
    const lines = (name: string): readonly string[] =>
      of("r", name).map(({ left, right }) => `${left.text} = ${right.text}`);
    assert.deepEqual(lines("t.o"), ["t.o = t.h · m.W2"]);
    assert.deepEqual(lines("t.h"), ["t.h = (X · t.W1) ⊙ (1 - m.h²)"]);
    assert.deepEqual(lines("f.W1"), []);
  });

  test("what takes too long gives no equation, and nothing is thrown", () => {
    const slow =
      "net S(n)(x: [n]) -> [] {\n  y[0] = x\n  for t in 1 to 20000 { y[t] = tanh(y[t-1]) }\n  J = sum(y[20000])\n  return J\n}\n";
    let ticks = 0;
    const of = equationsIn(slow, { now: () => ticks++, milliseconds: 20 });
    assert.deepEqual(of("S", "x"), []);
    assert.ok(ticks < 30, `it went on for ${String(ticks)}`);
  });
});
