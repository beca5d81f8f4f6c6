/**
 * Where the inputs of an op or a net are drawn from when it is checked alone: standard normal numbers where those give a number, else the
 * range nearest to that in which they do: a logarithm wants positive numbers, a cross entropy shares. Knows nothing of rules.
 */
import type { Input } from "../language/syntax";
import {
  elementCount,
  full,
  tensor,
  type Generator as Random,
  type Shape,
  type Tensor,
} from "../runtime/tensor";

interface Domain {
  /** As in "x is drawn from (0, 1)"; undefined for what is drawn unless something else must be. */
  readonly range: string | undefined;
  /** As a spec draws it, of a shape; undefined where it takes more than an expression. */
  readonly text: (shape: string) => string | undefined;
  readonly draw: (generator: Random, shape: Shape) => Tensor | undefined;
}

const normal: Domain = {
  range: undefined,
  text: (shape) => `randn(${shape})`,
  draw: (generator, shape) => generator.randn(shape, "float64"),
};

function uniform(range: string, low: number, high: number): Domain {
  return {
    range,
    text: (shape) => `uniform(${shape}, low = ${low}, high = ${high})`,
    draw: (generator, shape) => generator.uniform(low, high, shape, "float64"),
  };
}

/** Those of a narrower sort come later; ends are left out, where slopes are steep. */
const others: readonly Domain[] = [
  uniform("(0, 2)", 0.1, 1.9),
  uniform("(-1, 1)", -0.9, 0.9),
  uniform("(0, 1)", 0.05, 0.95),
  uniform("(1, 3)", 1.1, 2.9),
  { range: "the positive definite matrices", text: () => undefined, draw: positiveDefinite },
];

/** X Xᵀ / n + I, in each of the last two dimensions. */
function positiveDefinite(generator: Random, shape: Shape): Tensor | undefined {
  const [rows, size] = shape.slice(-2);
  if (rows === undefined || size === undefined || rows !== size) return undefined;
  const x = generator.randn(shape, "float64").data;
  const data = full("float64", shape, 0).data as Float64Array;
  for (let start = 0; start < elementCount(shape); start += size * size)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += x[start + i * size + k]! * x[start + j * size + k]!;
        data[start + i * size + j] = sum / size + Number(i === j);
      }
  return tensor("float64", shape, data);
}

/** The domain of each float input, by name; of others and of those that have a sample of their own nothing is said. */
export type Domains = ReadonlyMap<string, Domain>;

export function drawFrom(
  domains: Domains,
  name: string,
  generator: Random,
  shape: Shape,
): Tensor | undefined {
  return (domains.get(name) ?? normal).draw(generator, shape);
}

/** How a spec draws it, of a shape as it is written. */
export function drawText(domains: Domains, name: string, shape: string): string | undefined {
  return (domains.get(name) ?? normal).text(shape);
}

/** Up to so many inputs at once are drawn from elsewhere. */
const mostInputs = 4;
const mostTried = 80;

/** What may be tried where normal numbers give none: all inputs alike first, then each by itself, then two that differ. */
export function* otherDomains(inputs: readonly Input[], sampled: ReadonlySet<string>): Generator<Domains> {
  const names = inputs
    .filter(({ type, name }) => type?.element === "float" && !sampled.has(name.name))
    .map(({ name }) => name.name)
    .slice(0, mostInputs);
  let left = mostTried;
  for (const domains of inOrder(names)) {
    if (left-- <= 0) return;
    yield domains;
  }
}

function* inOrder(names: readonly string[]): Generator<Domains> {
  for (const name of names) for (const domain of others) yield new Map([[name, domain]]);
  if (names.length < 2) return;
  for (const domain of others) yield new Map(names.map((name) => [name, domain]));
  for (const [i, first] of names.entries())
    for (const second of names.slice(i + 1))
      for (const one of others)
        for (const other of others)
          yield new Map([
            [first, one],
            [second, other],
          ]);
}

/** Where no range gives numbers: what may be done. */
export function noDomainText(reason: string, inputs: readonly Input[]): string {
  const input = inputs.find(({ type }) => type?.element === "float");
  if (input === undefined) return reason;
  return `${reason}: say how its inputs are drawn, as in \`sample ${input.name.name} = …\``;
}

/** "p is drawn from (0, 1): standard normal numbers give no value"; null where all are normal. */
export function domainsText(domains: Domains): string | null {
  const told = [...domains].map(([name, { range }]) => `\`${name}\` is drawn from ${range ?? "them"}`);
  return told.length === 0 ? null : `Standard normal numbers give no value: ${told.join(", ")}.`;
}
