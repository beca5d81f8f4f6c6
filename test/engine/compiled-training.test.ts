// Training by compiled steps is training by interpreted ones: losses, parameters, faults, and where a NaN is born.
import assert from "node:assert/strict";
import { compiledTraining } from "../../src/engine/compiled-training";
import { optimizers, type OptimizerState } from "../../src/engine/optimizers";
import { trainOverBatches } from "../../src/engine/training";
import type { TrainingPlan, TrainingResult, TrainingVariant } from "../../src/language/check";
import { backward, Graph, type Node } from "../../src/runtime/graph";
import { fromArray, torchGenerator, type FloatDType, type Tensor } from "../../src/runtime/tensor";
import { generator, normal } from "../runtime/ops/sample-draw";

interface Task {
  readonly float: FloatDType;
  readonly optimizer: string;
  readonly settings: Readonly<Record<string, number | boolean>>;
  readonly shuffle: boolean;
  /** Changes the classes or the pictures before training. */
  readonly spoil?: (images: Tensor, classes: Tensor) => void;
  readonly epochs?: number;
}

function drawn(float: FloatDType, shape: readonly number[], seed: number): Tensor {
  const random = generator(seed);
  const count = shape.reduce((product, size) => product * size, 1);
  return fromArray(
    float,
    shape,
    Array.from({ length: count }, () => normal(random)),
  );
}

/** A net of two layers on 19 examples in batches of 8, 8 and 3. */
function planOf({ float, optimizer, settings, shuffle, spoil, epochs = 40 }: Task): TrainingPlan {
  const images = drawn(float, [19, 7], 1);
  const classes = fromArray(
    "int",
    [19],
    Array.from({ length: 19 }, (_, i) => i % 5),
  );
  spoil?.(images, classes);
  const initial = [
    drawn(float, [7, 11], 2),
    drawn(float, [11], 3),
    drawn(float, [11, 5], 4),
    drawn(float, [2], 5),
  ];
  const variantOf = (size: number): TrainingVariant => {
    const graph = new Graph({ float });
    const build = graph.builder();
    const x = graph.source(fromArray(float, [size, 7], new Float64Array(size * 7)));
    const labels = graph.source(fromArray("int", [size], new Float64Array(size)));
    const parameters = initial.map((value) => graph.source(value));
    const [w1, b1, w2] = parameters as [Node, Node, Node];
    const hidden = build.tanh(build.add(build.matmul(x, w1), b1));
    const scores = build.add(build.matmul(hidden, w2), build.log(build.sum(build.square(x), [1], true)));
    const loss = build.apply("cross_entropy", [scores, labels]);
    const pass = backward(graph, loss, build.onesLike(loss));
    const gradients = parameters.map((parameter) => {
      const gradient = pass.gradient(parameter);
      return gradient === "pending" ? undefined : gradient;
    });
    return { inputs: [x, labels], loss, parameters, gradients, draws: [] };
  };
  const made = optimizers.get(optimizer)!.make(settings);
  assert.ok(made.ok);
  return {
    variants: new Map([8, 3].map((size) => [size, variantOf(size)])),
    record: undefined,
    data: [images, classes],
    size: 8,
    shuffle,
    epochs,
    optimizer: made.value.start(initial),
    initial,
  };
}

function train(plan: TrainingPlan): ReturnType<typeof trainOverBatches> {
  return trainOverBatches(plan, {
    generator: torchGenerator(3),
    memoryLimit: 2 ** 30,
    poll: () => undefined,
  });
}

/** The same plan with an optimizer that nobody can record. */
function interpreted(plan: TrainingPlan): TrainingPlan {
  const { optimizer } = plan;
  return { ...plan, optimizer: { step: (parameters, gradients) => optimizer.step(parameters, gradients) } };
}

function both(task: Task): [ReturnType<typeof trainOverBatches>, ReturnType<typeof trainOverBatches>] {
  const plan = planOf(task);
  assert.ok(compiledTraining(plan, 3 * plan.epochs, 2 ** 30) !== undefined, "this is compiled");
  return [train(plan), train(interpreted(planOf(task)))];
}

function assertNear(found: Tensor, expected: Tensor, tolerance: number, what: string): void {
  assert.deepEqual(found.shape, expected.shape);
  expected.data.forEach((wanted: number, index: number) => {
    const value = found.data[index]!;
    const near =
      Object.is(value, wanted) || Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
    assert.ok(near, `${what} ${index}: ${value} is not ${wanted}`);
  });
}

function finished(result: ReturnType<typeof trainOverBatches>): TrainingResult {
  assert.ok("losses" in result, "it comes to its end");
  return result;
}

const settings: readonly [string, Task["settings"]][] = [
  ["sgd", { lr: 0.1, momentum: 0.9, weight_decay: 0.01 }],
  ["adam", { lr: 0.01, amsgrad: true }],
];

suite("compiled training", () => {
  for (const [optimizer, given] of settings) {
    for (const float of ["float64", "float32"] as const) {
      test(`${optimizer} in ${float} goes the way of interpreted training, short last batches and all`, () => {
        const [found, expected] = both({ float, optimizer, settings: given, shuffle: true }).map(finished);
        const tolerance = float === "float64" ? 1e-9 : 1e-2;
        assertNear(found!.losses, expected!.losses, tolerance, "loss");
        found!.parameters.forEach((value, index) => {
          assertNear(value, expected!.parameters[index]!, tolerance, `parameter ${index}, element`);
        });
        assertNear(found!.parameters[3]!, expected!.parameters[3]!, tolerance, "unused parameter");
      });
    }
  }

  test("a class that is none is told as interpreted training tells it", () => {
    const [found, expected] = both({
      float: "float64",
      optimizer: "adam",
      settings: {},
      shuffle: false,
      spoil: (_, classes) => (classes.data[10] = 5),
    });
    assert.ok("message" in found && "message" in expected);
    assert.equal(found.step, 1);
    assert.match(found.message, /5/);
    assert.deepEqual([found.step, found.message], [expected.step, expected.message]);
  });

  test("the first NaN is found where it is born, and training goes on with it", () => {
    const [found, expected] = both({
      float: "float64",
      optimizer: "sgd",
      settings: { lr: 0.1 },
      shuffle: false,
      spoil: (images) => (images.data[10 * 7] = NaN),
      epochs: 60,
    }).map(finished);
    assert.equal(found!.broken?.step, 1);
    assert.deepEqual(found!.broken.message, expected!.broken?.message);
    assert.deepEqual([...found!.losses.data].map(Number.isNaN), [...expected!.losses.data].map(Number.isNaN));
  });

  test("little work is interpreted, and so is what only a strange optimizer knows", () => {
    const plan = planOf({ float: "float64", optimizer: "adam", settings: {}, shuffle: false });
    assert.equal(compiledTraining(plan, 2, 2 ** 30), undefined);
    assert.equal(compiledTraining(interpreted(plan), 1e6, 2 ** 30), undefined);
    assert.equal(compiledTraining(plan, 1e6, 1000), undefined, "without memory it is not compiled");
    const recordable: keyof OptimizerState = "record";
    assert.ok(recordable in plan.optimizer);
  });
});
