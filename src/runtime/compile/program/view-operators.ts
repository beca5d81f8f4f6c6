/** The operators that only read their operand in another way. Knows nothing of programs. */
import type { Shape } from "../../tensor";
import type { AttributeValue } from "../../ops";
import { permuted, reshaped, sliced, stretched, withoutAxis, type Access } from "./access";

type Attributes = Readonly<Record<string, AttributeValue>>;

/** The access that the operator's result is of its only operand; undefined where it is none. */
export function viewOf(op: string, x: Access, attributes: Attributes, shape: Shape): Access | undefined {
  if (isReshape(op)) return reshaped(x, shape);
  switch (op) {
    case "identity":
    case "stop_gradient":
      return x;
    case "expand":
      return stretched(x, shape);
    case "permute":
      return permuted(x, axesOf(attributes.dims, x.shape.length));
    case "transpose":
      return transposed(x, axisOf(attributes.dim0, x.shape.length), axisOf(attributes.dim1, x.shape.length));
    case "flip":
      return axesOf(attributes.dims, x.shape.length).reduce((access, axis) => {
        const size = access.shape[axis] ?? 1;
        return axis < access.shape.length
          ? sliced(access, axis, { first: size - 1, count: size, step: -1 })
          : access;
      }, x);
    case "diagonal":
      return diagonalOf(x, attributes);
    case "diag":
      if (x.shape.length !== 2) return undefined;
      return diagonalOf(x, { offset: attributes.diagonal, dim1: 0, dim2: 1 });
    case "select": {
      const axis = axisOf(attributes.dim, x.shape.length);
      const index = numberOf(attributes.index);
      const first = index < 0 ? index + x.shape[axis]! : index;
      return withoutAxis(sliced(x, axis, { first, count: 1, step: 1 }), axis);
    }
    case "slice": {
      const axis = axisOf(attributes.dim, x.shape.length);
      const step = numberOf(attributes.step);
      const first = firstOfSlice(x.shape[axis]!, attributes.start, step);
      return sliced(x, axis, { first, count: shape[axis]!, step });
    }
    default:
      return undefined;
  }
}

/** The elements of a diagonal as the last dimension, behind those that are left. */
export function diagonalOf(x: Access, attributes: Attributes): Access {
  const [row, column] = [axisOf(attributes.dim1, x.shape.length), axisOf(attributes.dim2, x.shape.length)];
  const offset = numberOf(attributes.offset);
  const [rows, columns] = [x.shape[row]!, x.shape[column]!];
  const [down, right] = [x.strides[row]!, x.strides[column]!];
  const length = Math.max(
    0,
    offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns),
  );
  const rest = x.shape.flatMap((_, axis) => (axis === row || axis === column ? [] : [axis]));
  return {
    value: x.value,
    shape: [...rest.map((axis) => x.shape[axis]!), length],
    strides: [...rest.map((axis) => x.strides[axis]!), down + right],
    offset: x.offset + (length === 0 ? 0 : offset >= 0 ? offset * right : -offset * down),
  };
}

/** Whether the operator keeps the elements in row-major order. */
export function isReshape(op: string): boolean {
  return op === "reshape" || op === "flatten" || op === "unsqueeze" || op === "squeeze";
}

/** Exchanges two dimensions. */
export function transposed(x: Access, first: number, second: number): Access {
  if (x.shape.length < 2) return x;
  const order = x.shape.map((_, axis) => (axis === first ? second : axis === second ? first : axis));
  return permuted(x, order);
}

/** Python's rule for where a slice begins. */
export function firstOfSlice(length: number, start: AttributeValue, step: number): number {
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  if (typeof start !== "number") return step > 0 ? lowest : highest;
  return Math.min(Math.max(start < 0 ? start + length : start, lowest), highest);
}

/** A dimension's number, counted from the end where negative; a scalar counts as having one. */
export function axisOf(dim: AttributeValue, rank: number): number {
  const axis = numberOf(dim);
  return axis < 0 ? axis + Math.max(rank, 1) : axis;
}

export function axesOf(dims: AttributeValue, rank: number): number[] {
  if (typeof dims !== "object") throw new Error("a list of dimensions is missing");
  return dims.map((dim) => axisOf(dim, rank));
}

function numberOf(value: AttributeValue): number {
  if (typeof value !== "number") throw new Error("an attribute that must be a number is none");
  return value;
}
