/**
 * How the digits 0 to 9 are written: the pen's strokes in a unit square, some digits in more than one way. Knows nothing of pixels.
 */

/** A place in the unit square: x to the right, y down. */
export type Point = readonly [x: number, y: number];

/** One movement of the pen through its points, along straight lines or a smooth curve. */
export interface Stroke {
  readonly line: "straight" | "curved";
  readonly points: readonly Point[];
}

/** For each digit the ways of writing it, each a list of strokes. */
export const handwriting: readonly (readonly (readonly Stroke[])[])[] = [
  [[curved("50,6 27,20 20,50 28,80 50,94 73,80 80,50 72,19 46,7")]],
  [
    [straight("54,5 48,95")],
    [straight("34,24 54,6 52,95")],
    [straight("34,22 53,6 52,94"), straight("32,94 72,94")],
  ],
  [
    [curved("24,26 36,9 58,7 73,22 66,45 45,70 22,92"), straight("22,92 80,92")],
    [curved("26,20 46,6 70,16 70,40 50,70 30,92 20,84 34,78 58,90 82,88")],
  ],
  [
    [curved("25,15 46,5 68,14 68,34 44,47"), curved("44,47 72,55 77,76 56,94 23,86")],
    [straight("24,9 72,9 46,42"), curved("46,42 72,52 77,75 56,94 23,86")],
  ],
  [[straight("32,8 22,56 80,56"), straight("68,14 64,95")], [straight("64,95 64,5 18,63 84,63")]],
  [[straight("75,8 33,8 28,45"), curved("28,45 52,38 75,52 74,78 52,94 22,86")]],
  [[curved("66,6 42,20 27,50 27,78 47,94 70,84 72,62 52,51 29,68")]],
  [[straight("20,10 78,10 42,95")], [straight("20,10 78,10 44,95"), straight("38,50 74,50")]],
  [[curved("50,50 29,34 31,13 52,5 71,15 68,35 48,50 26,66 27,87 50,95 74,86 73,66 50,50")]],
  [
    [curved("70,24 52,6 30,18 30,40 50,50 69,36 71,20"), straight("71,20 64,95")],
    [curved("70,24 52,6 30,18 30,40 50,50 69,36 71,20 73,60 62,90 36,93")],
  ],
];

function straight(points: string): Stroke {
  return { line: "straight", points: inHundredths(points) };
}

function curved(points: string): Stroke {
  return { line: "curved", points: inHundredths(points) };
}

/** Points written as "x,y x,y …" in hundredths of the square. */
function inHundredths(points: string): Point[] {
  return points.split(" ").map((point): Point => {
    const [x, y] = point.split(",");
    return [Number(x) / 100, Number(y) / 100];
  });
}

/** The pen's path: the points themselves, or a Catmull–Rom curve through them in short straight pieces. */
export function pathOf({ line, points }: Stroke): readonly Point[] {
  if (line === "straight") return points;
  const path: Point[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const from = points[i]!;
    const to = points[i + 1]!;
    const before = points[i - 1] ?? from;
    const after = points[i + 2] ?? to;
    for (let piece = 0; piece < piecesPerPoint; piece++) {
      path.push(between(before, from, to, after, piece / piecesPerPoint));
    }
  }
  path.push(points.at(-1)!);
  return path;
}

const piecesPerPoint = 6;

/** ½(2p₁ + (p₂ - p₀)t + (2p₀ - 5p₁ + 4p₂ - p₃)t² + (3p₁ - p₀ - 3p₂ + p₃)t³) */
function between(p0: Point, p1: Point, p2: Point, p3: Point, t: number): Point {
  const at = (axis: 0 | 1): number => {
    const linear = p2[axis] - p0[axis];
    const square = 2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis];
    const cube = 3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis];
    return 0.5 * (2 * p1[axis] + t * (linear + t * (square + t * cube)));
  };
  return [at(0), at(1)];
}
