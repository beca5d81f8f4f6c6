// What the printed equations come to, computed by the test's own arithmetic, against the gradients of the engine.
import assert from "node:assert/strict";
import { execute } from "../../../src/engine";
import { hostFor } from "../run-text";
import { equationsIn } from "./derive";
import { valueOf, type Values } from "./written-value";

interface Sample {
  readonly title: string;
  /** A net called M, its result called J or o. */
  readonly net: string;
  readonly run: string;
  /** The pass, and the names it is read at. */
  readonly names: readonly string[];
}

const samples: readonly Sample[] = [
  {
    title: "a classifier with weight decay",
    net: "net M(n, k, m, lambda = 0.1)(X: [N, n], y: int[N]) -> [] {\n  param W1: [n, k] = randn()\n  param b1: [k] = randn()\n  param W2: [k, m] = randn()\n  z = X @ W1 + b1\n  h = relu(z)\n  o = h @ W2\n  L = cross_entropy(o, y)\n  s = lambda * (sum(W1^2) / 2 + sum(W2^2) / 2)\n  J = L + s\n  return J\n}\n",
    run: "  X = randn([5, 4])\n  y = randint(3, [5])\n  m = M(4, 6, 3)(X, y)\n  d = backward(m.J)\n",
    names: ["W1", "b1", "W2", "z", "h", "o", "L", "s", "X"],
  },
  {
    title: "batch normalisation",
    net: "net M(eps = 0.01)(x: [N, n], t: [N, n]) -> [] {\n  param g: [n] = randn()\n  param b: [n] = randn()\n  e = mean(x, 0)\n  c = x - e\n  v = mean(c^2, 0)\n  s = sqrt(v + eps)\n  xhat = c / s\n  o = g * xhat + b\n  J = mse_loss(o, t)\n  return J\n}\n",
    run: "  x = randn([5, 3])\n  t = randn([5, 3])\n  m = M()(x, t)\n  d = backward(m.J)\n",
    names: ["g", "b", "e", "c", "v", "s", "xhat", "o", "x"],
  },
  {
    title: "weights shared by two layers",
    net: "net M(n)(x: [N, n]) -> [] {\n  param W: [n, n] = randn()\n  h = tanh(x @ W)\n  o = sigmoid(h @ W)\n  J = sum(o^3)\n  return J\n}\n",
    run: "  x = randn([4, 3])\n  m = M(3)(x)\n  d = backward(m.J)\n",
    names: ["W", "h", "o", "x"],
  },
  {
    title: "attention, from a matrix with a cotangent",
    net: "net M(d)(x: [N, d]) -> [N, d] {\n  param A: [d, d] = randn()\n  param B: [d, d] = randn()\n  q = x @ A\n  k = x @ B\n  a = q @ k.T / sqrt(d)\n  p = softmax(a, 1)\n  o = p @ x\n  return o\n}\n",
    run: "  x = randn([5, 4])\n  m = M(4)(x)\n  u = randn([5, 4])\n  d = backward(m.o, u)\n",
    names: ["A", "B", "q", "k", "a", "p", "x"],
  },
  {
    title: "bilinear forms and vectors",
    net: "net M(n, k)(x: [n], y: [k]) -> [] {\n  param A: [n, k] = randn()\n  param w: [n] = randn()\n  s = x @ A\n  r = s @ y\n  J = r * r + x @ w\n  return J\n}\n",
    run: "  x = randn([3])\n  y = randn([4])\n  m = M(3, 4)(x, y)\n  d = backward(m.J)\n",
    names: ["A", "w", "s", "r", "x", "y"],
  },
  {
    title: "quotients, roots and conditions",
    net: "net M()(x: [N, n], y: [N, n]) -> [] {\n  a = x / (1 + y^2)\n  b = sqrt(exp(a) + 1)\n  c = where(b > 1.5, b * y, log(b))\n  e = abs(c) + relu(x - y)\n  J = mean(e)\n  return J\n}\n",
    run: "  x = randn([4, 3])\n  y = randn([4, 3])\n  m = M()(x, y)\n  d = backward(m.J)\n",
    names: ["a", "b", "c", "e", "x", "y"],
  },
  {
    title: "sums along dimensions that are stretched again",
    net: "net M(n)(x: [N, n]) -> [] {\n  param w: [n] = randn()\n  r = sum(x * w, 1, keepdim = true)\n  g = x * r\n  k = mean(g, 0)\n  J = sum(k * w)\n  return J\n}\n",
    run: "  x = randn([4, 3])\n  m = M(3)(x)\n  d = backward(m.J)\n",
    names: ["w", "r", "g", "k", "x"],
  },
];

async function valuesIn(text: string): Promise<ReadonlyMap<string, Values>> {
  const session = await execute(
    hostFor(),
    { id: "test.nnspec", text, version: 1 },
    { action: "run", target: undefined, allValues: true },
  );
  const [run] = session.outcome.report.runs ?? [];
  assert.equal(run?.error ?? null, null);
  const values = new Map<string, Values>();
  for (const { name, shape, data } of [...(run?.values ?? []), ...(run?.shown ?? [])])
    values.set(name, { shape, data: Array.from(data, Number) });
  return values;
}

suite("equations: what they come to", () => {
  for (const { title, net, run, names } of samples) {
    test(title, async () => {
      const shown = names.map((name) => `d.${name}`).join(", ");
      const text = `${net}run r {\n${run}  show ${shown}, d.J, d.o\n}\n`.replace(
        /, d\.J, d\.o/,
        net.includes("  J = ") ? ", d.J" : ", d.o",
      );
      const values = await valuesIn(text);
      const of = equationsIn(text);
      for (const name of names) {
        const [found] = of("r", `d.${name}`);
        const wanted = values.get(`d.${name}`);
        assert.ok(found !== undefined && wanted !== undefined, name);
        compare(found.right.text, values, wanted);
        if (found.unfolded !== undefined) compare(found.unfolded.text, values, wanted);
        const sum = found.contributions.map(({ equation }) => `(${equation.text})`).join(" + ");
        compare(sum, values, wanted);
      }
    });
  }
});

/** A scalar on paper may stand for a tensor of equal elements. */
function compare(text: string, values: ReadonlyMap<string, Values>, wanted: Values): void {
  const found = valueOf(text, values);
  assert.ok(
    found.data.length === wanted.data.length ||
      found.data.length === 1 ||
      sameShapeIsStretched(found, wanted),
    text,
  );
  wanted.data.forEach((value, at) => {
    const got = found.data.length === wanted.data.length ? found.data[at] : stretched(found, wanted, at);
    assert.ok(
      Math.abs(got! - value) <= 1e-9 * (1 + Math.abs(value)),
      `${text}: ${String(got)} for ${String(value)}`,
    );
  });
}

function sameShapeIsStretched(found: Values, wanted: Values): boolean {
  const tail = wanted.shape.slice(wanted.shape.length - found.shape.length);
  return found.shape.every((size, axis) => size === tail[axis] || size === 1);
}

/** As NumPy stretches it. */
function stretched(found: Values, wanted: Values, at: number): number | undefined {
  let left = at;
  const index: number[] = [];
  for (const size of [...wanted.shape].reverse()) {
    index.unshift(left % size);
    left = Math.floor(left / size);
  }
  const tail = index.slice(index.length - found.shape.length);
  return found.data[
    found.shape.reduce((flat, size, axis) => flat * size + (size === 1 ? 0 : tail[axis]!), 0)
  ];
}
