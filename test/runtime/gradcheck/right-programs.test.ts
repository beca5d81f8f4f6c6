// Right programs that are hard to check: none may fail or be blamed, and those without kinks must pass.
import assert from "node:assert/strict";
import type { Node } from "../../../src/runtime/graph";
import type { GradcheckInput } from "../../../src/runtime/gradcheck";
import type { Builder } from "../../../src/runtime/ops";
import { Program } from "./program";

type B = Builder<Node>;
type Made = { readonly root: Node; readonly leaves: Readonly<Record<string, Node>> };

interface Right {
  readonly name: string;
  readonly make: (p: Program, b: B) => Made;
  /** "passed" unless some element is on a kink. */
  readonly verdict?: "passed" | "undecided";
  readonly options?: Partial<GradcheckInput>;
}

const k = (b: B, x: number): Node => b.constant(x);

/** A sigmoid of elementary operators, with the usual rule. */
function sigmoid(p: Program, x: Node): Node {
  let s: Node;
  return p.op("sigmoid", { x }, (b) => (s = b.div(k(b, 1), b.add(k(b, 1), b.exp(b.neg(x))))), {
    vjp: { x: (b, u) => b.mul(b.mul(s, b.sub(k(b, 1), s)), u) },
    jvp: { x: (b, v) => b.mul(b.mul(s, b.sub(k(b, 1), s)), v) },
  });
}

function relu(p: Program, x: Node): Node {
  const zero = (b: B): Node => k(b, 0);
  const rule = (b: B, u: Node): Node => b.where(b.greater(x, zero(b)), u, zero(b));
  return p.op("relu", { x }, (b) => b.maximum(x, zero(b)), { vjp: { x: rule }, jvp: { x: rule } });
}

function linear(p: Program, x: Node, w: Node): Node {
  return p.op("linear", { x, W: w }, (b) => b.matmul(w, x), {
    vjp: { x: (b, u) => b.matmul(b.transpose(w), u), W: (b, u) => b.matmul(u, b.transpose(x)) },
    jvp: { x: (b, v) => b.matmul(w, v), W: (b, v) => b.matmul(v, x) },
  });
}

function scaled(p: Program, name: string, shape: number[], scale: number): Node {
  const values = p.draw.randn(shape, "float64").data;
  return p.source(
    name,
    shape,
    Float64Array.from(values, (x) => x * scale),
  );
}

const right: readonly Right[] = [
  {
    name: "saturated sigmoids",
    make: (p, b) => {
      const x = scaled(p, "x", [6, 5], 30);
      const w = p.source("W", [4, 6]);
      return { root: b.mean(b.square(sigmoid(p, linear(p, x, w)))), leaves: { W: w, x } };
    },
  },
  {
    name: "a saturated two-layer net with a large loss",
    make: (p, b) => {
      const x = p.source("x", [3, 10], p.draw.rand([3, 10], "float64").data);
      const [w0, w1, w2] = [
        [20, 3],
        [20, 20],
        [4, 20],
      ].map((shape, i) => p.source(`W${i}`, shape, p.draw.rand(shape, "float64").data));
      const y = linear(p, sigmoid(p, linear(p, sigmoid(p, linear(p, x, w0!)), w1!)), w2!);
      return { root: b.mul(k(b, 100), b.mean(b.square(y))), leaves: { W0: w0!, W1: w1!, W2: w2! } };
    },
  },
  {
    name: "tanh of exponentials, saturated",
    make: (p, b) => {
      const x = scaled(p, "x", [12], 15);
      let t: Node;
      const y = p.op(
        "tanh",
        { x },
        () => (t = b.div(b.sub(b.exp(x), b.exp(b.neg(x))), b.add(b.exp(x), b.exp(b.neg(x))))),
        { vjp: { x: (_, u) => b.mul(b.sub(k(b, 1), b.square(t)), u) } },
      );
      return { root: b.sum(y), leaves: { x } };
    },
  },
  {
    name: "softmax with cross entropy, a small constant inside the logarithm",
    make: (p, b) => {
      const o = p.source("o", [5, 4]);
      const y = b.tensor({ dtype: p.dtype, shape: [5, 4], data: oneHot([0, 3, 1, 2, 1], 4, p.dtype) });
      let q: Node;
      const root = p.op(
        "softmax_cross_entropy",
        { o, y },
        () => {
          q = b.apply("softmax", [o], { dim: 1 });
          return b.neg(b.mean(b.log(b.add(b.sum(b.mul(q, y), [1]), k(b, 1e-8)))));
        },
        { vjp: { o: (_, u) => b.mul(u, b.div(b.sub(q, y), k(b, 5))) } },
      );
      return { root, leaves: { o } };
    },
  },
  ...[1e-12, 1e-6, 1e6, 1e12].map((scale) => ({
    name: `a loss of scale ${scale}`,
    make: (p: Program, b: B): Made => {
      const x = p.source("x", [4, 5]);
      const w = p.source("W", [3, 4]);
      return { root: b.mul(k(b, scale), b.sum(b.square(b.tanh(linear(p, x, w))))), leaves: { W: w, x } };
    },
  })),
  ...[1e-8, 1e-4, 1e4, 1e8].map((scale) => ({
    name: `inputs of scale ${scale}`,
    make: (p: Program, b: B): Made => {
      const x = scaled(p, "x", [4, 5], scale);
      const w = scaled(p, "W", [3, 4], 1 / scale);
      return { root: b.sum(b.square(sigmoid(p, linear(p, x, w)))), leaves: { W: w, x } };
    },
  })),
  {
    name: "weights of scale 1e6 in a linear layer",
    make: (p, b) => {
      const x = p.source("x", [4, 5]);
      const w = scaled(p, "W", [3, 4], 1e6);
      return { root: b.sum(b.square(linear(p, x, w))), leaves: { W: w, x } };
    },
  },
  {
    name: "a loss with a large constant added",
    make: (p, b) => {
      const x = p.source("x", [4]);
      return { root: b.add(b.sum(b.square(x)), k(b, 1e9)), leaves: { x } };
    },
  },
  {
    name: "a square of something far from zero",
    make: (p, b) => {
      const x = p.source("x", [4]);
      return { root: b.sum(b.square(b.add(x, k(b, 1e6)))), leaves: { x } };
    },
  },
  {
    name: "a deep net of tanh",
    make: (p, b) => {
      const leaves: Record<string, Node> = {};
      let h: Node = p.source("x", [4, 2]);
      for (let l = 0; l < 30; l++) h = b.tanh(linear(p, h, (leaves[`W${l}`] = p.source(`W${l}`, [4, 4]))));
      return { root: b.sum(b.square(h)), leaves };
    },
  },
  {
    name: "a deep net of relu, no element on a kink",
    make: (p, b) => {
      const leaves: Record<string, Node> = {};
      let h: Node = p.source("x", [5, 3]);
      for (let l = 0; l < 12; l++) h = relu(p, linear(p, h, (leaves[`W${l}`] = p.source(`W${l}`, [5, 5]))));
      return { root: b.mean(b.square(h)), leaves };
    },
  },
  {
    name: "relu at zero",
    verdict: "undecided",
    make: (p, b) => {
      const x = p.source("x", [4], [0, 1, -1, 0]);
      return { root: b.sum(b.mul(relu(p, x), p.source("c", [4]))), leaves: { x } };
    },
  },
  {
    name: "relu of a layer whose inputs are all zero",
    verdict: "undecided",
    make: (p, b) => {
      const x = p.source("x", [4, 3], new Float64Array(12));
      const w = p.source("W", [2, 4]);
      const bias = p.source("b", [2, 1], [0, 0]);
      return { root: b.sum(relu(p, b.add(linear(p, x, w), bias))), leaves: { W: w, b: bias } };
    },
  },
  {
    name: "a maximum with ties, its rule choosing the first",
    verdict: "undecided",
    make: (p, b) => {
      const x = p.source("x", [4], [2, 1, 2, 0]);
      const y = p.op("max", { x }, () => b.amax(x), {
        vjp: {
          x: (_, u) => b.mul(u, b.tensor({ dtype: p.dtype, shape: [4], data: Float64Array.of(1, 0, 0, 0) })),
        },
      });
      return { root: b.mul(y, k(b, 3)), leaves: { x } };
    },
  },
  {
    name: "absolute values, their rule 1 at zero",
    verdict: "undecided",
    make: (p, b) => {
      const x = p.source("x", [3], [0, -2, 3]);
      const y = p.op("abs", { x }, () => b.abs(x), {
        vjp: { x: (_, u) => b.where(b.greaterEqual(x, k(b, 0)), u, b.neg(u)) },
      });
      return { root: b.sum(y), leaves: { x } };
    },
  },
  {
    name: "a sorted median, clamped",
    make: (p, b) => {
      const x = p.source("x", [7]);
      const clamped = b.apply("clamp", [x], { min: -1, max: 1 });
      return {
        root: b.add(b.sum(b.square(clamped)), b.apply("logsumexp", [x], { dim: [0] })),
        leaves: { x },
      };
    },
  },
  {
    name: "a straight-through estimator with stop_gradient",
    make: (p, b) => {
      const x = p.source("x", [5]);
      const w = p.source("w", [5]);
      const rounded = b.apply("stop_gradient", [b.sub(b.round(x), x)]);
      return { root: b.sum(b.mul(w, b.add(x, rounded))), leaves: { x, w } };
    },
  },
  {
    name: "a detached target",
    make: (p, b) => {
      const x = p.source("x", [5]);
      const target = b.apply("stop_gradient", [b.tanh(x)]);
      return { root: b.sum(b.square(b.sub(b.mul(x, x), target))), leaves: { x } };
    },
  },
  {
    name: "a leaf that the root does not depend on",
    make: (p, b) => {
      const x = p.source("x", [5]);
      const unused = p.source("unused", [2, 2]);
      return { root: b.sum(b.square(x)), leaves: { x, unused } };
    },
  },
  {
    name: "an exactly linear root, not scalar",
    make: (p) => {
      const x = p.source("x", [4, 5]);
      const w = p.source("W", [3, 4]);
      return { root: linear(p, x, w), leaves: { x, W: w } };
    },
  },
  {
    name: "an inner node as leaf",
    make: (p, b) => {
      const x = p.source("x", [4, 5]);
      const w = p.source("W", [3, 4]);
      const z = linear(p, x, w);
      return { root: b.sum(b.square(sigmoid(p, z))), leaves: { z, W: w } };
    },
  },
  {
    name: "an op applied to the same node twice",
    make: (p, b) => {
      const x = p.source("x", [5]);
      const y = b.tanh(x);
      const z = p.op("product", { a: x, b: y }, () => b.mul(x, y), {
        vjp: { a: (_, u) => b.mul(u, y), b: (_, u) => b.mul(u, x) },
        jvp: { a: (_, v) => b.mul(v, y), b: (_, v) => b.mul(v, x) },
      });
      return { root: b.sum(z), leaves: { x } };
    },
  },
  {
    name: "a normalisation that is invariant to shifts: its gradient sums to zero",
    make: (p, b) => {
      const x = scaled(p, "x", [6, 4], 100);
      const c = p.source("c", [6, 4]);
      const y = b.apply("softmax", [x], { dim: 1 });
      return { root: b.sum(b.mul(c, b.log(b.add(y, k(b, 1e-3))))), leaves: { x } };
    },
  },
  {
    name: "a cross entropy of integer labels",
    make: (p, b) => {
      const x = p.source("x", [5, 4]);
      const w = p.source("W", [4, 3]);
      return {
        root: b.apply("cross_entropy", [b.matmul(x, w), p.labels([0, 2, 1, 1, 0])]),
        leaves: { W: w, x },
      };
    },
  },
  {
    name: "a square root near its end",
    make: (p, b) => {
      const x = p.source("x", [4], [1e-9, 1e-4, 1e-2, 1]);
      return { root: b.sum(b.sqrt(x)), leaves: { x } };
    },
  },
  {
    name: "a logarithm of tiny numbers",
    make: (p, b) => {
      const x = p.source("x", [4], [1e-12, 1e-7, 1e-3, 1]);
      return { root: b.sum(b.log(x)), leaves: { x } };
    },
  },
  {
    name: "a quickly oscillating function",
    make: (p, b) => {
      const x = p.source("x", [4]);
      return { root: b.sum(b.sin(b.mul(x, k(b, 2000)))), leaves: { x } };
    },
  },
  {
    name: "a second derivative as root",
    make: (p, b) => {
      const x = p.source("x", [4]);
      const s = sigmoid(p, x);
      // s′ = s (1 − s), written with the op's own value.
      return { root: b.sum(b.mul(s, b.mul(b.sub(k(b, 1), s), x))), leaves: { x } };
    },
  },
  {
    name: "an equivalent rule of another form: mean of squares",
    make: (p, b) => {
      const y = p.source("y", [3, 4]);
      const z = p.source("z", [3, 4]);
      const root = p.op("mse", { y, z }, () => b.mean(b.square(b.sub(y, z))), {
        vjp: { y: (_, u) => b.div(b.mul(u, b.mul(k(b, 2), b.sub(y, z))), k(b, 12)) },
        jvp: { y: (_, v) => b.div(b.sum(b.mul(b.mul(k(b, 2), b.sub(y, z)), v)), k(b, 12)) },
      });
      return { root, leaves: { y, z } };
    },
  },
];

function oneHot(
  classes: readonly number[],
  count: number,
  dtype: "float64" | "float32",
): Float64Array | Float32Array {
  const values = new Float64Array(classes.length * count);
  classes.forEach((name, row) => (values[row * count + name] = 1));
  return dtype === "float64" ? values : Float32Array.from(values);
}

suite("right programs are never accused", () => {
  for (const { name, make, verdict = "passed", options } of right) {
    for (const dtype of ["float64", "float32"] as const) {
      for (const seed of [0, 1, 2])
        test(`${name}, ${dtype}, seed ${seed}`, () => {
          const p = new Program({ dtype, seed });
          const { root, leaves } = make(p, p.b);
          const outcome = p.check(root, leaves, options);
          const text = `${outcome.reason ?? ""} ${JSON.stringify(outcome.leaves.map((leaf) => ({ ...leaf, errors: undefined })))} ${JSON.stringify(outcome.blame.map(({ rule, explanation }) => [rule, explanation]))}`;
          assert.deepEqual(outcome.blame, [], text);
          assert.equal(outcome.verdict, verdict, text);
        });
    }
  }
});
