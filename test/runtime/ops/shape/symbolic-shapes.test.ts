// The shape rules of the operators that move, join and pick elements, where sizes are symbols: what they say of the
// result, that dimensions keep their origins, and that only what is surely wrong is refused. Expected sizes are by hand.
import assert from "node:assert/strict";
import {
  isRejected,
  operator,
  resolveAttributes,
  type AttributeValue,
  type OperandType,
  type Rejection,
} from "../../../../src/runtime/ops";
import {
  addSizes,
  dim,
  formatDims,
  isUnknown,
  multiplySizes,
  symbol,
  type Dim,
  type Size,
} from "../../../../src/runtime/tensor";

const N = symbol("N");
const d = symbol("d");
const h = symbol("h");
const named = (size: Size, name: string): Dim => dim(size, { name, place: undefined });
const tensor = (...sizes: Size[]): OperandType => ({
  shape: sizes.map((size) => dim(size)),
  dtype: "float64",
});
const twice = (size: Size): Size => multiplySizes(2, size);

/** The result of a shape rule; attributes of kind "sizes" may be symbolic. */
function shapeOf(
  name: string,
  inputs: Readonly<Record<string, OperandType | readonly OperandType[]>>,
  attributes: Readonly<Record<string, AttributeValue>> = {},
  sizes: Readonly<Record<string, readonly Size[]>> = {},
): readonly Dim[] | Rejection {
  const op = operator(name);
  const placeholders = Object.fromEntries(Object.keys(sizes).map((key) => [key, [1]]));
  const resolved = resolveAttributes(op, { ...attributes, ...placeholders });
  assert.ok(!isRejected(resolved));
  const asDims = Object.fromEntries(
    Object.entries(sizes).map(([key, list]) => [key, list.map((s) => dim(s))]),
  );
  const result = op.shape({
    inputs,
    attributes: resolved.values,
    sizes: { ...resolved.sizes, ...asDims },
  });
  return isRejected(result) ? result.rejected : result.shape;
}

function checkShape(actual: readonly Dim[] | Rejection, expected: string): void {
  assert.ok("length" in actual, `refused: ${JSON.stringify(actual)}`);
  assert.equal(formatDims(actual), expected);
}

function checkRefusal(actual: readonly Dim[] | Rejection, kind: Rejection["kind"]): Rejection {
  assert.ok(!("length" in actual), "accepted");
  assert.equal(actual.kind, kind);
  return actual;
}

suite("reshape with symbols", () => {
  const reshape = (x: OperandType, ...shape: Size[]): readonly Dim[] | Rejection =>
    shapeOf("reshape", { x }, {}, { shape });

  test("-1 is the product of what the others leave", () => {
    checkShape(reshape(tensor(N, d, h), N, -1), "[N, d * h]");
    checkShape(reshape(tensor(N, d, h), -1), "[N * d * h]");
    checkShape(reshape(tensor(N, 6), -1, 3), "[2 * N, 3]");
    checkShape(reshape(tensor(multiplySizes(N, d), 4), N, -1), "[N, 4 * d]");
    checkShape(reshape(tensor(N, addSizes(d, 1)), addSizes(d, 1), -1), "[d + 1, N]");
  });

  test("a -1 that is one of the operand's dimensions keeps its origin", () => {
    const x: OperandType = { shape: [named(N, "X"), named(d, "X"), dim(1)], dtype: "float64" };
    const shape = reshape(x, N, -1);
    assert.ok("length" in shape);
    assert.equal(shape[1]?.size, d);
    assert.equal(shape[1].origin?.name, "X");
  });

  test("a -1 that may or may not divide is left open", () => {
    const shape = reshape(tensor(N), 3, -1);
    assert.ok("length" in shape && typeof shape[1]?.size !== "number");
  });

  test("products are compared as polynomials", () => {
    checkShape(reshape(tensor(N, twice(d)), twice(N), d), "[2 * N, d]");
    checkRefusal(reshape(tensor(N), d), "attribute");
    checkRefusal(reshape(tensor(addSizes(N, 1)), N), "attribute");
    checkShape(reshape(tensor(N, d), h, h), "[h, h]");
  });
});

suite("slices of symbols", () => {
  const slice = (
    size: Size,
    start: number | undefined,
    stop: number | undefined,
    step = 1,
  ): readonly Dim[] | Rejection => shapeOf("slice", { x: tensor(size) }, { start, stop, step });

  test("what is cut at an end is taken off the size", () => {
    checkShape(slice(N, 1, undefined), "[N - 1]");
    checkShape(slice(N, undefined, -2), "[N - 2]");
    checkShape(slice(N, 1, -1), "[N - 2]");
    checkShape(slice(N, -3, undefined), "[3]");
    checkShape(slice(N, undefined, undefined), "[N]");
    checkShape(slice(addSizes(N, 3), 0, 3), "[3]");
    checkShape(slice(twice(N), undefined, undefined, 2), "[N]");
    checkShape(slice(N, undefined, undefined, 2), "[floor((N + 1)/2)]");
  });

  test("a whole slice keeps the dimension's origin", () => {
    const x: OperandType = { shape: [named(N, "X")], dtype: "float64" };
    const shape = shapeOf("slice", { x }, {});
    assert.ok("length" in shape);
    assert.equal(shape[0]?.origin?.name, "X");
  });

  test("what depends on how a symbol compares with a number is unknown", () => {
    const shape = slice(N, 0, 3);
    assert.ok("length" in shape && shape[0] !== undefined && isUnknown(shape[0].size));
  });
});

suite("expand, repeat and squeeze with symbols", () => {
  test("a symbol is not 1, so it cannot be stretched to another", () => {
    checkShape(shapeOf("expand", { x: tensor(1, d) }, {}, { shape: [N, d] }), "[N, d]");
    checkShape(shapeOf("expand", { x: tensor(d) }, {}, { shape: [N, -1] }), "[N, d]");
    checkRefusal(shapeOf("expand", { x: tensor(d) }, {}, { shape: [N] }), "size");
    checkShape(shapeOf("expand", { x: tensor(twice(d)) }, {}, { shape: [N] }), "[N]");
  });

  test("repeats multiply", () => {
    checkShape(shapeOf("repeat", { x: tensor(d) }, {}, { repeats: [N, 3] }), "[N, 3 * d]");
  });

  test("squeeze drops what is certainly 1", () => {
    checkShape(shapeOf("squeeze", { x: tensor(N, 1, d) }), "[N, d]");
    checkShape(shapeOf("squeeze", { x: tensor(N, 1) }, { dim: [0] }), "[N, 1]");
  });
});

suite("joining and padding symbols", () => {
  test("cat adds sizes along its dimension and compares the others", () => {
    checkShape(shapeOf("cat", { tensors: [tensor(N, d), tensor(h, d)] }), "[N + h, d]");
    const refused = checkRefusal(
      shapeOf("cat", { tensors: [tensor(N, d), tensor(N, h)] }),
      "unequal-dimensions",
    );
    assert.ok(refused.kind === "unequal-dimensions");
    assert.deepEqual([refused.left.item, refused.left.axis, refused.right.item], [0, 1, 1]);
  });

  test("stack adds a dimension of as many as there are", () => {
    checkShape(shapeOf("stack", { tensors: [tensor(N), tensor(N)] }, { dim: -1 }), "[N, 2]");
    checkRefusal(shapeOf("stack", { tensors: [tensor(N), tensor(1)] }), "unequal-dimensions");
  });

  test("pad adds to the size", () => {
    checkShape(shapeOf("pad", { x: tensor(N, d) }, { pad: [1, 2, 0, 0] }), "[N, d + 3]");
    checkShape(shapeOf("pad", { x: tensor(N, d) }, { pad: [1, 2], mode: "reflect" }), "[N, d + 3]");
  });

  test("flatten multiplies", () => {
    checkShape(shapeOf("flatten", { x: tensor(N, d, h) }, { start_dim: 1 }), "[N, d * h]");
  });

  test("the diagonal of a square matrix has its size, of another it is unknown", () => {
    checkShape(shapeOf("diagonal", { x: tensor(N, d, d) }, { dim1: 1, dim2: 2 }), "[N, d]");
    checkShape(shapeOf("diagonal", { x: tensor(d, d) }, { offset: -1 }), "[d - 1]");
    checkShape(shapeOf("diagonal", { x: tensor(N, d) }), "[?]");
    checkShape(shapeOf("diag", { x: tensor(d) }, { diagonal: 2 }), "[d + 2, d + 2]");
  });
});

suite("picking with symbols", () => {
  const labels: OperandType = { shape: [named(N, "y")], dtype: "int" };

  test("an index brings its dimensions along, with their origins", () => {
    checkShape(shapeOf("take", { x: tensor(h, d), index: labels }), "[N, d]");
    const shape = shapeOf("index_select", { x: tensor(h, d), index: labels }, { dim: 0 });
    assert.ok("length" in shape);
    assert.equal(shape[0]?.origin?.name, "y");
    checkShape(shapeOf("one_hot", { x: labels }, { num_classes: 10 }), "[N, 10]");
    checkShape(shapeOf("select", { x: tensor(N, d) }, { dim: 0, index: 5 }), "[d]");
  });

  test("gather refuses an index that is surely larger", () => {
    const index = { ...tensor(addSizes(N, 1), d), dtype: "int" as const };
    checkRefusal(shapeOf("gather", { x: tensor(N, d), index }, { dim: 1 }), "unequal-dimensions");
    checkShape(shapeOf("gather", { x: tensor(N, d), index }, { dim: 0 }), "[N + 1, d]");
  });
});

suite("reductions with symbols", () => {
  test("what is left keeps its origin", () => {
    const x: OperandType = { shape: [named(N, "X"), named(d, "W")], dtype: "float64" };
    const shape = shapeOf("sum", { x }, { dim: [0], keepdim: true });
    checkShape(shape, "[1, d]");
    assert.ok("length" in shape);
    assert.equal(shape[1]?.origin?.name, "W");
  });

  test("an extreme of a symbolic number of elements is not refused", () => {
    checkShape(shapeOf("amax", { x: tensor(N, d) }, { dim: [1] }), "[N]");
    checkRefusal(shapeOf("amax", { x: tensor(N, 0) }, { dim: [1] }), "size");
    checkShape(shapeOf("topk", { x: tensor(N, d) }, { k: 3 }), "[N, 3]");
  });
});
