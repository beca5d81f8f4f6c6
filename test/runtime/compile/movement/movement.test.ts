// Operators that move elements, on shapes long and short and on every type: compiled is interpreted, bit for bit.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { isRejected, operator, type AttributeValue } from "../../../../src/runtime/ops";
import { elementCount, fromArray, type DType, type Shape } from "../../../../src/runtime/tensor";
import { assertAgrees } from "../agreement";

interface Move {
  readonly dtype: DType;
  readonly shape: Shape;
  /** What decides everything else. */
  readonly choices: readonly [number, number, number];
}

const moves: fc.Arbitrary<Move> = fc.record({
  dtype: fc.constantFrom("float64", "float32", "int", "bool"),
  shape: fc.array(fc.constantFrom(0, 1, 2, 3, 5, 37, 70), { minLength: 2, maxLength: 3 }),
  choices: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)),
});

type Recorder = (
  name: string,
  operands: Readonly<Record<string, Node | readonly Node[]>>,
  attributes: Readonly<Record<string, AttributeValue>>,
) => void;

function everyMove({ dtype, shape, choices: [a, b, c] }: Move): Node[] {
  const graph = new Graph();
  const found: Node[] = [];
  const source = (own: Shape, from: number): Node => {
    const values = Array.from({ length: elementCount(own) }, (_, i) =>
      dtype === "bool" ? (i * from) % 2 : i + from,
    );
    return graph.source(fromArray(dtype, own, values));
  };
  const record: Recorder = (name, operands, attributes) => {
    const made = graph.apply(operator(name), operands, attributes);
    assert.ok(!isRejected(made), `${name} ${JSON.stringify(made)}`);
    found.push(made);
  };
  const x = source(shape, 1);
  const axis = a % shape.length;
  const size = shape[axis]!;
  const other = source(shape.with(axis, b % 6), 7);
  record("cat", { tensors: [x, other, x] }, { dim: axis });
  record("stack", { tensors: [x, source(shape, 3)] }, { dim: b % (shape.length + 1) });
  record("roll", { x }, { shifts: [b, -c], dims: [0, 1] });
  record("roll", { x }, { shifts: [c] });
  const first = b % (size + 1);
  const step = 1 + (c % 3);
  const count = Math.ceil((size - first) / step);
  record("slice_scatter", { x, src: source(shape.with(axis, count), 9) }, { dim: axis, start: first, step });
  const cut = Math.min(shape.at(-1)!, b % 3);
  if (!shape.includes(0)) record("pad", { x }, { pad: [-cut, 1 + (c % 9), a % 3, b % 4], value: 1 });
  // By mode one dimension behind a channel is padded; cut parts are reflected, but not wrapped around.
  const last = shape.at(-1)!;
  const width = Math.max(0, last - 1);
  if (!shape.includes(0)) {
    record("pad", { x }, { pad: [Math.min(b % 9, width), Math.min(c % 9, width)], mode: "reflect" });
    record("pad", { x }, { pad: [b % 9, (c % 9) - Math.min(3, width)], mode: "replicate" });
    const wrapped = graph.source(
      fromArray(
        dtype,
        [1, 2, last],
        Array.from({ length: 2 * last }, (_, i) => i % 2),
      ),
    );
    record("pad", { x: wrapped }, { pad: [Math.min(b % 9, last), Math.min(c % 9, last)], mode: "circular" });
    if (last > 4) record("pad", { x: wrapped }, { pad: [-1, 2], mode: "circular" });
  }
  record("tril", { x }, { diagonal: (b % 9) - 4 });
  record("triu", { x }, { diagonal: (c % 9) - 4 });
  record("repeat", { x }, { repeats: [1 + (a % 2), ...shape.map((_, k) => (k === axis ? 2 : 1))] });
  record("diagonal", { x }, { offset: (b % 5) - 2, dim1: 0, dim2: 1 });
  return found;
}

suite("movement of elements", () => {
  test("parts land where the reference puts them, and nothing else is touched", () => {
    fc.assert(
      fc.property(moves, (move) => {
        const { report } = assertAgrees(everyMove(move), JSON.stringify(move));
        assert.deepEqual(report.references, [], "all of them have kernels");
      }),
      { seed: 42, numRuns: 60, endOnFailure: true },
    );
  });
});
