/** Runs with many nodes and with tensors of every shape. */
import { type FixtureTarget, runReport, targetOf } from "./fixture-states";
import { noise, type NodeSpec, nodesOf, tensorOf } from "./fixture-tensors";

/** A hundred nodes of a net eleven layers deep, with a gradient that vanishes. */
export function deepTarget(): FixtureTarget {
  const specs: NodeSpec[] = [
    {
      name: "images",
      op: "digits",
      role: "input",
      value: tensorOf([64, 784], (i) => Math.max(0, noise(20)(i))),
      gradient: "zero",
    },
  ];
  for (let layer = 1; layer <= 11; layer++) {
    const fade = 10 ** (-0.9 * (11 - layer));
    const of = (
      name: string,
      op: string,
      shape: readonly number[],
      salt: number,
      role: NodeSpec["role"] = "value",
    ): NodeSpec => ({
      name: `encoder.block_with_a_long_name.${name}[${String(layer)}]`,
      op,
      role,
      group: "encoder.block_with_a_long_name",
      value: tensorOf(shape, (i) => noise(salt + layer)(i) / Math.sqrt(shape[0]!)),
      gradient: tensorOf(shape, (i) => fade * noise(salt + layer + 500)(i)),
    });
    specs.push(
      of("W", "kaiming_uniform", [64, 64], 100, "parameter"),
      of("b", "zeros", [64], 200, "parameter"),
      of("z", "add", [64, 64], 300),
      of("a", "tanh", [64, 64], 400),
    );
    specs.push(
      of("norm.weight", "ones", [64], 600, "parameter"),
      of("norm.bias", "zeros", [64], 700, "parameter"),
      of("norm.out", "layer_norm", [64, 64], 800),
      of("residual", "add", [64, 64], 900),
      of("drop", "dropout", [64, 64], 1000),
    );
  }
  const run = runReport("deep_net", "passed", { milliseconds: 184 });
  specs.push({
    name: "loss",
    op: "cross_entropy",
    value: tensorOf([], [2.3026]),
    gradient: tensorOf([], [1]),
  });
  return targetOf(run, nodesOf(specs, 200), [{ id: 200 + specs.length - 1, name: "loss" }]);
}

/** A thousand nodes and more. */
export function longTarget(): FixtureTarget {
  const specs = Array.from({ length: 1500 }, (_, i): NodeSpec => {
    const value = tensorOf([4, 4], noise(i));
    return { name: `m.z[${String(i)}]`, op: "add", value, gradient: tensorOf([4, 4], noise(i + 5000)) };
  });
  return targetOf(runReport("long", "passed", {}), nodesOf(specs, 10_000), []);
}

/** Shapes of every kind, the largest never held in memory. */
export function shapesTarget(): FixtureTarget {
  const wave =
    (columns: number) =>
    (i: number): number => {
      const row = Math.floor(i / columns);
      const column = i % columns;
      return Math.sin(row / 80) * Math.cos(column / 120) + 0.1 * noise(31)(i);
    };
  const filter = (i: number): number => {
    const x = (i % 32) - 16;
    const y = (Math.floor(i / 32) % 32) - 16;
    const image = Math.floor(i / 1024);
    return Math.exp(-(x * x + y * y) / 90) * Math.cos((x * Math.cos(image) + y * Math.sin(image)) / 2.5);
  };
  const specs: NodeSpec[] = [
    {
      name: "huge",
      op: "matmul",
      value: tensorOf([4096, 4096], wave(4096)),
      gradient: tensorOf([4096, 4096], (i) => wave(4096)(i + 7777) * 1e-3),
    },
    {
      name: "filters",
      dims: ["out", null, "height", "width"],
      op: "conv2d",
      role: "parameter",
      value: tensorOf([8, 3, 32, 32], filter),
      gradient: tensorOf([8, 3, 32, 32], (i) => filter(i + 512) * 0.02),
    },
    {
      name: "bias",
      op: "zeros",
      role: "parameter",
      value: tensorOf([784], (i) => Math.sin(i / 40)),
      gradient: tensorOf([784], (i) => noise(33)(i) * 0.1),
    },
    {
      name: "short",
      op: "add",
      value: tensorOf([5], [1, -2, 0, 3.5, -0.25]),
      gradient: tensorOf([5], [0.5, 0, NaN, -1, 2]),
    },
    { name: "loss", op: "mean", value: tensorOf([], [0.69314718]), gradient: tensorOf([], [1]) },
    { name: "labels", op: "randint", role: "draw", value: tensorOf([12], (i) => (i * 7) % 10, "int") },
    { name: "nothing", op: "slice", value: tensorOf([0, 4], () => 0), gradient: "zero" },
    {
      name: "column",
      op: "sum",
      value: tensorOf([40, 1], noise(35)),
      gradient: tensorOf([40, 1], noise(36)),
    },
    {
      name: "digit",
      op: "png",
      role: "input",
      value: tensorOf([28, 28], (i) => Math.max(0, filter((i % 28) + 2 + 32 * (Math.floor(i / 28) + 2)))),
      gradient: "zero",
    },
    {
      name: "h",
      op: "tanh",
      at: { i: 1 },
      value: tensorOf([3, 3], noise(37)),
      gradient: tensorOf([3, 3], noise(38)),
    },
    {
      name: "h",
      op: "tanh",
      at: { i: 2 },
      value: tensorOf([3, 3], noise(39)),
      gradient: tensorOf([3, 3], noise(40)),
    },
    // One NaN, one infinity and one outlier that stand between the samples of any even thinning.
    {
      name: "needle",
      op: "add",
      dims: ["N", "n_hidden"],
      value: tensorOf([600, 700], (i) =>
        i === 333 * 700 + 201
          ? NaN
          : i === 77 * 700 + 555
            ? Infinity
            : i === 401 * 700 + 396
              ? 40
              : noise(41)(i) / 4,
      ),
      gradient: tensorOf([600, 700], noise(42)),
    },
    // Asymmetric on purpose: a swapped axis or sign shows. Row-major 0, 1, 2 … with a NaN and both infinities.
    {
      name: "probe",
      op: "literal",
      value: tensorOf([3, 4], [-6, -3, 0, 3, 6, 1, NaN, 2, Infinity, -Infinity, 4, 5], "float64"),
      gradient: tensorOf([3, 4], [8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -2, -8], "float64"),
    },
  ];
  specs.push({ name: "hundred_million", op: "matmul", value: tensorOf([10_000, 10_000], wave(10_000)) });
  const run = runReport("shapes", "passed", { milliseconds: 1840 });
  return targetOf(run, nodesOf(specs, 400), [{ id: 404, name: "loss" }]);
}
