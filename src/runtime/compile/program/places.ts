/**
 * `take_at`: several indices into neighbouring dimensions as one into those dimensions joined, which the kernel of `take` reads.
 * Knows nothing of kernels.
 */
import { scalarBuilder as s, variable, type ScalarExpression } from "../../ops";
import { broadcastShapes, elementCount, stridesOf, type Shape } from "../../tensor";
import type { Access } from "./access";
import type { ExpandedCall } from "./expansions";
import { axisOf } from "./view-operators";

const number = (value: number): ScalarExpression => s.constant(value);

export function takeAt(call: ExpandedCall): Access | undefined {
  const { record, operands, list, attributes, shape, dtype } = call;
  const x = operands.x!;
  const axis = axisOf(attributes.dim, x.shape.length);
  const sizes = x.shape.slice(axis, axis + list.length);
  const strides = stridesOf(sizes);
  const common = list.reduce<Shape>((joined, index) => broadcastShapes(joined, index.shape)!, []); // checked
  const inside = (index: ScalarExpression, size: number): ScalarExpression =>
    s.and(s.greaterEqual(index, number(-size)), s.less(index, number(size)));
  const checks = list.map((index, k) => {
    const truth = { shape: index.shape, dtype: "bool" } as const;
    const each = record.elementwise(inside(variable(0), sizes[k]!), [index], truth);
    return record.fold(
      "all",
      each,
      index.shape.map(() => true),
      "bool",
    );
  });
  const isInside = checks
    .map((each) => record.reshape(each, []))
    .reduce((all, each) =>
      record.elementwise(s.and(variable(0), variable(1)), [all, each], { shape: [], dtype: "bool" }),
    );
  const joined = list
    .map((_, k): ScalarExpression => {
      const index = variable(k);
      const fromStart = s.where(s.less(index, number(0)), s.add(index, number(sizes[k]!)), index);
      return s.mul(fromStart, number(strides[k]!));
    })
    .reduce((sum, place) => s.add(sum, place));
  // What is outside is no place of the joined dimensions either.
  const places = record.elementwise(
    s.where(variable(list.length), joined, number(NaN)),
    [...list, record.check(isInside)],
    { shape: common, dtype: "int" },
  );
  const flat = x.shape.toSpliced(axis, sizes.length, elementCount(sizes));
  const index = record.reshape(places, [elementCount(common)]);
  const rows = record.kernel(
    "take",
    { x: record.reshape(x, flat), index },
    { dim: axis },
    { shape: flat.with(axis, elementCount(common)), dtype },
  );
  return rows === undefined ? undefined : record.reshape(rows, shape);
}
