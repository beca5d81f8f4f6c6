/** Panel states made by hand: a run that passes, one that fails, a deep net, and shapes of every kind. */
import type {
  CheckReport,
  Explanation,
  GradcheckReport,
  PanelState,
  Range,
  RunReport,
  Status,
  TargetReport,
} from "../../src/protocol";
import { type FixtureNode, noise, type NodeSpec, nodesOf, tensorOf } from "./fixture-tensors";

export interface FixtureTarget {
  readonly report: TargetReport;
  readonly nodes: readonly FixtureNode[];
}

export function lineRange(line: number): Range {
  return { start: { line, character: 2 }, end: { line, character: 40 } };
}

function check(label: string, line: number, more: Partial<CheckReport> = {}): CheckReport {
  const range = lineRange(line);
  return { label, range, at: null, status: "passed", message: "", worst: null, explanation: null, ...more };
}

function runReport(name: string, status: Status, more: Partial<RunReport>): RunReport {
  const range = lineRange(28);
  return {
    name,
    range,
    milliseconds: 3.2,
    status,
    error: null,
    checks: [],
    gradchecks: [],
    shown: [],
    ...more,
  };
}

function target(
  run: RunReport,
  nodes: readonly FixtureNode[],
  roots: TargetReport["roots"],
  root = roots[0]?.id ?? null,
): FixtureTarget {
  const { name, range, status, milliseconds } = run;
  const report: TargetReport = {
    kind: "run",
    name,
    range,
    status,
    milliseconds,
    run,
    sampled: null,
    gradchecks: [],
    nodes: nodes.map((node) => node.summary),
    roots,
    root,
  };
  return { report, nodes };
}

const gradcheckPassed: GradcheckReport = {
  of: "m.J",
  range: lineRange(75),
  at: null,
  verdict: "passed",
  reason: null,
  entries: 23,
  worstError: 3.1e-10,
  milliseconds: 0.41,
  leaves: [
    {
      name: "m.W1",
      verdict: "passed",
      entries: 12,
      worst: {
        index: [0, 2],
        rule: -0.44921,
        autodiff: -0.44921,
        forward: -0.44921,
        finiteDifference: -0.4492100003,
      },
    },
    {
      name: "m.b1",
      verdict: "passed",
      entries: 3,
      worst: { index: [1], rule: 0.428, autodiff: 0.428, forward: 0.428, finiteDifference: 0.42800000012 },
    },
    {
      name: "m.W2",
      verdict: "passed",
      entries: 6,
      worst: {
        index: [2, 0],
        rule: -0.8347,
        autodiff: -0.8347,
        forward: -0.8347,
        finiteDifference: -0.83470000009,
      },
    },
    {
      name: "m.b2",
      verdict: "passed",
      entries: 2,
      worst: { index: [0], rule: 0.2, autodiff: 0.2, forward: 0.2, finiteDifference: 0.2 },
    },
  ],
  adjoint: [
    { op: "matmul", rule: "a", error: 2.2e-16 },
    { op: "relu", rule: "x", error: 0 },
  ],
  slope: {
    value: 2.0,
    steps: [1e-1, 1e-2, 1e-3, 1e-4, 1e-5],
    remainders: [3.1e-2, 3.1e-4, 3.1e-6, 3.1e-8, 3.1e-10],
  },
  kinks: [],
  blame: [],
};

/** The weight-decay example as it comes out: everything passed. */
export function passedTarget(): FixtureTarget {
  const W2 = [-0.64, 0.51, -0.22, 0.37, -0.75, 0.68];
  const dZ = [0, 0.2381, 0.1874, 0, -0.0433, -0.0341, -0.0119, -0.0073, 0, 0.3912, 0, 0, 0.3902, 0.238, 0];
  const specs: NodeSpec[] = [
    {
      name: "X",
      op: "randn",
      role: "draw",
      value: tensorOf([5, 4], noise(1)),
      gradient: tensorOf([5, 4], noise(2)),
    },
    { name: "y", op: "randint", role: "draw", value: tensorOf([5], [0, 1, 1, 0, 0], "int") },
    {
      name: "m.W1",
      op: "randn",
      role: "parameter",
      value: tensorOf([4, 3], noise(3)),
      gradient: tensorOf(
        [4, 3],
        [
          1.0557, -0.1049, -0.4492, 1.1706, -0.0147, -0.3028, 1.1757, 0.5057, -0.1072, -0.3526, -0.2323,
          -0.1262,
        ],
      ),
    },
    {
      name: "m.b1",
      op: "zeros",
      role: "parameter",
      value: tensorOf([3], () => 0),
      gradient: tensorOf([3], [0.77, 0.428, 0.153]),
    },
    {
      name: "m.W2",
      op: "randn",
      role: "parameter",
      value: tensorOf([3, 2], W2),
      gradient: tensorOf([3, 2], [-1.4173, 1.4417, -0.4229, 0.3281, -0.8347, 0.8154]),
    },
    {
      name: "m.b2",
      op: "zeros",
      role: "parameter",
      value: tensorOf([2], () => 0),
      gradient: tensorOf([2], [0.2, -0.2]),
    },
    {
      name: "m.z",
      op: "add",
      parents: [0, 2, 3],
      value: tensorOf([5, 3], (i) => (dZ[i] === 0 ? -1 : 1) * (0.4 + Math.abs(noise(5)(i)))),
      gradient: tensorOf([5, 3], dZ),
    },
    {
      name: "m.h",
      op: "relu",
      parents: [6],
      value: tensorOf([5, 3], (i) => (dZ[i] === 0 ? 0 : 0.4 + Math.abs(noise(5)(i)))),
      gradient: tensorOf([5, 3], noise(6)),
    },
    {
      name: "m.o",
      op: "add",
      parents: [7, 4, 5],
      value: tensorOf(
        [5, 2],
        [-4.1042, 1.7542, -0.9505, 0.5568, -2.1101, 1.3511, -3.2251, 4.1435, -2.5274, 3.2354],
      ),
      gradient: tensorOf([5, 2], noise(7)),
    },
    {
      name: "m.L",
      op: "cross_entropy",
      parents: [8, 1],
      value: tensorOf([], [3.9871]),
      gradient: tensorOf([], [1]),
    },
    { name: "m.s", op: "mul", parents: [2, 4], value: tensorOf([], [0.6666]), gradient: tensorOf([], [1]) },
    { name: "m.J", op: "add", parents: [9, 10], value: tensorOf([], [4.6537]), gradient: tensorOf([], [1]) },
    {
      name: "do_dW2",
      op: "jacobian",
      parents: [8, 4],
      value: tensorOf([5, 2, 3, 2], (i) => (i % 4 === 0 ? noise(8)(i) : 0)),
      gradient: "zero",
    },
  ];
  const labels = [
    "labels",
    "outputs",
    "objective",
    "∂J/∂W1",
    "∂J/∂W2",
    "∂J/∂z",
    "5.3.8 L",
    "5.3.8 s",
    "5.3.9",
    "5.3.10 W1",
    "5.3.10 W2",
    "5.3.11 right",
    "5.3.11 middle",
    "5.3.12 right",
    "5.3.12 middle",
    "5.3.13",
    "5.3.14",
    "prod(∂J/∂o, ∂o/∂W2), in full",
  ];
  const checks = labels.map((label, i) => check(label, 36 + 2 * i));
  const run = runReport("section_5_3", "passed", { checks, gradchecks: [gradcheckPassed] });
  const roots = [
    { id: 11, name: "m.J" },
    { id: 9, name: "m.L" },
    { id: 10, name: "m.s" },
  ];
  return target(run, nodesOf(specs), roots);
}

const transposed: Explanation = {
  kind: "transposed",
  factor: null,
  expression: null,
  fit: 1.2e-16,
  runnerUp: { kind: "factor", fit: 0.31 },
  message: "The rule as written is the transpose of the right gradient: `u.T @ x` where `x.T @ u` is needed.",
};

/** A hand-written rule is wrong, a log has met a zero, a hole is left. */
export function failedTarget(): FixtureTarget {
  const nan = noise(11);
  const specs: NodeSpec[] = [
    {
      name: "X",
      op: "randn",
      role: "draw",
      value: tensorOf([6, 6], noise(9)),
      gradient: tensorOf([6, 6], noise(10)),
    },
    { name: "mask", op: "less", role: "value", value: tensorOf([6, 6], (i) => Number(i % 3 === 0), "bool") },
    {
      name: "m.W",
      op: "randn",
      role: "parameter",
      value: tensorOf([6, 6], noise(12)),
      gradient: tensorOf([6, 6], (i) => (i === 8 ? Infinity : i === 9 ? -Infinity : noise(13)(i))),
    },
    {
      name: "m.s",
      op: "matmul",
      parents: [0, 2],
      value: tensorOf([6, 6], noise(14)),
      gradient: tensorOf([6, 6], noise(15)),
    },
    {
      name: "m.a",
      op: "relu",
      parents: [3],
      value: tensorOf([6, 6], (i) => (i < 34 ? 0 : 0.7)),
      gradient: tensorOf([6, 6], () => 0),
    },
    {
      name: "m.g",
      op: "log",
      parents: [3],
      value: tensorOf([6, 6], (i) => (i % 7 === 0 ? NaN : i === 20 ? -Infinity : nan(i))),
      gradient: tensorOf([6, 6], (i) => (i % 7 === 0 ? NaN : nan(i))),
    },
    {
      name: "m.q",
      op: "mul",
      parents: [5, 4],
      value: tensorOf([6, 6], (i) => (i % 7 === 0 ? NaN : i === 20 ? Infinity : nan(i + 1))),
      gradient: "pending",
    },
    {
      name: "m.unused",
      op: "sigmoid",
      parents: [0],
      value: tensorOf([6, 6], (i) => (noise(9)(i) > 0 ? 0.999 : 0.0004)),
      gradient: "zero",
    },
    {
      name: "m.r",
      op: "gather",
      parents: [1],
      value: null,
      fault: "Index 7 is out of range for dimension 0, which has 6.",
    },
    { name: "J", op: "sum", parents: [6], value: tensorOf([], [NaN]), gradient: tensorOf([], [1]) },
  ];
  const failed = check("∂J/∂W", 40, {
    status: "failed",
    message: "12 of 36 elements are not close.",
    worst: { index: [2, 0], actual: 1.0, expected: 1.1002, difference: 0.1002, tolerance: 1.1e-5 },
    explanation: transposed,
  });
  const checks = [
    check("forward", 36),
    check("shape of s", 38, { message: "" }),
    failed,
    check("objective", 42, {
      status: "error",
      message: "m.r has no value: Index 7 is out of range for dimension 0, which has 6.",
    }),
    check("turn", 44, {
      status: "pending",
      message: "Depends on a hole: `vjp W` of `linear` is `?`.",
      at: { i: 2, f: "tanh" },
    }),
  ];
  const gradchecks: GradcheckReport[] = [
    {
      ...gradcheckPassed,
      of: "m.s",
      verdict: "failed",
      entries: 72,
      worstError: 0.84,
      milliseconds: 2.9,
      leaves: [
        {
          name: "X",
          verdict: "passed",
          entries: 36,
          worst: {
            index: [3, 1],
            rule: 0.2381,
            autodiff: 0.2381,
            forward: 0.2381,
            finiteDifference: 0.2380999999,
          },
        },
        {
          name: "m.W",
          verdict: "failed",
          entries: 36,
          worst: {
            index: [2, 0],
            rule: 1.3412,
            autodiff: -0.8347,
            forward: -0.8347,
            finiteDifference: -0.8347000002,
          },
        },
      ],
      adjoint: [
        { op: "linear", rule: "x", error: 1.9e-16 },
        { op: "linear", rule: "W", error: 0.62 },
      ],
      slope: {
        value: 1.0,
        steps: [1e-1, 1e-2, 1e-3, 1e-4, 1e-5],
        remainders: [8.4e-2, 8.1e-3, 8.1e-4, 8.1e-5, 8.1e-6],
      },
      kinks: [{ node: "m.a", op: "relu", range: lineRange(14), index: [3, 1] }],
      blame: [
        {
          op: "linear",
          rule: "vjp W",
          node: "m.s",
          range: lineRange(9),
          file: "examples/lib.nnspec",
          index: [2, 0],
          explanation: transposed,
        },
      ],
    },
    {
      ...gradcheckPassed,
      of: "m.q",
      range: lineRange(80),
      verdict: "undecided",
      reason: "36 of 36 entries stand on a kink or are not finite.",
      entries: 36,
      worstError: NaN,
      leaves: [],
      adjoint: [],
      slope: null,
    },
  ];
  const error = {
    code: "NN501",
    message: "`gather`: index 7 is out of range for dimension 0, which has 6 (from `X`, line 6).",
    range: lineRange(16),
  };
  const run = runReport("broken", "error", { checks, gradchecks, error });
  return target(run, nodesOf(specs, 100), [{ id: 109, name: "J" }]);
}

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
  return target(run, nodesOf(specs, 200), [{ id: 200 + specs.length - 1, name: "loss" }]);
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
    // Asymmetric on purpose: a swapped axis or sign shows. Row-major 0, 1, 2 … with a NaN and both infinities.
    {
      name: "probe",
      op: "literal",
      value: tensorOf([3, 4], [-6, -3, 0, 3, 6, 1, NaN, 2, Infinity, -Infinity, 4, 5], "float64"),
      gradient: tensorOf([3, 4], [8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -2, -8], "float64"),
    },
  ];
  const run = runReport("shapes", "passed", { milliseconds: 1840 });
  return target(run, nodesOf(specs, 400), [{ id: 404, name: "loss" }]);
}

export function panelState(targets: readonly FixtureTarget[], more: Partial<PanelState> = {}): PanelState {
  return {
    uri: "file:///project/examples/weight-decay.nnspec",
    fileName: "weight-decay.nnspec",
    phase: "finished",
    stale: false,
    runId: 1,
    progress: null,
    targets: targets.map((one) => one.report),
    target: targets[0]?.report.name ?? null,
    message: null,
    ...more,
  };
}
