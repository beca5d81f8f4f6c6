/** The geometry of a log–log plot: which powers of ten are marked, where points fall. No DOM. */

export interface LogAxis {
  /** Exponents of ten at the ends; whole numbers. */
  readonly from: number;
  readonly to: number;
}

export interface LogPoint {
  readonly x: number;
  readonly y: number;
}

/** Whole decades around the values that have a logarithm; null where none has. */
export function decadesAround(values: readonly number[]): LogAxis | null {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  if (logs.length === 0) return null;
  const from = Math.floor(Math.min(...logs) + 1e-9);
  const to = Math.ceil(Math.max(...logs) - 1e-9);
  return { from, to: Math.max(to, from + 1) };
}

/** 0 at the axis' start, 1 at its end. */
export function placeOnAxis({ from, to }: LogAxis, value: number): number {
  return (Math.log10(value) - from) / (to - from);
}

/** The exponents that get a label: at most `most` of them, evenly. */
export function labelledDecades({ from, to }: LogAxis, most: number): readonly number[] {
  const every = Math.max(1, Math.ceil((to - from) / Math.max(1, most - 1)));
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => from + i * every);
}

/** The pairs that can be drawn, as shares of the plot's width and height from the lower left. */
export function plotPoints(
  xs: readonly number[],
  ys: readonly number[],
  xAxis: LogAxis,
  yAxis: LogAxis,
): readonly LogPoint[] {
  return xs.flatMap((x, i) => {
    const y = ys[i];
    if (y === undefined || !(x > 0) || !(y > 0) || !Number.isFinite(x) || !Number.isFinite(y)) return [];
    return [{ x: placeOnAxis(xAxis, x), y: placeOnAxis(yAxis, y) }];
  });
}

/** Where a line of that slope through a point leaves the unit square of the two axes. */
export function guideLine(
  slope: number,
  through: LogPoint,
  xAxis: LogAxis,
  yAxis: LogAxis,
): { readonly from: LogPoint; readonly to: LogPoint } {
  // A decade is not equally long on both axes.
  const rise = (slope * (xAxis.to - xAxis.from)) / (yAxis.to - yAxis.from);
  const atX = (x: number): LogPoint => ({ x, y: through.y + rise * (x - through.x) });
  const within = (point: LogPoint): LogPoint => {
    const y = Math.min(1, Math.max(0, point.y));
    return rise === 0 ? point : { x: through.x + (y - through.y) / rise, y };
  };
  return { from: within(atX(0)), to: within(atX(1)) };
}
