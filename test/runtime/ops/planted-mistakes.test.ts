// The tester's test: operators with planted mistakes must fail the checks that every operator has to pass.
import assert from "node:assert/strict";
import {
  defineElementwise,
  float,
  operator,
  type ElementwiseBuilder,
  type OpDefinition,
  type OperandType,
  type Ref,
  type Sample,
} from "../../../src/runtime/ops";
import { checkAdjoint, checkDifferences, checkSecond, checkSingle } from "./derivative-checks";
import { isRefused, sampledCall } from "./sampled-call";
import { checkSymbolicShape } from "./symbolic-shape";

const sample: Sample = { inputs: { x: { shape: [2, 3] } } };

/** x² with a derivative of one's own. */
function square(derivative: <T>(build: ElementwiseBuilder<T>, moved: T, x: T, output: T) => T): OpDefinition {
  return defineElementwise({
    name: "planted",
    inputs: { x: float() },
    attributes: {},
    doc: "x²",
    formula: "y = x²",
    derivative: "ẏ = 2x · ẋ",
    scalar: (s, { x }) => s.mul(x, x),
    derivatives: { x: (b, v, { x }, y) => derivative(b, v, x, y) },
    samples: [sample],
  });
}

const right = square((b, v, x) => b.mul(v, b.mul(b.constant(2), x)));

suite("planted mistakes", () => {
  test("a right operator passes every check", () => {
    checkAdjoint(sampledCall(right, sample, 1));
    checkDifferences(right, sample, 1);
    checkSecond(right, sample, 1);
    checkSingle(sampledCall(right, sample, 1));
    checkSymbolicShape(right, sample, 1);
  });

  test("a missing factor fails against differences", () => {
    const wrong = square((b, v, x) => b.mul(v, x));
    assert.throws(() => checkDifferences(wrong, sample, 1), /jvp x/);
  });

  test("a derivative that is right in value but constant fails in second order", () => {
    const wrong: OpDefinition = {
      ...right,
      vjp: {
        x: ({ build, inputs: { x }, cotangent }) => {
          const twice = build.mul(build.constant(2), build.apply("stop_gradient", [x as Ref]));
          return build.mul(cotangent, twice);
        },
      },
    };
    checkDifferences(wrong, sample, 1);
    assert.throws(() => checkSecond(wrong, sample, 1), /∂²/);
  });

  test("a vjp that is not the jvp's transpose fails adjointness", () => {
    const wrong: OpDefinition = { ...right, vjp: { x: ({ cotangent }) => cotangent } };
    assert.throws(() => checkAdjoint(sampledCall(wrong, sample, 1)), /x: .*, expected/);
    assert.throws(() => checkDifferences(wrong, sample, 1), /vjp x/);
  });

  test("a shape rule that is right for numbers and wrong for symbols fails", () => {
    const wrong: OpDefinition = {
      ...right,
      shape: ({ inputs: { x } }) => {
        const { shape, dtype } = x as OperandType;
        return {
          shape: shape.every(({ size }) => typeof size === "number") ? shape : [...shape].reverse(),
          dtype,
        };
      },
    };
    checkSymbolicShape(right, sample, 1);
    assert.throws(() => checkSymbolicShape(wrong, sample, 1), /dimension/);
  });

  test("an operator that accepts what it should refuse is found", () => {
    const add = operator("add");
    assert.ok(isRefused(add, add.refused[0]!, 1));
    assert.ok(!isRefused(add, add.samples[0]!, 1));
  });
});
