// Owns how an operator's samples become tensors: seeded, the same on every run and machine.
import type { Sample, SampleInput } from "../../../src/runtime/ops";
import { elementCount, fromArray, type Tensor } from "../../../src/runtime/tensor";

/** A small generator of numbers in 0 … 1 (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function normalTensor(shape: readonly number[], random: () => number): Tensor {
  return fromArray(
    "float64",
    shape,
    Array.from({ length: elementCount(shape) }, () => normal(random)),
  );
}

export function drawInput({ shape, like = "normal", below = 2 }: SampleInput, random: () => number): Tensor {
  const count = elementCount(shape);
  const each = (draw: (index: number) => number): number[] =>
    Array.from({ length: count }, (_, index) => draw(index));
  switch (like) {
    case "normal":
      return normalTensor(shape, random);
    case "positive":
      return fromArray(
        "float64",
        shape,
        each(() => 0.5 + 1.5 * random()),
      );
    case "unit":
      return fromArray(
        "float64",
        shape,
        each(() => 0.1 + 0.8 * random()),
      );
    case "nonzero":
      return fromArray(
        "float64",
        shape,
        each(() => (random() < 0.5 ? -1 : 1) * (0.5 + random())),
      );
    case "distinct":
      return fromArray("float64", shape, distinct(count, random));
    case "labels":
      return fromArray(
        "int",
        shape,
        each(() => Math.floor(random() * below)),
      );
    case "mask":
      return fromArray(
        "bool",
        shape,
        each((index) => Number(index === 0 || random() < 0.5)),
      );
    case "probabilities":
      return fromArray("float64", shape, probabilities(shape, random));
  }
}

/** Shuffled and at least ½ apart, so that no difference step changes their order. */
function distinct(count: number, random: () => number): number[] {
  const values = Array.from({ length: count }, (_, index) => index - count / 2 + 0.5 * random());
  const keys = values.map(() => random());
  return values
    .map((value, index) => ({ value, key: keys[index]! }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

/** Rows along the last dimension that sum to 1. */
function probabilities(shape: readonly number[], random: () => number): number[] {
  const classes = shape.at(-1) ?? 1;
  const weights = Array.from({ length: elementCount(shape) }, () => 0.2 + random());
  return weights.map((weight, index) => {
    const row = Math.floor(index / classes) * classes;
    return weight / weights.slice(row, row + classes).reduce((sum, each) => sum + each, 0);
  });
}

/** The sample's tensors by input name. */
export function drawSample(sample: Sample, seed: number): Record<string, Tensor | readonly Tensor[]> {
  const random = generator(seed);
  const tensors: Record<string, Tensor | readonly Tensor[]> = {};
  for (const [name, input] of Object.entries(sample.inputs)) {
    tensors[name] =
      "shape" in input ? drawInput(input, random) : input.map((item) => drawInput(item, random));
  }
  return tensors;
}
