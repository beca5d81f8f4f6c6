/** Tensors for the panel's tests: elements by formula, summaries counted from them, slices cut as the worker does. */
import type { NodeSummary, SliceReply, SliceRequest, TensorSummary } from "../../src/protocol";

export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly dtype: TensorSummary["dtype"];
  readonly at: (flat: number) => number;
}

/** A repeatable sequence of numbers that look normally distributed. */
export function noise(seed: number): (flat: number) => number {
  return (flat) => {
    const uniform = (salt: number): number => {
      let x = Math.imul(flat + 1, 0x9e3779b1) ^ Math.imul(seed * 7919 + salt, 0x85ebca6b);
      x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
      x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
      return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
    };
    return Math.sqrt(-2 * Math.log(uniform(1) + 1e-12)) * Math.cos(2 * Math.PI * uniform(2));
  };
}

export function tensorOf(
  shape: readonly number[],
  at: ((flat: number) => number) | readonly number[],
  dtype: TensorSummary["dtype"] = "float32",
): FixtureTensor {
  const formula = typeof at === "function" ? at : (flat: number): number => at[flat] ?? NaN;
  return { shape, dtype, at: dtype === "float32" ? (flat) => Math.fround(formula(flat)) : formula };
}

export function summaryOf({ shape, dtype, at }: FixtureTensor): TensorSummary {
  const count = shape.reduce((a, b) => a * b, 1);
  const stride = Math.max(1, Math.floor(count / 50_000));
  const values: number[] = [];
  for (let i = 0; i < count; i += stride) values.push(at(i));
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((a, b) => a + b, 0) / finite.length;
  const min = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const max = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const histogram = new Array<number>(24).fill(0);
  for (const value of finite) {
    const bin = max === min ? 0 : Math.min(23, Math.floor(((value - min) / (max - min)) * 24));
    histogram[bin]! += 1;
  }
  return {
    shape,
    dtype,
    count,
    mean,
    deviation: Math.sqrt(finite.reduce((a, b) => a + (b - mean) ** 2, 0) / finite.length),
    min: finite.length === 0 ? NaN : min,
    max: finite.length === 0 ? NaN : max,
    zeros: finite.filter((value) => value === 0).length * stride,
    nan: values.filter(Number.isNaN).length * stride,
    infinite: values.filter((value) => Math.abs(value) === Infinity).length * stride,
    histogram,
  };
}

/** What the worker answers to a request: the window, thinned evenly to the limit. */
export function sliceOf({ shape, at }: FixtureTensor, request: SliceRequest): SliceReply {
  const columnsOfAll = shape.at(-1) ?? 1;
  const rowsOfAll = shape.length >= 2 ? shape.at(-2)! : 1;
  const first = request.leading.reduce((sum, index, axis) => sum * shape[axis]! + index, 0);
  const height = request.rows.to - request.rows.from;
  const width = request.columns.to - request.columns.from;
  let rowStep = 1;
  let columnStep = 1;
  while (Math.ceil(height / rowStep) * Math.ceil(width / columnStep) > request.limit) {
    if (height / rowStep >= width / columnStep) rowStep++;
    else columnStep++;
  }
  const rows = Math.ceil(height / rowStep);
  const columns = Math.ceil(width / columnStep);
  const data = new Float64Array(rows * columns);
  const element = (y: number, x: number): number =>
    at((first * rowsOfAll + request.rows.from + y) * columnsOfAll + request.columns.from + x);
  const pooled = request.pooled === true && height * width <= mostPooled;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const values: number[] = [];
      for (let y = row * rowStep; y < Math.min(height, (row + 1) * rowStep); y++) {
        for (let x = column * columnStep; x < Math.min(width, (column + 1) * columnStep); x++) {
          values.push(element(y, x));
          if (!pooled) break;
        }
        if (!pooled) break;
      }
      data[row * columns + column] = farthestFromZero(values);
    }
  }
  return { rowStep, columnStep, rows, columns, data };
}

/** Formulas are slow: of larger windows the first element of each block stands for it. */
const mostPooled = 600_000;

function farthestFromZero(values: readonly number[]): number {
  if (values.some(Number.isNaN)) return NaN;
  const most = Math.max(...values.map(Math.abs));
  return values.find((value) => Math.abs(value) === most) ?? 0;
}

export interface FixtureNode {
  readonly summary: NodeSummary;
  readonly value: FixtureTensor | null;
  readonly gradient: FixtureTensor | null;
}

/** What a test says of a node; the rest is made up. */
export interface NodeSpec {
  readonly name: string;
  readonly op: string;
  readonly role?: NodeSummary["role"];
  readonly group?: string;
  readonly parents?: readonly number[];
  readonly value: FixtureTensor | null;
  readonly gradient?: FixtureTensor | "zero" | "pending" | null;
  readonly fault?: string;
  readonly at?: NodeSummary["at"];
  readonly dims?: NodeSummary["dims"];
}

/** Nodes with ids and lines counted up from `firstId`. */
export function nodesOf(specs: readonly NodeSpec[], firstId = 0): readonly FixtureNode[] {
  return specs.map((spec, i) => {
    const { gradient = null } = spec;
    const line = 5 + i;
    return {
      value: spec.value,
      gradient: gradient === null || typeof gradient === "string" ? null : gradient,
      summary: {
        id: firstId + i,
        name: spec.name,
        group: spec.group ?? (spec.name.includes(".") ? spec.name.replace(/\.[^.]*$/, "") : ""),
        role: spec.role ?? "value",
        op: spec.op,
        parents: (spec.parents ?? []).map((parent) => firstId + parent),
        range: { start: { line, character: 2 }, end: { line, character: 2 + spec.name.length } },
        file: null,
        at: spec.at ?? null,
        dims: spec.dims ?? [],
        value: spec.value === null ? null : summaryOf(spec.value),
        gradient: gradient === null || typeof gradient === "string" ? gradient : summaryOf(gradient),
        fault: spec.fault ?? null,
      },
    };
  });
}
