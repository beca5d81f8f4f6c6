/** A convolution of images read backwards, to its filters, its bias or its input. Knows nothing of derivative rules. */
import { elementCount, type Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";

/** For images with a batch dimension; undefined for all else. */
export function convolutionPull(
  user: ApplyNode,
  { base, name }: { readonly base: (node: Node) => Tensor; readonly name: string },
): ((field: Float64Array) => Float64Array) | undefined {
  const { x, weight } = user.operands;
  if (user.op.name !== "conv2d" || x === undefined || weight === undefined) return undefined;
  if (!("kind" in x) || !("kind" in weight) || x.shape.length !== 4) return undefined;
  if (name === "bias") return (field) => sumsOfChannels(field, user.shape);
  const sides = { x, weight };
  const moving = name === "x" ? "x" : "weight";
  const known = base(sides[moving === "x" ? "weight" : "x"]).data;
  return (field) => {
    const result = new Float64Array(elementCount(sides[moving].shape));
    forEachProduct(user, x.shape, weight.shape, (y, atX, stepX, atWeight, count) => {
      if (moving === "x") {
        const factor = known[atWeight]!;
        for (let i = 0, at = atX; i < count; i++, at += stepX)
          result[at] = result[at]! + field[y + i]! * factor;
      } else {
        let sum = 0;
        for (let i = 0, at = atX; i < count; i++, at += stepX) sum += field[y + i]! * known[at]!;
        result[atWeight] = result[atWeight]! + sum;
      }
    });
    return result;
  };
}

/** Every product of an element of x with one of the weight that y is the sum of: along each row of y, as far as x reaches. */
function forEachProduct(
  { attributes, shape }: ApplyNode,
  [, channels, height, width]: readonly number[],
  [filters, perGroup, kernelHeight, kernelWidth]: readonly number[],
  visit: (y: number, atX: number, stepX: number, atWeight: number, count: number) => void,
): void {
  const [stride, padding, dilation] = [attributes.stride, attributes.padding, attributes.dilation].map(pair);
  const [batch, , rows, columns] = shape as readonly [number, number, number, number];
  const filtersPerGroup = filters! / (attributes.groups as number);
  for (let n = 0; n < batch; n++)
    for (let f = 0; f < filters!; f++)
      for (let c = 0; c < perGroup!; c++) {
        const plane = (n * channels! + Math.floor(f / filtersPerGroup) * perGroup! + c) * height! * width!;
        for (let k = 0; k < kernelHeight!; k++)
          for (let l = 0; l < kernelWidth!; l++) {
            const shift = l * dilation![1] - padding![1];
            const first = Math.max(0, Math.ceil(-shift / stride![1]));
            const last = Math.min(columns - 1, Math.floor((width! - 1 - shift) / stride![1]));
            if (last < first) continue;
            const atWeight = ((f * perGroup! + c) * kernelHeight! + k) * kernelWidth! + l;
            for (let i = 0; i < rows; i++) {
              const row = i * stride![0] + k * dilation![0] - padding![0];
              if (row < 0 || row >= height!) continue;
              const y = ((n * filters! + f) * rows + i) * columns + first;
              visit(
                y,
                plane + row * width! + first * stride![1] + shift,
                stride![1],
                atWeight,
                last - first + 1,
              );
            }
          }
      }
}

function sumsOfChannels(field: Float64Array, [, filters = 0, ...places]: readonly number[]): Float64Array {
  const sums = new Float64Array(filters);
  const size = elementCount(places);
  for (let i = 0; i < field.length; i++) {
    const f = Math.floor(i / size) % filters;
    sums[f] = sums[f]! + field[i]!;
  }
  return sums;
}

/** One number or one for each of height and width. */
function pair(value: unknown): readonly [number, number] {
  const [first = 0, second = first] = value as readonly number[];
  return [first, second];
}
