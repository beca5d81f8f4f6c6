/**
 * The orthogonal initialiser: the Q of a normal matrix's QR decomposition, with R's diagonal made positive. Knows nothing of nets.
 */
import type { FloatDType } from "../dtype";
import { elementCount, fromArray, type Shape, type Tensor } from "../tensor";
import type { Generator } from "./generator";

/**
 * gain times a matrix of orthonormal rows or columns, whichever are fewer, as `torch.nn.init.orthogonal_`: the shape is read as
 * [rows, all the rest]. The decomposition is done in float64 in both dtypes.
 */
export function orthogonal(generator: Generator, shape: Shape, dtype: FloatDType, gain: number): Tensor {
  const rows = shape[0]!;
  const count = elementCount(shape);
  if (count === 0) return fromArray(dtype, shape, []);
  const columns = count / rows;
  const normal = Float64Array.from(generator.randn([rows, columns], dtype).data);
  const wide = rows < columns;
  const vectors = wide ? rowsOf(normal, columns) : columnsOf(normal, columns);
  const basis = orthonormalize(vectors);
  const values = new Float64Array(count);
  for (const [i, vector] of basis.entries()) {
    for (const [j, value] of vector.entries())
      values[wide ? i * columns + j : j * columns + i] = gain * value;
  }
  return fromArray(dtype, shape, values);
}

/**
 * Orthonormal vectors q with a_k in the span of q_0 … q_k and ⟨q_k, a_k⟩ > 0: the unique Q of the QR decomposition whose R has a
 * positive diagonal. Modified Gram–Schmidt, twice over, which leaves it orthogonal to rounding (W. Kahan's "twice is enough").
 */
function orthonormalize(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of basis) subtractScaled(rest, dot(rest, earlier), earlier);
    }
    const norm = Math.sqrt(dot(rest, rest));
    basis.push(rest.map((value) => value / norm));
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtractScaled(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = target[i]! - factor * vector[i]!;
}

function rowsOf(matrix: Float64Array, columns: number): Float64Array[] {
  return Array.from({ length: matrix.length / columns }, (_, row) =>
    matrix.slice(row * columns, (row + 1) * columns),
  );
}

function columnsOf(matrix: Float64Array, columns: number): Float64Array[] {
  const rows = matrix.length / columns;
  return Array.from({ length: columns }, (_, column) =>
    Float64Array.from({ length: rows }, (__, row) => matrix[row * columns + column]!),
  );
}
