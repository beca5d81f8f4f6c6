/** Twenty steps of each optimizer against PyTorch 1.13 (test/oracle/make_optimizers.py), each with its options, in both widths. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optimizers } from "../../../src/engine/optimizers";
import { fromArray, type Tensor } from "../../../src/runtime/tensor";

interface Case {
  readonly optimizer: string;
  readonly arguments: Readonly<Record<string, number | boolean>>;
  readonly dtype: "float64" | "float32";
  /** By step and parameter, on kernels that round after every operation. */
  readonly steps: readonly (readonly (readonly number[])[])[];
  /** The last step on kernels with fused multiply-add. */
  readonly fused: readonly (readonly number[])[];
}

interface Oracle {
  readonly shapes: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  readonly gradients: readonly (readonly (readonly number[])[])[];
  readonly cases: readonly Case[];
  readonly defaults: Readonly<Record<string, Readonly<Record<string, number | boolean | null>>>>;
}

const oracle = JSON.parse(readFileSync(join(__dirname, "../../oracle/optimizers.json"), "utf8")) as Oracle;

function tensors(dtype: Case["dtype"], values: readonly (readonly number[])[]): readonly Tensor[] {
  return values.map((data, index) => fromArray(dtype, oracle.shapes[index]!, data));
}

/** The parameters after each step. */
function run({ optimizer, arguments: given, dtype }: Case): readonly (readonly Tensor[])[] {
  const made = optimizers.get(optimizer)?.make(given);
  assert.ok(made?.ok, made?.ok === false ? made.problem.message : optimizer);
  let parameters = tensors(dtype, oracle.start);
  const state = made.value.start(parameters);
  return oracle.gradients.map(
    (gradients) => (parameters = state.step(parameters, tensors(dtype, gradients))),
  );
}

/** The largest |found - needed|, in units of the rounding of the largest value that element had on its way. */
function farthest(found: readonly Tensor[], item: Case, needed: readonly (readonly number[])[]): number {
  const width = item.dtype === "float64" ? 2 ** -52 : 2 ** -23;
  let worst = 0;
  found.forEach((tensor, index) =>
    tensor.data.forEach((value: number, at: number) => {
      const largest = Math.max(...item.steps.map((step) => Math.abs(step[index]![at]!)));
      worst = Math.max(worst, Math.abs(value - needed[index]![at]!) / (width * largest));
    }),
  );
  return worst;
}

suite("optimizers against PyTorch", () => {
  test("each optimizer is there with several options in both widths", () => {
    assert.deepEqual([...optimizers.keys()], ["sgd", "adam", "adamw", "rmsprop"]);
    for (const name of optimizers.keys()) {
      assert.ok(oracle.cases.filter((item) => item.optimizer === name).length >= 12, name);
    }
  });

  for (const item of oracle.cases) {
    const title = `${item.optimizer}(${Object.entries(item.arguments)
      .map(([name, value]) => `${name} = ${String(value)}`)
      .join(", ")}), ${item.dtype}`;

    test(`${title}: all 20 steps are PyTorch's, bit for bit`, () => {
      const steps = run(item);
      assert.equal(steps.length, 20);
      steps.forEach((parameters, step) => {
        const found = parameters.map((parameter) => Array.from(parameter.data as Iterable<number>));
        assert.deepEqual(found, item.steps[step], `step ${String(step + 1)}`);
      });
    });

    test(`${title}: ends within a few roundings of PyTorch's fused kernels`, () => {
      // Twenty steps, each with a few roundings that fused multiply-add skips; the worst seen is 4.3.
      const units = farthest(run(item).at(-1)!, item, item.fused);
      assert.ok(units < 8, `${String(units)} roundings`);
    });
  }
});

suite("optimizers' arguments", () => {
  test("names and defaults are PyTorch's", () => {
    for (const [name, { arguments: known }] of optimizers) {
      const found = Object.fromEntries(
        Object.entries(known).map(([key, argument]) => [key, argument.default ?? null]),
      );
      assert.deepEqual(found, oracle.defaults[name]);
    }
  });

  test("every argument and optimizer is documented", () => {
    for (const { doc, formula, arguments: known } of optimizers.values()) {
      for (const text of [doc, ...Object.values(known).map((argument) => argument.doc)])
        assert.match(text, /^[A-Z].+\.$/);
      assert.match(formula, /p ← /);
    }
  });

  const refused: readonly [string, Record<string, number | boolean>, string, RegExp][] = [
    ["sgd", {}, "lr", /`sgd` needs `lr`/],
    ["sgd", { lr: -1 }, "lr", /at least 0, and is given as -1/],
    ["sgd", { lr: NaN }, "lr", /NaN/],
    ["sgd", { lr: true }, "lr", /is a number/],
    ["sgd", { lr: 1, nesterov: 1 }, "nesterov", /true or false/],
    ["sgd", { lr: 1, nesterov: true }, "nesterov", /momentum above 0/],
    ["sgd", { lr: 1, nesterov: true, momentum: 0.9, dampening: 0.1 }, "nesterov", /dampening 0.1/],
    ["adam", { beta1: 1 }, "beta1", /from 0 to below 1/],
    ["adamw", { betas: 0.9 }, "betas", /it has lr, beta1, beta2, eps/],
    ["adam", { constructor: 1 }, "constructor", /no argument/],
    ["rmsprop", { alpha: -0.1 }, "alpha", /at least 0/],
  ];
  for (const [name, given, argument, message] of refused) {
    test(`${name}(${JSON.stringify(given)}) is refused because of ${argument}`, () => {
      const made = optimizers.get(name)!.make(given);
      assert.ok(!made.ok);
      assert.equal(made.problem.argument, argument);
      assert.match(made.problem.message, message);
    });
  }
});

suite("optimizers' steps", () => {
  test("leave the tensors they are given as they are, and share no state between starts", () => {
    for (const name of optimizers.keys()) {
      const made = optimizers
        .get(name)!
        .make(
          name === "rmsprop"
            ? { lr: 0.1, momentum: 0.5 }
            : name === "sgd"
              ? { lr: 0.1, momentum: 0.5 }
              : { lr: 0.1 },
        );
      assert.ok(made.ok);
      const parameter = fromArray("float64", [2], [1, -2]);
      const gradient = fromArray("float64", [2], [0.5, 3]);
      const state = made.value.start([parameter]);
      const [once] = state.step([parameter], [gradient]);
      const copy = Array.from(once!.data as Iterable<number>);
      state.step([once!], [gradient]);
      assert.deepEqual(Array.from(parameter.data as Iterable<number>), [1, -2]);
      assert.deepEqual(Array.from(gradient.data as Iterable<number>), [0.5, 3]);
      assert.deepEqual(Array.from(once!.data as Iterable<number>), copy);
      const [again] = made.value.start([parameter]).step([parameter], [gradient]);
      assert.deepEqual(Array.from(again!.data as Iterable<number>), copy);
    }
  });

  test("a gradient of another size or width is our own bug, and throws", () => {
    const made = optimizers.get("sgd")!.make({ lr: 1 });
    assert.ok(made.ok);
    const parameter = fromArray("float64", [2], [1, 2]);
    const state = made.value.start([parameter]);
    assert.throws(() => state.step([parameter], [fromArray("float64", [3], [1, 2, 3])]), /gradient/);
    assert.throws(() => state.step([parameter], [fromArray("float32", [2], [1, 2])]), /gradient/);
    assert.throws(() => state.step([parameter], []), /1 parameters/);
  });
});
