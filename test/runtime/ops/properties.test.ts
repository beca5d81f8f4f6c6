// What must hold for every operator at every one of its samples, whatever the operator: adjointness, agreement with
// central differences in first and second order, shapes, refusals, float32. Generated from the registry.
import assert from "node:assert/strict";
import { operators, type OpDefinition, type Sample } from "../../../src/runtime/ops";
import { checkAdjoint, checkDifferences, checkSecond, checkSingle, seed } from "./derivative-checks";
import { isRefused, sampledCall, valueOf } from "./sampled-call";
import { checkSymbolicShape } from "./symbolic-shape";

for (const op of [...operators.values()].sort((a, b) => a.name.localeCompare(b.name))) {
  suite(`operator ${op.name}`, () => {
    test("has samples, words and rules for what is differentiable", () => checkDeclaration(op));
    op.samples.forEach((sample, index) => checkSample(op, sample, index));
    op.refused.forEach((sample, index) => {
      test(`refuses ${describe(sample, index)}`, () => assert.ok(isRefused(op, sample, seed)));
    });
  });
}

function describe(sample: Sample, index: number): string {
  const shapes = Object.entries(sample.inputs).map(([name, input]) =>
    "shape" in input ? `${name} [${input.shape.join(", ")}]` : `${name} × ${input.length}`,
  );
  return `sample ${index}: ${shapes.join(", ")} ${JSON.stringify(sample.attributes ?? {})}`;
}

function checkDeclaration(op: OpDefinition): void {
  assert.ok(op.samples.length > 0, "no samples");
  assert.ok(op.doc !== "" && op.formula !== "" && op.derivative !== "");
  for (const [name, { differentiable }] of Object.entries(op.inputs)) {
    assert.equal(name in op.vjp, differentiable, `vjp ${name}`);
    assert.equal(name in op.jvp, differentiable, `jvp ${name}`);
  }
  for (const name of op.callOrder)
    assert.ok(name in op.inputs || name in op.attributes, `call order: ${name}`);
}

function checkSample(op: OpDefinition, sample: Sample, index: number): void {
  const title = describe(sample, index);
  test(`${title}: the shape rule is right for symbols too`, () =>
    checkSymbolicShape(op, sample, seed + index));
  test(`${title}: the kernel gives what the shape rule says`, () => {
    const { result } = sampledCall(op, sample, seed + index);
    const value = valueOf(result);
    assert.deepEqual(value.shape, result.shape);
    assert.equal(value.dtype, result.dtype);
    assert.equal(
      value.data.length,
      result.shape.reduce((product, size) => product * size, 1),
    );
  });
  if (!Object.values(op.inputs).some(({ differentiable }) => differentiable)) return;
  test(`${title}: vjp and jvp are adjoint`, () => checkAdjoint(sampledCall(op, sample, seed + index)));
  test(`${title}: jvp and vjp agree with central differences`, () =>
    checkDifferences(op, sample, seed + index));
  test(`${title}: second derivatives agree with central differences`, () =>
    checkSecond(op, sample, seed + index));
  test(`${title}: float32 gives float32`, () => checkSingle(sampledCall(op, sample, seed + index)));
}
