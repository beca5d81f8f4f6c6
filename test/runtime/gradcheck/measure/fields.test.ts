// All entries' differences at once are those of entries moved one by one, for every way in which leaves enter; a fault in them is caught.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Forward } from "../../../../src/runtime/gradcheck/measure/answers";
import { Differences, firstStep } from "../../../../src/runtime/gradcheck/measure/differences";
import { Fields } from "../../../../src/runtime/gradcheck/measure/fields";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import type { Builder } from "../../../../src/runtime/ops";
import { fromArray, torchGenerator, type Tensor } from "../../../../src/runtime/tensor";
import { Program } from "../program";

interface Made {
  readonly leaves: readonly Node[];
  readonly root: Node;
}

class Sheet {
  readonly graph = new Graph();
  readonly b: Builder<Node> = this.graph.builder();
  readonly #draw = torchGenerator(5);

  source(...shape: number[]): Node {
    return this.graph.source(this.#draw.randn(shape, "float64"));
  }

  labels(...values: number[]): Node {
    return this.graph.source(fromArray("int", [values.length], values));
  }
}

/** Programs by name, and how many evaluations up and down, of single operators mostly, the differences of each leaf may take. */
const programs: Readonly<Record<string, readonly [(s: Sheet) => Made, ...number[]]>> = {
  "a power of each element": [
    (s) => {
      const x = s.source(6, 5);
      return { leaves: [x], root: s.b.pow(x, s.graph.source(fromArray("float64", [], [2]))) };
    },
    1,
  ],
  "a sum of functions of each element": [
    (s) => {
      const x = s.source(6, 5);
      return { leaves: [x], root: s.b.mean(s.b.mul(s.b.tanh(x), s.b.exp(s.b.neg(s.b.square(x))))) };
    },
    3,
  ],
  "a net of two layers": [
    (s) => {
      const [x, w, v, c, d] = [s.source(4, 7), s.source(7, 5), s.source(5, 3), s.source(5), s.source(3)];
      const hidden = s.b.tanh(s.b.add(s.b.matmul(x, w), c));
      const scores = s.b.add(s.b.matmul(hidden, v), d);
      const root = s.b.apply("cross_entropy", [scores, s.labels(0, 2, 1, 1), undefined]);
      return { leaves: [x, w, c, v, d], root };
    },
    5,
    5,
    5,
    3,
    3,
  ],
  "layers with transposed weights, and a penalty": [
    (s) => {
      const [x, w, v] = [s.source(4, 7), s.source(5, 7), s.source(3, 5)];
      const hidden = s.b.apply("relu", [s.b.matmul(x, s.b.transpose(w))]);
      const out = s.b.apply("linear", [hidden, v]);
      const fit = s.b.apply("mse_loss", [out, s.source(4, 3)]);
      const root = s.b.add(fit, s.b.mul(s.b.constant(0.1), s.b.sum(s.b.square(w))));
      return { leaves: [w, v], root };
    },
  ],
  "the same weight at each step": [
    (s) => {
      const [w, u] = [s.source(5, 5), s.source(3, 5)];
      let h = s.source(2, 5);
      for (let t = 0; t < 3; t++) h = s.b.tanh(s.b.add(s.b.matmul(h, w), s.b.matmul(s.source(2, 3), u)));
      return { leaves: [w, u], root: s.b.sum(s.b.square(h)) };
    },
    15,
    15,
  ],
  "attention with a residual": [
    (s) => {
      const [x, q, k, v] = [s.source(3, 4, 6), s.source(6, 5), s.source(6, 5), s.source(6, 6)];
      const keys = s.b.matmul(x, k);
      const scores = s.b.matmul(s.b.matmul(x, q), s.b.transpose(keys));
      const mixed = s.b.matmul(s.b.apply("softmax", [scores], { dim: -1 }), s.b.matmul(x, v));
      const normal = s.b.apply("layer_norm", [s.b.add(x, mixed)], { normalized_shape: [6] });
      return { leaves: [x, q, k, v], root: s.b.mean(s.b.square(s.b.sub(normal, s.source(3, 4, 6)))) };
    },
    120,
    20,
    20,
    24,
  ],
  "a convolutional net": [
    (s) => {
      const [x, f, g] = [s.source(2, 2, 6, 6), s.source(3, 2, 3, 3), s.source(3)];
      const planes = s.b.tanh(s.b.apply("conv2d", [x, f, g], { padding: 1, stride: 2 }));
      const pooled = s.b.apply("avg_pool2d", [planes], { kernel_size: [3] });
      const w = s.source(3, 4);
      const scores = s.b.matmul(s.b.reshape(pooled, [2, 3]), w);
      const root = s.b.apply("cross_entropy", [scores, s.labels(3, 1), undefined]);
      return { leaves: [x, f, g, w], root };
    },
    72,
    27,
    27,
    4,
  ],
  "batches that are normalised together": [
    (s) => {
      const [x, w, g] = [s.source(4, 3), s.source(3, 5), s.source(5)];
      const normal = s.b.apply("batch_norm", [s.b.matmul(x, w), g]);
      return { leaves: [w, g], root: s.b.sum(s.b.tanh(s.b.mul(normal, s.source(4, 5)))) };
    },
    5,
    6,
  ],
  "a leaf that is an inner value, and one before it": [
    (s) => {
      const x = s.source(3, 4);
      const z = s.b.matmul(s.b.tanh(x), s.source(4, 2));
      return { leaves: [z, x], root: s.b.sum(s.b.apply("softmax", [s.b.square(z)], { dim: 1 })) };
    },
  ],
  "a root that is linear": [
    (s) => {
      const w = s.source(4, 3);
      return { leaves: [w], root: s.b.sum(s.b.matmul(s.source(2, 4), w)) };
    },
  ],
  "a root of several elements": [
    (s) => {
      const [x, w] = [s.source(3, 4), s.source(4, 2)];
      return { leaves: [x, w], root: s.b.tanh(s.b.matmul(x, w)) };
    },
    4,
    2,
  ],
  "a leaf that nothing depends on": [(s) => ({ leaves: [s.source(3)], root: s.b.sum(s.source(2)) })],
  "one element with itself": [
    (s) => {
      const x = s.source(3, 3);
      return { leaves: [x], root: s.b.sum(s.b.exp(s.b.mul(s.b.matmul(x, x), s.b.constant(0.1)))) };
    },
  ],
};

function baseOf(): (node: Node) => Tensor {
  const evaluator = new Evaluator({ float: "float64" });
  return (node) => evaluator.evaluate(node) as Tensor; // nothing is at fault here
}

const nothing = (): void => undefined;

function cotangentsOf(root: Node): Float64Array[] {
  const count = root.shape.reduce((product, size) => product * size, 1);
  return [0, 1].map((k) => Float64Array.from({ length: count }, (_, i) => Math.cos(3 * i + k)));
}

/** Every entry's difference and tangent, both ways. */
function compare({ leaves, root }: Made, graph: Graph, title: string, most: readonly number[] = []): void {
  const base = baseOf();
  const cotangents = cotangentsOf(root);
  const fields = new Fields({ base, root, leaves, cotangents, moves: firstStep });
  leaves.forEach((leaf, at) => {
    const differences = new Differences(base, leaf, root, cotangents, nothing);
    const forward = new Forward(graph, base, leaf, root, cotangents);
    let turns = 0;
    const together = fields.of(leaf, () => turns++);
    if (most[at] !== undefined) assert.ok(turns <= most[at], `${title}: ${turns} turns`);
    const direction = Float64Array.from({ length: base(leaf).data.length }, (_, i) => Math.sin(i));
    const tangents = forward.all([0], direction, nothing);
    assert.ok(tangents !== undefined, `${title}: tangents`);
    const noise = differences.noise();
    for (let entry = 0; entry < direction.length; entry++) {
      const [plain, along] = [differences.quick(entry), forward.along(entry)];
      cotangents.forEach((_, k) => {
        const allowed =
          1e-7 * Math.max(1, Math.abs(plain[k]!)) + 20 * (noise[k]! / differences.stepFor(entry));
        const miss = Math.abs(together[k]![entry]! - plain[k]!);
        assert.ok(
          miss <= allowed,
          `${title}, leaf ${at}, entry ${entry}: ${together[k]![entry]!}, not ${plain[k]!}`,
        );
        const apart = Math.abs(tangents[k]![entry]! - along[k]!);
        assert.ok(apart <= 1e-11 * Math.max(1, Math.abs(along[k]!)), `${title}, tangent ${entry}`);
      });
    }
    assert.ok(differences.all(fields, [0], direction, nothing) !== undefined, `${title}: rechecked`);
  });
}

/** Smooth operators of matrices of one size, with leaves among their operands, by a list of choices. */
function randomProgram(choices: readonly number[]): Made & { readonly graph: Graph } {
  const s = new Sheet();
  const [w, v, c] = [s.source(4, 4), s.source(4, 4), s.source(4)];
  const values: Node[] = [s.source(3, 4)];
  for (const choice of choices) {
    const [x, y] = [values.at(-1)!, values[choice % values.length]!];
    const steps: readonly (() => Node)[] = [
      () => s.b.tanh(x),
      () => s.b.matmul(x, w),
      () => s.b.matmul(x, s.b.transpose(v)),
      () => s.b.add(x, c),
      () => s.b.add(x, y),
      () => s.b.mul(s.b.tanh(x), s.b.sigmoid(y)),
      () => s.b.apply("softmax", [x], { dim: -1 }),
      () => s.b.apply("softmax", [x], { dim: 0 }),
      () => s.b.apply("layer_norm", [x], { normalized_shape: [4] }),
      () => s.b.sub(x, s.b.mean(y, [1], true)),
      () => s.b.reshape(s.b.reshape(x, [2, 6]), [3, 4]),
      () => s.b.apply("linear", [x, v, c]),
      () => s.b.mul(x, s.b.constant(0.5)),
      () => s.b.apply("flip", [s.b.sin(x)], { dims: [choice % 2] }),
    ];
    values.push(steps[Math.floor(choice / 8) % steps.length]!());
  }
  const x = values.at(-1)!;
  const last = choices.at(-1) ?? 0;
  const root = last % 3 === 0 ? x : last % 3 === 1 ? s.b.mean(s.b.square(x)) : s.b.sum(s.b.square(x), [0]);
  return { graph: s.graph, leaves: [values[0]!, w, v, c], root };
}

suite("all entries at once", () => {
  for (const [name, [make, ...most]] of Object.entries(programs)) {
    test(`${name}: as entry by entry`, () => {
      const sheet = new Sheet();
      compare(make(sheet), sheet.graph, name, most);
    });
  }

  test("random programs: as entry by entry", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }), (choices) => {
        const made = randomProgram(choices);
        compare(made, made.graph, choices.join());
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  test("in deep nets it is not thought for long", () => {
    const s = new Sheet();
    const [w, u] = [s.source(3, 3), s.source(3, 3)];
    let h = s.source(2, 3);
    for (let t = 0; t < 2000; t++) {
      const bent = t % 10 === 0 ? s.b.tanh(h) : h;
      h = s.b.add(h, s.b.mul(s.b.constant(1e-3), s.b.matmul(bent, t % 2 === 0 ? w : u)));
    }
    const root = s.b.sum(h);
    const base = baseOf();
    base(root);
    const fields = new Fields({
      base,
      root,
      leaves: [w, u],
      cotangents: [Float64Array.of(1)],
      moves: firstStep,
    });
    assert.ok(fields.cost(w) > 0);
    assert.ok(Number.isFinite(fields.cost(w)));
    const forward = new Forward(s.graph, base, w, root, [Float64Array.of(1)]);
    assert.ok(forward.costOfAll >= 0);
  });

  test("sums that branch and meet again at each step are walked once", () => {
    const s = new Sheet();
    const w = s.source(3, 3);
    let h = s.b.tanh(s.b.matmul(s.source(2, 3), w));
    for (let t = 0; t < 60; t++) h = s.b.add(h, s.b.mul(s.b.constant(0.01), h));
    for (let t = 0; t < 60; t++) h = s.b.add(h, s.b.mul(s.b.constant(0.01), s.b.matmul(h, s.source(3, 3))));
    compare({ leaves: [w], root: s.b.sum(s.b.square(h)) }, s.graph, "branches");
    compare({ leaves: [w], root: s.b.sum(h) }, s.graph, "branches of a sum");
  });

  test("compiled sweeps give what replayed ones give", () => {
    const sheet = new Sheet();
    const [x, w] = [sheet.source(40, 30), sheet.source(30, 60)];
    const root = sheet.b.sum(
      sheet.b.pow(sheet.b.tanh(sheet.b.matmul(x, w)), sheet.graph.source(fromArray("float64", [], [2]))),
    );
    const base = baseOf();
    const cotangents = [Float64Array.of(1)];
    const fields = new Fields({ base, root, leaves: [x, w], cotangents, moves: firstStep });
    for (const leaf of [x, w]) {
      const differences = new Differences(base, leaf, root, cotangents, nothing);
      const direction = Float64Array.from({ length: base(leaf).data.length }, (_, i) => Math.sin(i));
      assert.ok(differences.all(fields, [0, 7, 100], direction, nothing) !== undefined);
    }
  });

  test("a fault at a single entry is caught along a random direction, and entries are then moved one by one", () => {
    const { value: original } = Object.getOwnPropertyDescriptor(Fields.prototype, "of")! as {
      value: Fields["of"];
    };
    let asked = 0;
    Fields.prototype.of = function (node, poll) {
      const fields = original.call(this, node, poll).map((field) => field.slice());
      fields[0]![123 % fields[0]!.length]! += 1e-2;
      asked++;
      return fields;
    };
    try {
      for (const factor of [1, 1.01]) {
        const p = new Program();
        const [x, w] = [p.source("x", [4, 30]), p.source("W", [30, 20])];
        const z = p.op("layer", { x, W: w }, (b) => b.matmul(x, w), {
          vjp: { W: (b, u) => b.mul(b.matmul(b.transpose(x), u), b.constant(factor)) },
        });
        const outcome = p.check(p.b.mean(p.b.square(p.b.tanh(z))), { W: w }, { effort: "full" });
        assert.equal(outcome.verdict, factor === 1 ? "passed" : "failed", outcome.reason ?? "");
        assert.equal(outcome.entries, 600);
        if (factor === 1) assert.ok(outcome.worstError < 1e-8);
      }
    } finally {
      Fields.prototype.of = original;
    }
    assert.ok(asked > 0);
  });

  test("a wrong rule at one entry of thousands is found, with its four answers", () => {
    const p = new Program();
    const [x, w] = [p.source("x", [4, 60]), p.source("W", [60, 40])];
    const mistake = fromArray(
      "float64",
      [60, 40],
      Float64Array.from({ length: 2400 }, (_, i) => Number(i === 1234) * 1e-3),
    );
    const z = p.op("layer", { x, W: w }, (b) => b.matmul(x, w), {
      vjp: { W: (b, u) => b.add(b.matmul(b.transpose(x), u), b.tensor(mistake)) },
    });
    const outcome = p.check(p.b.mean(p.b.square(p.b.tanh(z))), { W: w }, { effort: "full" });
    assert.equal(outcome.verdict, "failed");
    const { worst } = outcome.leaves[0]!;
    assert.deepEqual(worst?.index, [30, 34]);
    assert.ok(Math.abs(worst.rule - worst.autodiff - 1e-3) < 1e-12);
    assert.ok(Math.abs(worst.finiteDifference - worst.autodiff) < 1e-8);
    assert.ok(Math.abs(worst.forward - worst.autodiff) < 1e-12);
  });

  test("a unit next to its kink does not have each of its weights examined", () => {
    const careful = Object.getOwnPropertyDescriptor(Differences.prototype, "careful")! as {
      value: Differences["careful"];
    };
    let examined = 0;
    Differences.prototype.careful = function (move, accepts) {
      examined++;
      return careful.value.call(this, move, accepts);
    };
    try {
      for (const [offset, expected] of [
        [2e-6, "passed"],
        [0, "undecided"],
      ] as const) {
        examined = 0;
        const p = new Program();
        const [x, w] = [p.source("x", [4, 50]), p.source("W", [50, 3])];
        const z = p.b.matmul(x, w);
        const at = baseOf()(z).data;
        const shift = fromArray(
          "float64",
          [4, 3],
          Float64Array.from(at, (v, i) => (i === 5 ? offset - v : 0)),
        );
        const root = p.b.sum(p.b.square(p.b.apply("relu", [p.b.add(z, p.graph.source(shift))])));
        const kinked = p.b.sum(p.b.apply("relu", [p.b.add(z, p.graph.source(shift))]));
        const outcome = p.check(p.b.add(root, kinked), { W: w }, { effort: "full" });
        assert.equal(outcome.verdict, expected);
        assert.equal(outcome.entries, 150);
        if (offset > 0) assert.ok(examined < 10, `${examined} were examined`);
        else assert.ok(outcome.kinks.some(({ op }) => op === "relu"));
      }
    } finally {
      Object.defineProperty(Differences.prototype, "careful", careful);
    }
  });

  test("progress goes from nothing to everything, and telling it may cancel", () => {
    const p = new Program();
    const [x, w] = [p.source("x", [4, 60]), p.source("W", [60, 40])];
    const root = p.b.mean(p.b.square(p.b.apply("softmax", [p.b.matmul(x, w)], { dim: 1 })));
    const seen: number[] = [];
    const outcome = p.check(root, { W: w }, { effort: "full", poll: (done) => seen.push(done) });
    assert.equal(outcome.verdict, "passed");
    assert.ok(seen.every((done, i) => Number.isInteger(done) && (i === 0 || done >= seen[i - 1]!)));
    assert.equal(seen.at(-1), 2400);
    assert.ok(new Set(seen).size > 10);
    let polls = 0;
    const cancelled = new Error("cancelled");
    const poll = (): void => {
      if (++polls === 5) throw cancelled;
    };
    assert.throws(() => p.check(root, { W: w }, { effort: "full", poll }), cancelled);
  });
});
