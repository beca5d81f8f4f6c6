/** Where the small pictures of a tensor's slices stand, and which is which. No DOM. */
import { matrixOf } from "./tensor-axes";

export interface FacetPlace {
  readonly row: number;
  readonly column: number;
}

export interface FacetLayout {
  /** The axis that runs to the right, and the one downwards; the longer one to the right. */
  readonly across: number;
  readonly down: number | null;
  readonly rows: number;
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** From one picture to the next. */
  readonly stepX: number;
  readonly stepY: number;
  readonly width: number;
  readonly height: number;
}

const gap = 6;
const mostFacets = 400;
const smallest = 26;
const largest = 72;

/** As large as fits beside one another, within reason. */
export function facetLayout(shape: readonly number[], width: number): FacetLayout {
  const last = shape.length - 3;
  const turned = shape.length > 3 && shape[last - 1]! > shape[last]!;
  const [acrossAxis, downAxis] = turned ? [last - 1, last] : [last, shape.length > 3 ? last - 1 : null];
  const across = Math.max(1, shape[acrossAxis] ?? 1);
  const down = downAxis === null ? 1 : Math.max(1, shape[downAxis]!);
  const grid = matrixOf(shape);
  const wide = Math.min(largest, Math.max(smallest, Math.floor(width / across) - gap));
  const fitting = Math.max(1, Math.floor(width / (wide + gap)));
  const columns = Math.min(across, fitting, mostFacets);
  const rows = Math.min(down, Math.max(1, Math.floor(mostFacets / columns)));
  // A picture has its matrix's proportions, but none is a mere line.
  const ratio = grid.rows / Math.max(1, grid.columns);
  const cellHeight = Math.min(largest, Math.max(8, Math.round(wide * ratio)));
  const cellWidth = Math.max(8, Math.min(wide, Math.round(cellHeight / Math.max(ratio, 1e-6))));
  const stepX = cellWidth + gap;
  const stepY = cellHeight + gap;
  const size = { width: columns * stepX, height: rows * stepY };
  return { across: acrossAxis, down: downAxis, rows, columns, cellWidth, cellHeight, stepX, stepY, ...size };
}

/** Where the slice at these leading indices stands. */
export function facetAt(leading: readonly number[], { across, down }: FacetLayout): FacetPlace {
  return { row: down === null ? 0 : (leading[down] ?? 0), column: leading[across] ?? 0 };
}

/** The leading indices of the slice that stands there. */
export function facetLeading(
  leading: readonly number[],
  { row, column }: FacetPlace,
  { across, down }: FacetLayout,
): readonly number[] {
  return leading.map((at, axis) => (axis === across ? column : axis === down ? row : at));
}

/** The place that a key moves to; null for keys that do not move. */
export function movedFacet(key: string, { row, column }: FacetPlace, layout: FacetLayout): FacetPlace | null {
  const moves: Readonly<Record<string, FacetPlace>> = {
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    Home: { row, column: 0 },
    End: { row, column: layout.columns - 1 },
  };
  const to = moves[key];
  if (to === undefined) return null;
  const within = (at: number, count: number): number => Math.min(Math.max(0, at), count - 1);
  return { row: within(to.row, layout.rows), column: within(to.column, layout.columns) };
}
