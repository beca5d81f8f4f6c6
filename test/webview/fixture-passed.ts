/** The weight-decay example as it comes out: everything passed. */
import type { GradcheckReport } from "../../src/protocol";
import { check, type FixtureTarget, lineRange, runReport, targetOf } from "./fixture-states";
import { noise, type NodeSpec, nodesOf, tensorOf } from "./fixture-tensors";

export const gradcheckPassed: GradcheckReport = {
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
    chosen: { from: 1e-5, to: 1e-1 },
    rounding: 3e-12,
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
      dims: ["n_in", "n_hidden"],
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
      dims: ["n_hidden"],
      op: "zeros",
      role: "parameter",
      value: tensorOf([3], () => 0),
      gradient: tensorOf([3], [0.77, 0.428, 0.153]),
    },
    {
      name: "m.W2",
      dims: ["n_hidden", "n_out"],
      op: "randn",
      role: "parameter",
      value: tensorOf([3, 2], W2),
      gradient: tensorOf([3, 2], [-1.4173, 1.4417, -0.4229, 0.3281, -0.8347, 0.8154]),
    },
    {
      name: "m.b2",
      dims: ["n_out"],
      op: "zeros",
      role: "parameter",
      value: tensorOf([2], () => 0),
      gradient: tensorOf([2], [0.2, -0.2]),
    },
    {
      name: "m.z",
      dims: ["N", "n_hidden"],
      op: "add",
      parents: [0, 2, 3],
      value: tensorOf([5, 3], (i) => (dZ[i] === 0 ? -1 : 1) * (0.4 + Math.abs(noise(5)(i)))),
      gradient: tensorOf([5, 3], dZ),
    },
    {
      name: "m.h",
      dims: ["N", "n_hidden"],
      op: "relu",
      parents: [6],
      value: tensorOf([5, 3], (i) => (dZ[i] === 0 ? 0 : 0.4 + Math.abs(noise(5)(i)))),
      gradient: tensorOf([5, 3], noise(6)),
    },
    {
      name: "m.o",
      dims: ["N", "n_out"],
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
  return targetOf(run, nodesOf(specs), roots);
}

/** The same nodes as a net checked alone: its leaves are named from the inside. */
export function netTarget({ report, nodes }: FixtureTarget): FixtureTarget {
  const leaves = gradcheckPassed.leaves.map((leaf) => ({ ...leaf, name: leaf.name.replace("m.", "") }));
  const gradcheck = { ...gradcheckPassed, of: "m", leaves };
  const sampled = { name: "m", range: report.range, gradcheck };
  return { report: { ...report, kind: "net", name: "m", run: null, sampled }, nodes };
}
