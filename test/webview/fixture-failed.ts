/** A run with everything that can go wrong in it. */
import type { Explanation, GradcheckReport } from "../../src/protocol";
import { gradcheckPassed } from "./fixture-passed";
import { check, type FixtureTarget, lineRange, runReport, targetOf } from "./fixture-states";
import { noise, type NodeSpec, nodesOf, tensorOf } from "./fixture-tensors";

const transposed: Explanation = {
  kind: "transposed",
  factor: null,
  expression: null,
  fit: 1.2e-16,
  runnerUp: { kind: "factor", fit: 0.31 },
  message: "The rule as written is the transpose of the right gradient: `u.T @ x` where `x.T @ u` is needed.",
  fix: {
    title: "Write `x.T @ u` for `u.T @ x`",
    edits: [{ range: lineRange(12), newText: "x.T @ u" }],
  },
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
  const wrongRule = {
    op: "linear",
    rule: "vjp W",
    node: "m.s",
    range: lineRange(9),
    file: "examples/lib.nnspec",
    index: [2, 0],
    explanation: transposed,
  };
  const failed = check("∂J/∂W", 40, {
    status: "failed",
    message: "12 of 36 elements are not close.",
    worst: { index: [2, 0], actual: 1.0, expected: 1.1002, difference: 0.1002, tolerance: 1.1e-5 },
    explanation: transposed,
    blame: [wrongRule],
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
        chosen: { from: 1e-5, to: 1e-2 },
        rounding: 3e-12,
      },
      kinks: [{ node: "m.a", op: "relu", range: lineRange(14), index: [3, 1] }],
      blame: [wrongRule],
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
  return targetOf(run, nodesOf(specs, 100), [{ id: 109, name: "J" }]);
}
